#include "console/deed.h"

#include "base/json.h"

#include <fmt/format.h>

#include <array>

namespace console {
namespace {

using engine::RunState;

constexpr std::array kVerbs{Verb::pause, Verb::resume, Verb::promote, Verb::abort, Verb::rollback};

std::string percent(std::uint32_t permille) {
    return permille % 10 == 0 ? fmt::format("{} %", permille / 10)
                              : fmt::format("{}.{} %", permille / 10, permille % 10);
}

// The share that the new release has by what is stored, if it is known which pool that is.
std::optional<std::uint32_t> share_of_new(const engine::Status& status) {
    for (const engine::PoolStatus& pool : status.pools) {
        if (status.split && pool.release == status.run) return pool.share_set.value;
    }
    return std::nullopt;
}

std::uint32_t sockets_of_new(const engine::Status& status) {
    for (const engine::PoolStatus& pool : status.pools) {
        if (pool.release == status.run) return pool.sockets;
    }
    return 0;
}

bool is_forward(RunState state) {
    return state == RunState::running || state == RunState::waiting || state == RunState::consent ||
           state == RunState::paused;
}

Deed no(Verb verb, std::string why) {
    return {.verb = verb, .possible = false, .consequence = {}, .why_not = std::move(why)};
}

Deed yes(Verb verb, std::string consequence) {
    return {.verb = verb, .possible = true, .consequence = std::move(consequence), .why_not = {}};
}

std::string why_none(const engine::Status& status) {
    switch (status.state) {
        case RunState::none:
            return "nothing was released yet";
        case RunState::warm:
        case RunState::ended:
            return "no release is in progress";
        case RunState::going_back:
            return "the release is going back already";
        case RunState::interrupted:
            return "nobody drives this release: resume or abort it";
        case RunState::running:
        case RunState::waiting:
        case RunState::consent:
        case RunState::paused:
            return "not now";
    }
    return "not now";
}

std::string at_share(const engine::Status& status) {
    const auto share = share_of_new(status);
    return share ? fmt::format("{} of new requests on {}", percent(*share), status.to)
                 : fmt::format("its present share of requests on {}", status.to);
}

Deed pause_deed(const engine::Status& status) {
    if (status.state == RunState::paused) return no(Verb::pause, "it is paused already");
    if (!is_forward(status.state)) return no(Verb::pause, why_none(status));
    return yes(Verb::pause,
               fmt::format("{} stays at {} until somebody resumes it. Nobody is moved. While it "
                           "is watched, a fault still takes it back by itself.",
                           status.run, at_share(status)));
}

Deed resume_deed(const engine::Status& status) {
    const std::string next = status.next.empty() ? "" : " Next: " + status.next + ".";
    if (status.state == RunState::paused)
        return yes(Verb::resume,
                   fmt::format("{} goes on from {}.{}", status.run, at_share(status), next));
    if (status.state == RunState::interrupted)
        return yes(Verb::resume,
                   fmt::format("A new process on this machine drives {} on from {}.{}", status.run,
                               at_share(status), next));
    return no(Verb::resume, status.state == RunState::running ||
                                    status.state == RunState::waiting ||
                                    status.state == RunState::consent
                                ? "it is not paused"
                                : why_none(status));
}

Deed promote_deed(const engine::Status& status) {
    const std::string next = status.next.empty() ? "the end of the release" : status.next;
    if (status.state == RunState::consent) {
        const std::string other =
            status.not_by.empty()
                ? ""
                : fmt::format(" It counts from a second person: not from {}, who began it.",
                              status.not_by);
        return yes(Verb::promote, fmt::format("You give the consent that {} waits for.{} Next: {}.",
                                              status.run, other, next));
    }
    if (is_forward(status.state))
        return yes(Verb::promote,
                   fmt::format("{} skips the holds and consents that are left, with less evidence "
                               "than planned. Next: {}. Guards still take it back.",
                               status.run, next));
    return no(Verb::promote, why_none(status));
}

Deed abort_deed(const engine::Status& status) {
    const bool can = is_forward(status.state) || status.state == RunState::interrupted;
    if (!can) return no(Verb::abort, why_none(status));
    if (status.from.empty())
        return yes(Verb::abort,
                   fmt::format("{} is the first release: it ends, and nothing serves.", status.to));
    const auto share = share_of_new(status);
    const std::uint32_t sockets = sockets_of_new(status);
    std::string out =
        fmt::format("All new requests go to {} at once: one write, about a second", status.from);
    if (share) out += fmt::format(" ({} on {} become 0 %)", percent(*share), status.to);
    out += ". ";
    if (sockets > 0)
        out += fmt::format("{} WebSocket{} on {} move{} over. ", sockets, sockets == 1 ? "" : "s",
                           status.to, sockets == 1 ? "s" : "");
    return yes(Verb::abort,
               out + fmt::format("{} is drained, then stopped; {} ends as rolled back.", status.to,
                                 status.run));
}

Deed rollback_deed(const engine::Status& status, const engine::Releases& releases) {
    const bool over = status.state == RunState::warm || status.state == RunState::ended;
    if (!over) {
        return no(Verb::rollback, status.state == RunState::none
                                      ? "nothing was released yet"
                                      : "a release is in progress: abort it instead");
    }
    const engine::PastRun* target = rollback_target(releases, {});
    if (target == nullptr) return no(Verb::rollback, "there is no earlier release to go back to");
    const std::string to = to_text(target->release.version);
    const std::string from =
        releases.current ? to_text(releases.current->version) : std::string("the present release");
    const bool warm = status.state == RunState::warm && status.way_back.feasible;
    return yes(
        Verb::rollback,
        warm ? fmt::format("{} comes back in place of {}: {}.", to, from, status.way_back.sentence)
             : fmt::format("{} comes back in place of {}: its instances are started and "
                           "checked, then one write moves all new requests; {} is drained, "
                           "then stopped.",
                           to, from, from));
}

}  // namespace

std::string_view name_of(Verb verb) {
    switch (verb) {
        case Verb::pause:
            return "pause";
        case Verb::resume:
            return "resume";
        case Verb::promote:
            return "promote";
        case Verb::abort:
            return "abort";
        case Verb::rollback:
            return "rollback";
    }
    return "";
}

std::optional<Verb> verb_from(std::string_view name) {
    for (const Verb verb : kVerbs) {
        if (name_of(verb) == name) return verb;
    }
    return std::nullopt;
}

std::vector<Deed> deeds_of(const engine::Status& status, const engine::Releases& releases) {
    return {pause_deed(status), resume_deed(status), promote_deed(status), abort_deed(status),
            rollback_deed(status, releases)};
}

const engine::PastRun* rollback_target(const engine::Releases& releases, const std::string& id) {
    std::string wanted = id;
    if (wanted.empty()) {
        const auto previous = engine::previous_release(releases);
        if (!previous) return nullptr;
        wanted = previous->id;
    }
    const engine::PastRun* found = nullptr;
    for (const engine::PastRun& run : releases.runs) {
        const bool serves = releases.current && releases.current->id == run.release.id;
        if (run.release.id == wanted && run.ending == engine::Ending::succeeded && !serves)
            found = &run;
    }
    return found;
}

base::Json json_of(const std::vector<Deed>& deeds) {
    base::Json out = base::Json::array();
    for (const Deed& deed : deeds) {
        out.push_back({{"verb", name_of(deed.verb)},
                       {"possible", deed.possible},
                       {"consequence", deed.consequence},
                       {"why_not", deed.why_not}});
    }
    return out;
}

}  // namespace console
