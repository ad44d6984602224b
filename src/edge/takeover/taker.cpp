#include "edge/takeover/taker.h"

#include "base/build.h"
#include "base/json.h"
#include "base/log.h"
#include "edge/takeover/removal.h"
#include "edge/worker/worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace edge::takeover {

namespace {

using std::chrono::milliseconds;
using What = Line::Heard::What;

// One packet to the next: the old edge stops its admin, which may wait for a write.
constexpr milliseconds kNextMax{20'000};
// The old edge closes its doors at once, but a busy worker may be seconds away.
constexpr milliseconds kGoMax{30'000};
constexpr milliseconds kRoomMax{1'000};
constexpr milliseconds kLook{1'000};
// A process that has closed its line is about to end.
constexpr milliseconds kDeathMax{2'000};
// The old edge hangs up as soon as it hears that this one ends.
constexpr milliseconds kFarewellMax{1'000};
constexpr std::size_t kTextMax = 64 * 1024 * 1024;
constexpr std::size_t kListenersMax = 1000;

tl::unexpected<base::Error> failed(std::string why) {
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0552",
                       .what = "the running edge could not be taken over",
                       .why = std::move(why),
                       .fix = "it goes on serving; repeat, or look at its log"});
}

bool says_farewell(const Line::Heard& heard) {
    return heard.what == What::message && std::holds_alternative<Farewell>(heard.message);
}

tl::unexpected<base::Error> died() {
    return base::fail(base::Failure::not_found,
                      {.code = "CF0551", .what = "no edge runs there to be taken over"});
}

}  // namespace

base::Result<std::unique_ptr<Taker>> Taker::claim(const std::filesystem::path& path) {
    auto line = open_line(path);
    if (!line) return base::fail(line);
    std::unique_ptr<Taker> made(new Taker(std::move(*line)));
    const Hello hello{.version = kWireVersion, .build = base::build_id()};
    if (made->line_.send(hello, {}, kRoomMax) == Line::Sent::full)
        return failed("it does not read");
    if (auto received = made->receive_everything(); !received) return base::fail(received);
    return made;
}

Taker::~Taker() {
    stop();
}

bool Taker::dead(milliseconds patience) const {
    return other_ && await_readable(other_.number(), -1, patience);
}

base::Result<void> Taker::receive_everything() {
    while (!whole_) {
        Line::Heard heard = line_.receive(kNextMax);
        if (heard.what == What::over) {
            if (dead(kDeathMax)) return died();
            return failed("it gave up before it had told everything");
        }
        if (heard.what == What::nothing) return failed("it fell silent");
        if (heard.what == What::nonsense) return failed("it says what cannot be understood");
        if (auto taken = take(heard); !taken) return taken;
    }
    return {};
}

base::Result<void> Taker::take(Line::Heard& heard) {
    const bool fits = heard.descriptors.size() == descriptors_of(heard.message, workers_);
    if (const auto* refused = std::get_if<Refused>(&heard.message)) {
        return base::fail(base::Failure::conflict,
                          {.code = "CF0553",
                           .what = "the running edge does not let itself be taken over",
                           .why = refused->why,
                           .fix = "it goes on serving; try again later"});
    }
    if (const auto* welcome = std::get_if<Welcome>(&heard.message)) {
        workers_ = welcome->workers;
        if (workers_ > 0 && workers_ <= kDescriptorsMax) return {};
    } else if (auto* part = std::get_if<Part>(&heard.message)) {
        memory_ += part->bytes;
        if (memory_.size() <= kTextMax) return {};
    } else if (auto* listening = std::get_if<Listening>(&heard.message)) {
        auto actual = net::Address::parse(listening->actual);
        if (fits && workers_ > 0 && actual && listeners_.size() < kListenersMax) {
            auto made = std::make_shared<OpenListener>();
            made->name = std::move(listening->name);
            made->asked = std::move(listening->asked);
            made->actual = *actual;
            made->sockets = std::move(heard.descriptors);
            listeners_.push_back(std::move(made));
            return {};
        }
    } else if (std::holds_alternative<Whole>(heard.message)) {
        whole_ = workers_ > 0;
        if (whole_) return {};
    }
    return failed("it says what does not belong here");
}

std::vector<std::shared_ptr<const OpenListener>> Taker::take_listeners() {
    std::vector<std::shared_ptr<const OpenListener>> made(listeners_.begin(), listeners_.end());
    listeners_.clear();
    return made;
}

base::Result<void> Taker::become() {
    if (line_.send(Ready{}, {}, kRoomMax) != Line::Sent::full) {
        const Line::Heard heard = line_.receive(kGoMax);
        if (heard.what == What::message && std::holds_alternative<Go>(heard.message)) return {};
        // Nobody else has the listeners then.
        if (says_farewell(heard) || (heard.what == What::over && dead(kDeathMax))) return {};
    }
    return failed("it did not say that this one is to go on");
}

base::Result<void> Taker::serve(Control& control,
                                const std::vector<std::unique_ptr<Worker>>& workers) {
    control_ = &control;
    workers_there_ = &workers;
    const bool told = line_.send(Serving{}, {}, kRoomMax) == Line::Sent::yes;
    // A process that is killed loses its line a moment before it has ended.
    if (!told && !says_farewell(line_.receive(milliseconds{0})) && !dead(kDeathMax)) {
        return failed("it took too long, and goes on itself");
    }
    thread_ = std::thread([this] { run(); });
    return {};
}

void Taker::run() {
    follow();
    while (!stopping_.load(std::memory_order_acquire)) {
        Line::Heard heard = line_.receive(kLook, changed_.number());
        switch (heard.what) {
            case What::message:
                hear(heard);
                break;
            case What::over:
            case What::nonsense:
                return over();
            case What::nothing:
                break;
        }
        if (await_readable(changed_.number(), -1, milliseconds{0})) follow();
    }
}

void Taker::hear(Line::Heard& heard) {
    if (heard.descriptors.size() != descriptors_of(heard.message, workers_)) return;
    if (const auto* tunnel = std::get_if<GivenTunnel>(&heard.message)) {
        adopt(heard, tunnel->worker, tunnel);
    } else if (const auto* client = std::get_if<GivenClient>(&heard.message)) {
        adopt(heard, client->worker, nullptr);
    } else if (const auto* part = std::get_if<Part>(&heard.message)) {
        if (parts_.size() + part->bytes.size() <= kTextMax) parts_ += part->bytes;
    } else if (const auto* told = std::get_if<Report>(&heard.message)) {
        report(*told);
    }
}

void Taker::adopt(Line::Heard& heard, std::uint32_t worker, const GivenTunnel* tunnel) {
    if (worker >= workers_there_->size()) return;
    auto given = std::make_shared<Given>();
    if (tunnel != nullptr) {
        // Counted before the old edge's next report says that it has it no more.
        given->tally = control_->tally_of(tunnel->group, tunnel->target);
        if (given->tally) given->tally->arriving.fetch_add(1, std::memory_order_release);
    }
    given->message = std::move(heard.message);
    given->descriptors = std::move(heard.descriptors);
    (*workers_there_)[worker]->adopt(std::move(given));
}

void Taker::report(const Report& told) {
    generations_.store(told.generations, std::memory_order_relaxed);
    const auto left = base::json_from(std::exchange(parts_, {}), kTextMax);
    const auto taken = left && left->is_object() ? control_->before_told(*left, told.followed)
                                                 : base::Result<void>(base::fail(left));
    if (!taken) base::log::warn("takeover_report", {{"why", taken.error().line()}});
}

void Taker::follow() {
    changed_.hush();
    const base::Json memory = control_->memory();
    const std::string text = base::canonical(memory);
    const auto say = [this](const Message& message) {
        Line::Sent sent = line_.try_send(message);
        while (sent == Line::Sent::full && !stopping_.load(std::memory_order_acquire)) {
            // Who waits for room in one direction makes room in the other.
            Line::Heard heard = line_.receive(milliseconds{1});
            if (heard.what == What::over || heard.what == What::nonsense) return;
            if (heard.what == What::message) hear(heard);
            sent = line_.try_send(message);
        }
    };
    for (std::size_t at = 0; at < text.size(); at += kPartBytes) {
        say(Part{text.substr(at, kPartBytes)});
    }
    say(Follow{memory.value("version", std::uint64_t{0})});
}

void Taker::over() {
    // What it has not given yet is to stay there, also where only nonsense came.
    line_.hang_up();
    heard_all_.ring();
    // Of a process that lives, nobody knows what it has: it is waited for.
    while (other_ && !dead(kLook) && !stopping_.load(std::memory_order_acquire)) {
    }
    if (stopping_.load(std::memory_order_acquire)) return;
    base::log::info("takeover_ended", {});
    generations_.store(0, std::memory_order_relaxed);
    there_.store(false, std::memory_order_release);
    control_->before_ended();
}

void Taker::farewell() {
    const bool served = thread_.joinable();
    if (!served || !there_.load(std::memory_order_acquire)) return;
    line_.send(Farewell{}, {}, kRoomMax);
    // What it gave until it heard that is told to leave like all that is here.
    await_readable(heard_all_.number(), -1, kFarewellMax);
}

void Taker::stop() {
    stopping_.store(true, std::memory_order_release);
    changed_.ring();
    if (thread_.joinable()) thread_.join();
}

}  // namespace edge::takeover
