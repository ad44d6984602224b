#include "local/machine.h"

#include "base/build.h"
#include "base/json.h"
#include "local/call.h"
#include "local/edge_config.h"
#include "local/log_file.h"
#include "local/port.h"
#include "local/process.h"
#include "local/record.h"
#include "local/seat.h"
#include "local/wait.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <csignal>
#include <map>
#include <string>
#include <utility>

namespace local {

namespace {

using std::chrono::milliseconds;

constexpr const char* kAgent = "the agent";
constexpr const char* kEdge = "the edge";
constexpr milliseconds kLook{3};
constexpr milliseconds kSlowLook{50};

std::uint64_t resident_bytes(pid_t pid) {
    const auto text = base::read_file(fmt::format("/proc/{}/statm", pid), base::Bytes{4096});
    if (!text) return 0;
    const std::size_t space = text->find(' ');
    std::uint64_t pages = 0;
    if (space != std::string::npos) {
        std::from_chars(text->data() + space + 1, text->data() + text->size(), pages);
    }
    return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::optional<Running> running_from(const base::Json& json) {
    const auto pid = base::member<std::int64_t>(json, "pid");
    if (!pid) return std::nullopt;
    Running running;
    running.pid = static_cast<pid_t>(*pid);
    running.since =
        base::instant_of_micros(base::member_or<std::int64_t>(json, "since", 0).value_or(0));
    running.restarts =
        static_cast<std::uint32_t>(base::member_or<std::uint64_t>(json, "restarts", 0).value_or(0));
    running.resident_bytes = resident_bytes(running.pid);
    return running;
}

tl::unexpected<base::Error> not_in_time(const std::string& what, const std::string& why) {
    return base::fail(base::Failure::unavailable, {.code = "CF0446", .what = what, .why = why});
}

/// The agent's socket goes before its hold on the folder does: the next start waits for both.
base::Result<void> has_ended(const std::optional<Identity>& agent, base::Clock& clock,
                             base::Deadline deadline) {
    const auto watched = agent ? watch(*agent) : base::Result<base::Fd>(base::Fd());
    if (!watched || !*watched) return {};
    pollfd end{watched->number(), POLLIN, 0};
    if (wait_for(&end, 1, clock, deadline)) return {};
    return not_in_time("the agent did not end in time", fmt::format("process {}", agent->pid));
}

tl::unexpected<base::Error> not_renewed(std::string why) {
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0469",
                       .what = "the edge of another build could not be taken over",
                       .why = std::move(why),
                       .fix = "it goes on serving; `crossfade logs edge` has more"});
}

/// The edge's refusal, in the words of who has the address, if that is why.
base::Error with_port_owner(base::Error error, const std::string& listen, pid_t edge) {
    if (error.diagnostic.code == "CF0510") return error;
    unsigned port = 0;
    const std::size_t colon = listen.rfind(':');
    std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), port);
    const auto owner = owner_of_port(static_cast<std::uint16_t>(port));
    if (!owner || owner->pid == edge) return error;
    error.failure = base::Failure::unavailable;
    error.diagnostic = {.code = "CF0445",
                        .what = fmt::format("{} is in use", listen),
                        .why = owner->pid == 0
                                   ? std::string("by a process of another user")
                                   : fmt::format("by {} (process {})", owner->name, owner->pid),
                        .fix = "stop it, or choose another address as `listen` in the spec"};
    return error;
}

// Jenkins ends what bears its cookies when a step or a build ends; the agent outlives both.
std::map<std::string, std::string> environment_to_stay() {
    std::map<std::string, std::string> environment = whole_environment();
    for (const char* cookie : {"JENKINS_NODE_COOKIE", "JENKINS_SERVER_COOKIE"})
        environment.erase(cookie);
    return environment;
}

}  // namespace

Machine::Machine(Folder folder, std::filesystem::path program, base::Clock& clock)
    : folder_(std::move(folder)), program_(std::move(program)), clock_(clock) {}

base::Result<void> Machine::start_agent(base::Deadline deadline) {
    if (auto made = folder_.create(); !made) return made;
    const auto log = open_log(folder_.log_of("agent"));
    if (!log) return base::fail(log);
    auto held = hold({.command = {program_.string(), "agent", "--state", folder_.root().string()},
                      .environment = environment_to_stay(),
                      .working_folder = folder_.root().parent_path(),
                      .input = -1,
                      .output = log->number()});
    if (!held) return base::fail(held);
    const base::Fd ended = held->take_watch();
    if (auto going = held->let_go(); !going) {
        reap(held->identity());
        return going;
    }
    while (clock_.tick() < deadline.at) {
        const auto status =
            call(folder_.agent_socket(), kAgent, {"GET", "/v1/status", {}}, clock_, deadline);
        if (status) return {};
        pollfd watched{ended.number(), POLLIN, 0};
        const base::Deadline look{std::min(deadline.at, clock_.tick() + kLook)};
        if (!wait_for(&watched, 1, clock_, look)) continue;
        const Exit exit = reap(held->identity());
        // Two that start at once: one gets the folder, and both are content.
        if (call(folder_.agent_socket(), kAgent, {"GET", "/v1/status", {}}, clock_, deadline)) {
            return {};
        }
        return not_in_time(fmt::format("the agent ended at once: {}", exit.text()),
                           fmt::format("{} ends: {}", folder_.log_of("agent").native(),
                                       last_line(folder_.log_of("agent"))));
    }
    return not_in_time("the agent did not answer in time", folder_.log_of("agent"));
}

base::Result<void> Machine::ensure_up(base::Deadline deadline) {
    const Call status{"GET", "/v1/status", {}};
    bool started = false;
    while (clock_.tick() < deadline.at) {
        const auto agent = call(folder_.agent_socket(), kAgent, status, clock_, deadline);
        if (!agent) {
            // It was there and has gone again: a `down` that was under way has ended.
            if (auto up = start_agent(deadline); !up) return up;
            started = true;
        } else if (!agent->value("going_down", false)) {
            const auto edge =
                call(folder_.edge_socket(), kEdge, {"GET", "/v1/health", {}}, clock_, deadline);
            if (edge || edge.error().diagnostic.code == "CF0422") return {};
            const base::Json kept = agent->value("edge", base::Json::object());
            constexpr int kEndsMax = 8;
            if (started && kept.value("restarts", 0) >= kEndsMax) {
                return not_in_time("the edge ends again and again", kept.value("last_end", ""));
            }
        }
        clock_.wait_until(std::min(deadline.at, clock_.tick() + kLook), {});
    }
    return not_in_time("agent and edge did not answer in time",
                       fmt::format("see {}", folder_.logs().native()));
}

base::Result<void> Machine::renew(base::Deadline deadline) {
    const auto agent =
        call(folder_.agent_socket(), kAgent, {"GET", "/v1/status", {}}, clock_, deadline);
    if (!agent) return base::fail(agent);
    const std::string build = agent->value("build", "");
    if (build.empty()) return {};  // it minds none
    if (build != base::build_id()) {
        // What it keeps outlives it; the next one adopts it.
        const auto running = identity_of(static_cast<pid_t>(agent->value("pid", std::int64_t{0})));
        if (running) kill(running->pid, SIGTERM);
        if (auto ended = has_ended(running, clock_, deadline); !ended) return ended;
        if (auto up = ensure_up(deadline); !up) return up;
    }
    return await_renewal(deadline);
}

base::Result<void> Machine::await_renewal(base::Deadline deadline) {
    bool told = false;
    while (clock_.tick() < deadline.at) {
        const auto agent =
            call(folder_.agent_socket(), kAgent, {"GET", "/v1/status", {}}, clock_, deadline);
        const auto edge =
            call(folder_.edge_socket(), kEdge, {"GET", "/v1/health", {}}, clock_, deadline);
        const base::Json kept =
            agent ? agent->value("edge", base::Json::object()) : base::Json::object();
        if (agent && edge && !kept.value("renews", false)) {
            if (edge->value("build", "") == base::build_id()) return {};
            if (std::exchange(told, true)) return not_renewed(kept.value("last_end", ""));
            // It tries once by itself, and once more for whoever asks.
            const auto asked =
                call(folder_.agent_socket(), kAgent, {"POST", "/v1/edge", "{}"}, clock_, deadline);
            if (!asked) return base::fail(asked);
        }
        clock_.wait_until(std::min(deadline.at, clock_.tick() + kLook), {});
    }
    return not_renewed("it took too long");
}

namespace {

constexpr std::size_t kWordMin = 16;
constexpr std::size_t kWordMax = 128;

/// The word itself is in no message (P11).
base::Result<Previewers> previewers_of(const release::Preview& preview, release::Pool pool,
                                       const std::filesystem::path& home) {
    auto value = secret_from("of the preview", preview.value, home);
    if (!value) return base::fail(value);
    const std::string& word = value->reveal();
    const bool is_plain = std::all_of(word.begin(), word.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_';
    });
    if (!is_plain || word.size() < kWordMin || word.size() > kWordMax) {
        return base::fail(
            base::Failure::rejected,
            {.code = "CF0487",
             .what = fmt::format("the value of `{}` is not fit for a preview", preview.header),
             .why = fmt::format("it has {} bytes; {} to {} letters, digits, `-` and `_` are wanted",
                                word.size(), kWordMin, kWordMax),
             .fix = "make one, like `openssl rand -hex 16`"});
    }
    return Previewers{.header = preview.header, .value = std::move(*value), .pool = pool};
}

}  // namespace

base::Result<void> Machine::configure(const release::Spec& spec, const std::filesystem::path& home,
                                      const engine::Ticket& ticket, base::Deadline deadline,
                                      const Placing& placing) {
    Places places{.assets = folder_.assets(), .home = home, .salt = placing.salt};
    if (spec.strategy.preview && placing.previewed) {
        auto preview = previewers_of(*spec.strategy.preview, *placing.previewed, home);
        if (!preview) return base::fail(preview);
        places.preview = std::move(*preview);
    }
    const base::Json body{{"fence", ticket.fence},
                          {"token", ticket.step.text},
                          {"config", edge_config_of(spec, places)}};
    const auto done = call(folder_.edge_socket(), kEdge,
                           {"PUT", "/v1/config", base::canonical(body)}, clock_, deadline);
    if (done) return {};
    const auto present = overview(deadline);
    const pid_t edge = present && present->edge ? present->edge->pid : -1;
    return base::fail(with_port_owner(done.error(), spec.listen, edge));
}

base::Result<void> Machine::down(Leaving leaving, base::Deadline deadline,
                                 const std::function<void(const std::string&)>& progress) {
    const Call status{"GET", "/v1/status", {}};
    if (!call(folder_.agent_socket(), kAgent, status, clock_, deadline)) {
        const auto left = Records(folder_.instances()).read();
        const bool nothing_left = (!left || left->empty()) &&
                                  !std::filesystem::exists(folder_.root() / "edge.process.json");
        if (nothing_left) return {};
        progress("the agent does not run: starting it to stop what it left");
        if (auto up = start_agent(deadline); !up) return up;
    }
    progress(leaving == Leaving::now ? "ending all at once" : "asking all to end");
    const base::Json how{{"now", leaving == Leaving::now}};
    const auto asked = call(folder_.agent_socket(), kAgent,
                            {"POST", "/v1/down", base::canonical(how)}, clock_, deadline);
    if (!asked && asked.error().failure != base::Failure::unknown) return base::fail(asked);

    const auto seen = overview(deadline);
    const auto agent = seen ? identity_of(seen->agent.pid) : std::nullopt;

    std::string told;
    while (clock_.tick() < deadline.at) {
        const auto list =
            call(folder_.agent_socket(), kAgent, {"GET", "/v1/instances", {}}, clock_, deadline);
        if (!list) return has_ended(agent, clock_, deadline);
        std::map<std::string, int> phases;
        for (const base::Json& each : list->value("instances", base::Json::array())) {
            ++phases[each.value("phase", "")];
        }
        std::string line;
        for (const auto& [phase, count] : phases) {
            line += fmt::format("{}{} {}", line.empty() ? "" : ", ", count, phase);
        }
        if (line.empty()) line = "no instance left, the edge ends";
        if (line != told) progress(line);
        told = line;
        clock_.wait_until(std::min(deadline.at, clock_.tick() + kSlowLook), {});
    }
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0447",
                       .what = "not everything has stopped in time",
                       .why = told,
                       .fix = "wait and repeat, or `crossfade down --now`"});
}

base::Result<Overview> Machine::overview(base::Deadline deadline) {
    const auto json =
        call(folder_.agent_socket(), kAgent, {"GET", "/v1/status", {}}, clock_, deadline);
    if (!json) {
        return base::fail(base::Failure::not_found,
                          {.code = "CF0448",
                           .what = "nothing runs here",
                           .why = json.error().diagnostic.why,
                           .fix = "`crossfade up` starts agent and edge"});
    }
    Overview overview;
    if (const auto agent = running_from(*json)) overview.agent = *agent;
    overview.edge = running_from(json->value("edge", base::Json::object()));
    overview.instances = json->value("instances", 0U);
    if (json->contains("tail_at")) {
        const auto micros = base::member<std::int64_t>(*json, "tail_at");
        if (micros) overview.tail_at = base::instant_of_micros(*micros);
    }
    return overview;
}

base::Result<void> Machine::tail_at(std::optional<base::Instant> at, base::Deadline deadline) {
    base::Json body = base::Json::object();
    if (at) body["at"] = base::micros_of(*at);
    const auto done = call(folder_.agent_socket(), kAgent,
                           {"PUT", "/v1/tail", base::canonical(body)}, clock_, deadline);
    if (!done) return base::fail(done);
    return {};
}

}  // namespace local
