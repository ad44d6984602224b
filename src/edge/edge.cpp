#include "edge/edge.h"

#include "base/json.h"
#include "base/log.h"
#include "base/random.h"
#include "edge/control/admin.h"
#include "edge/report/access_log.h"
#include "edge/takeover/giver.h"
#include "edge/takeover/taker.h"
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

/// Beside the admin socket, and no longer than it.
std::filesystem::path takeover_path(std::filesystem::path admin_socket) {
    return admin_socket.replace_extension(".next");
}

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

base::Result<void> Edge::claim() {
    auto claimed = takeover::Taker::claim(takeover_path(options_.admin_socket));
    if (!claimed) {
        if (claimed.error().failure == base::Failure::not_found) return {};
        return base::fail(claimed);
    }
    taker_ = std::move(*claimed);
    // Each worker has its own socket of each listener, so there are as many as before.
    shared_ = std::make_shared<WorkerShared>(taker_->workers());
    return {};
}

void Edge::give_bundles() {
    if (options_.send_by == SendBy::calls) return;
    const bool wanted = options_.send_by == SendBy::ring;
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        workers_[i]->send_through([wanted, tell = i == 0]() -> std::unique_ptr<net::Bundle> {
            auto bundle = net::Bundle::open();
            if (bundle) return std::move(*bundle);
            const std::string& why = bundle.error().diagnostic.why;
            if (tell && wanted) base::log::warn("edge_without_ring", {{"why", why}});
            if (tell && !wanted) base::log::info("edge_without_ring", {{"why", why}});
            return nullptr;
        });
    }
}

base::Result<void> Edge::make_workers() {
    shared_->tickets = std::make_shared<net::tls::TicketKeys>(clock_);
    for (std::size_t i = 0; i < shared_->slots.size(); ++i) {
        auto log = LogSink::open(options_.access_log.string());
        if (!log) return base::fail(log);
        workers_.push_back(std::make_unique<Worker>(i, clock_, base::seed_from_system(),
                                                    std::move(*log), shared_));
    }
    give_bundles();
    return {};
}

void Edge::make_control() {
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
    if (taker_) plane.published = [this] { taker_->tell(); };
    control_ = std::make_unique<Control>(options_.state_file, clock_, std::move(plane));
    keeper_ = std::make_unique<Keeper>(*control_, clock_);
    shared_->on_news = [this] {
        control_->news();
        keeper_->look();
    };
}

base::Result<void> Edge::start() {
    if (options_.takeover) {
        if (const auto claimed = claim(); !claimed) return base::fail(claimed);
    }
    if (const auto made = make_spool_folder(); !made) return base::fail(made);
    if (const auto made = make_workers(); !made) return base::fail(made);
    make_control();
    started_ = true;
    for (auto& worker : workers_) worker->start();
    return taker_ ? begin_in_place() : begin_alone();
}

base::Result<void> Edge::begin_alone() {
    if (auto restored = control_->restore(); !restored) return base::fail(restored);
    keeper_->start();
    await_first_round();
    if (auto opened = control_->open_listeners(); !opened) return base::fail(opened);
    if (auto open = open_admin(); !open) return base::fail(open);
    return begin_giving();
}

base::Result<void> Edge::begin_in_place() {
    const auto memory = base::json_from(taker_->memory(), taker_->memory().size());
    if (!memory) return base::fail(memory);
    if (auto inherited = control_->inherit(*memory, taker_->take_listeners()); !inherited) {
        return base::fail(inherited);
    }
    keeper_->start();
    if (auto mine = taker_->become(); !mine) return base::fail(mine);
    // Last what brings clients: they would be lost where anything before it fails.
    if (auto open = open_admin(); !open) return base::fail(open);
    if (auto giving = begin_giving(); !giving) return giving;
    if (auto listening = control_->listen(true); !listening) return base::fail(listening);
    return taker_->serve(*control_, workers_);
}

base::Result<void> Edge::open_admin() {
    admin_ = std::make_unique<Admin>(*control_, clock_);
    if (options_.admin_socket.empty()) return {};
    return admin_->start(options_.admin_socket);
}

base::Result<void> Edge::begin_giving() {
    if (options_.admin_socket.empty()) return {};
    giver_ = std::make_unique<takeover::Giver>(
        takeover::Estate{.control = *control_,
                         .workers = workers_,
                         .before = taker_.get(),
                         .close_admin = [this] { admin_->stop(); },
                         .open_admin = [this] { return open_admin(); },
                         .gone = [this] { taken_over_(); },
                         .patience = options_.departure},
        takeover_path(options_.admin_socket), clock_);
    return giver_->start();
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
    if (giver_) giver_->stop();
    if (admin_) admin_->stop();
    if (taker_) taker_->farewell();
    for (auto& worker : workers_) worker->retire(options_.grace);
    for (auto& worker : workers_) worker->join();
    keeper_->stop();
    if (taker_) taker_->stop();
}

}  // namespace edge
