#include "edge/edge.h"

#include "base/random.h"
#include "edge/control/admin.h"
#include "edge/report/access_log.h"
#include "edge/target/keeper.h"
#include "edge/worker/worker.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

namespace edge {

namespace {

constexpr std::uint32_t kWorkersMax = 8;
constexpr std::chrono::seconds kFirstRound{1};
constexpr std::chrono::milliseconds kLook{2};

}  // namespace

Edge::Edge(Options options, base::Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      shared_(std::make_shared<WorkerShared>(
          options_.workers != 0
              ? options_.workers
              : std::clamp(std::thread::hardware_concurrency(), 1U, kWorkersMax))) {}

Edge::~Edge() {
    if (!started_) return;
    options_.grace = std::chrono::milliseconds{0};
    stop();
}

base::Result<void> Edge::make_spool_folder() {
    if (options_.state_file.empty()) return {};
    const auto folder = options_.state_file.parent_path() / "spool";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return base::fail(base::system_error("cannot make", folder.string(), error.value()));
    shared_->spool.folder = folder.string();
    return {};
}

base::Result<void> Edge::start() {
    if (const auto made = make_spool_folder(); !made) return base::fail(made);
    const std::size_t count = shared_->slots.size();
    shared_->tickets = std::make_shared<net::tls::TicketKeys>(clock_);
    for (std::size_t i = 0; i < count; ++i) {
        auto log = LogSink::open(options_.access_log.string());
        if (!log) return base::fail(log);
        workers_.push_back(std::make_unique<Worker>(i, clock_, base::seed_from_system(),
                                                    std::move(*log), shared_));
    }
    Control::Plane plane{.shared = shared_,
                         .publish =
                             [this](std::shared_ptr<const Snapshot> snapshot) {
                                 for (auto& worker : workers_) worker->adopt(snapshot);
                             },
                         .ask_leaves =
                             [this] {
                                 for (auto& worker : workers_) worker->ask_leaves();
                             },
                         .ping =
                             [this](std::uint64_t nonce) {
                                 for (auto& worker : workers_) worker->ping(nonce);
                             }};
    control_ = std::make_unique<Control>(options_.state_file, clock_, std::move(plane));
    keeper_ = std::make_unique<Keeper>(*control_, clock_);
    shared_->on_news = [this] {
        control_->news();
        keeper_->look();
    };
    started_ = true;
    for (auto& worker : workers_) worker->start();
    if (auto restored = control_->restore(); !restored) return base::fail(restored);
    keeper_->start();
    await_first_round();
    if (auto opened = control_->open_listeners(); !opened) return base::fail(opened);
    admin_ = std::make_unique<Admin>(*control_, clock_);
    if (options_.admin_socket.empty()) return {};
    return admin_->start(options_.admin_socket);
}

void Edge::await_first_round() {
    // After a restart the targets are as good as before: a client should not meet a 503 because
    // their first checks take a moment.
    const base::Tick until = clock_.tick() + kFirstRound;
    while (!keeper_->first_round_over() && clock_.tick() < until) {
        clock_.wait_until(clock_.tick() + kLook, std::stop_token{});
    }
}

void Edge::stop() {
    if (!started_) return;
    started_ = false;
    if (admin_) admin_->stop();
    for (auto& worker : workers_) worker->retire(options_.grace);
    for (auto& worker : workers_) worker->join();
    keeper_->stop();
}

}  // namespace edge
