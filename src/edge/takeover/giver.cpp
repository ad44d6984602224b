#include "edge/takeover/giver.h"

#include "base/build.h"
#include "base/json.h"
#include "base/log.h"
#include "edge/takeover/taker.h"
#include "edge/worker/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace edge::takeover {

namespace {

using std::chrono::milliseconds;
using What = Line::Heard::What;

constexpr milliseconds kIdle{60'000};
constexpr milliseconds kRoomMax{5'000};
constexpr milliseconds kHelloMax{5'000};
// While the admin API is shut: the new edge starts its threads and loads certificates.
constexpr milliseconds kReadyMax{15'000};
constexpr milliseconds kServingMax{15'000};
constexpr milliseconds kLook{20};
// A process that has closed its line is about to end, and has what we need until then.
constexpr milliseconds kDeathMax{5'000};
constexpr milliseconds kReopenMax{10'000};
constexpr std::size_t kTextMax = 64 * 1024 * 1024;

/// Among what came before the line was hung up: behind that nothing comes.
bool says_serving(const Line& line) {
    while (true) {
        const Line::Heard heard = line.receive(milliseconds{0});
        if (heard.what != What::message) return false;
        if (std::holds_alternative<Serving>(heard.message)) return true;
    }
}

}  // namespace

Giver::Giver(Estate estate, std::filesystem::path path, base::Clock& clock)
    : estate_(std::move(estate)), path_(std::move(path)), clock_(clock) {}

Giver::~Giver() {
    stop();
}

base::Result<void> Giver::start() {
    auto listener = listen_for_takeover(path_);
    if (!listener) return base::fail(listener);
    listener_ = std::move(*listener);
    thread_ = std::thread([this] { run(); });
    return {};
}

void Giver::stop() {
    stopping_.store(true, std::memory_order_release);
    called_.ring();
    if (thread_.joinable()) thread_.join();
    if (!listener_) return;
    listener_.reset();
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void Giver::run() {
    while (!stopping() && listener_) {
        if (!await_readable(listener_.number(), called_.number(), kIdle)) continue;
        if (auto line = accept_line(listener_.number())) {
            converse(std::make_shared<const Line>(std::move(*line)));
        }
    }
}

void Giver::refuse(const Line& line, const std::string& why) const {
    base::log::warn("takeover_refused", {{"why", why}});
    line.send(Refused{why}, {}, kRoomMax);
}

bool Giver::greeted(const Line& line) const {
    const Line::Heard heard = line.receive(kHelloMax, called_.number());
    const auto* hello = std::get_if<Hello>(&heard.message);
    if (heard.what == What::nonsense) refuse(line, "it did not say hello");
    if (heard.what != What::message || hello == nullptr) return false;
    if (hello->version != kWireVersion) {
        refuse(line, fmt::format("it speaks version {} of the takeover, the new one {}",
                                 kWireVersion, hello->version));
        return false;
    }
    if (estate_.before != nullptr && estate_.before->generations() + 1 >= kGenerationsMax) {
        refuse(line,
               fmt::format("{} edges before it have not ended yet", estate_.before->generations()));
        return false;
    }
    base::log::info("takeover_begins", {{"build", hello->build}});
    return true;
}

bool Giver::tell_everything(const Line& line) const {
    const auto sent = [&](const Message& message, std::span<const int> descriptors = {}) {
        return line.send(message, descriptors, kRoomMax) == Line::Sent::yes;
    };
    const auto workers = static_cast<std::uint32_t>(estate_.workers.size());
    if (!sent(Welcome{.workers = workers, .build = base::build_id()})) return false;
    const std::string memory = base::canonical(estate_.control.memory());
    if (line.send_text(memory, kRoomMax) != Line::Sent::yes) return false;
    for (const auto& listener : estate_.control.listeners()) {
        std::vector<int> descriptors;
        for (const base::Fd& socket : listener->sockets) descriptors.push_back(socket.number());
        const Listening listening{
            .name = listener->name, .asked = listener->asked, .actual = listener->actual.text()};
        if (!sent(listening, descriptors)) return false;
    }
    return sent(Whole{});
}

template <typename Awaited>
bool Giver::hears(const Line& line, milliseconds patience) const {
    const Line::Heard heard = line.receive(patience, called_.number());
    return heard.what == What::message && std::holds_alternative<Awaited>(heard.message);
}

Giver::Step Giver::yield(const Line& line) {
    if (!tell_everything(line) || !hears<Ready>(line, kReadyMax)) return Step::failed;
    // From here on the new edge may be the only one that accepts, but never is none.
    if (const auto closed = estate_.control.listen(false); !closed) return Step::failed;
    listener_.reset();
    if (line.send(Go{}, {}, kRoomMax) != Line::Sent::yes) return Step::failed;
    return hears<Serving>(line, kServingMax) ? Step::done : Step::failed;
}

void Giver::converse(const std::shared_ptr<const Line>& line) {
    if (!greeted(*line)) return;
    const base::Fd other = line->other_process();
    estate_.close_admin();
    Step step = yield(*line);
    if (step == Step::done) {
        base::log::info("takeover_departs", {});
        step = depart(line);
    }
    if (stopping() || step == Step::ended) {
        // Nothing is taken back: one that has not begun to serve may.
        line->try_send(Farewell{});
        return;
    }
    if (step == Step::done) return estate_.gone();
    // Cut off, it cannot begin to serve any more; and what it holds is free once it has ended.
    line->hang_up();
    // One that said so in the last moment is the edge: it cannot know that it was too late.
    if (step == Step::failed && says_serving(*line)) step = Step::lost;
    const bool lives = other && !await_readable(other.number(), called_.number(), kDeathMax);
    // One that serves without a word to us is the edge all the same.
    if (step == Step::lost && lives) return estate_.gone();
    be_the_edge_again();
}

void Giver::be_the_edge_again() {
    base::log::warn("takeover_failed", {});
    for (const auto& worker : estate_.workers) worker->stay();
    const base::Deadline until = clock_.deadline_in(kReopenMax);
    base::Result<void> open =
        listener_ ? estate_.control.listen(true) : estate_.control.take_back();
    if (!open && !listener_) {
        // Better what this edge knows than nobody who accepts.
        base::log::error("takeover_failed", {{"why", open.error().line()}});
        open = estate_.control.listen(true);
    }
    if (open) open = estate_.open_admin();
    while (!open && !stopping() && clock_.tick() < until.at) {
        await_readable(called_.number(), -1, kLook);
        open = estate_.open_admin();
    }
    if (!open) base::log::error("takeover_failed", {{"why", open.error().line()}});
    if (listener_) return;
    auto listener = listen_for_takeover(path_);
    if (listener) listener_ = std::move(*listener);
}

bool Giver::nothing_left(const Departure& departure) const {
    // In the order in which a connection comes: from the edge before, on its way to a worker,
    // there.
    if (estate_.before != nullptr && estate_.before->before_there()) return false;
    const bool comes = std::any_of(estate_.workers.begin(), estate_.workers.end(),
                                   [](const auto& worker) { return worker->arriving() != 0; });
    return !comes && std::all_of(departure.left.begin(), departure.left.end(), [](const auto& n) {
        return n.load(std::memory_order_acquire) == 0;
    });
}

Giver::Step Giver::depart(const std::shared_ptr<const Line>& line) {
    auto departure = std::make_shared<Departure>(line, estate_.workers.size());
    told_ = {};
    for (const auto& worker : estate_.workers) worker->depart(departure);
    const base::Deadline until = clock_.deadline_in(estate_.patience);
    while (!stopping() && !nothing_left(*departure) && clock_.tick() < until.at) {
        Line::Heard heard = line->receive(kLook, called_.number());
        if (heard.what == What::over || heard.what == What::nonsense) return Step::lost;
        if (heard.what == What::message && !hear(heard)) {
            // It takes no more: what is still here ends here.
            for (const auto& worker : estate_.workers) worker->stay();
            line->hang_up();
            return Step::done;
        }
        if (told_.own_version != 0 && estate_.control.every_worker_runs(told_.own_version)) {
            told_.followed_version = told_.asked_version;
        }
        report(*line);
    }
    // With nothing left there is nothing more to tell.
    if (nothing_left(*departure)) line->hang_up();
    return stopping() ? Step::ended : Step::done;
}

bool Giver::hear(Line::Heard& heard) {
    if (const auto* part = std::get_if<Part>(&heard.message)) {
        if (told_.parts.size() + part->bytes.size() <= kTextMax) told_.parts += part->bytes;
    } else if (const auto* told = std::get_if<Follow>(&heard.message)) {
        follow(told->version);
    }
    return !std::holds_alternative<Farewell>(heard.message);
}

void Giver::follow(std::uint64_t version) {
    const auto memory = base::json_from(std::exchange(told_.parts, {}), kTextMax);
    const auto own =
        memory ? estate_.control.follow(*memory) : base::Result<std::uint64_t>(base::fail(memory));
    if (!own) return base::log::warn("takeover_follow", {{"why", own.error().line()}});
    told_.asked_version = version;
    told_.own_version = *own;
}

void Giver::report(const Line& line) {
    if (told_.unsent.empty()) {
        const std::uint32_t before = estate_.before == nullptr ? 0 : estate_.before->generations();
        const Report report{.followed = told_.followed_version, .generations = before + 1};
        const std::string left = base::canonical(estate_.control.left());
        std::string all = encode(report) + left;
        if (all == told_.reported) return;
        for (std::size_t at = 0; at < left.size(); at += kPartBytes) {
            told_.unsent.push_back(Part{left.substr(at, kPartBytes)});
        }
        told_.unsent.push_back(report);
        told_.reported = std::move(all);
    }
    // One that does not read now is told when it does, from where it stopped; what it was told
    // stays true: there was more.
    while (!told_.unsent.empty() && line.try_send(told_.unsent.front()) == Line::Sent::yes) {
        told_.unsent.pop_front();
    }
}

}  // namespace edge::takeover
