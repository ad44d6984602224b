#include "local/hooks.h"

#include "base/duration.h"
#include "base/json.h"
#include "local/command.h"
#include "local/fetch.h"
#include "local/seat.h"

#include <fmt/format.h>

namespace local {

namespace {

using engine::HookOutcome;
using engine::HookState;
using std::chrono::milliseconds;

constexpr std::size_t kOutputMax = 64 * 1024;
constexpr int kInProgress = 75;
/// Where the hook does not say when to ask again.
constexpr milliseconds kRetryAfter{1000};

tl::unexpected<base::Error> not_answered(const release::Hook& hook, const std::string& output) {
    return base::fail(base::Failure::unknown,
                      {.code = "CF0450",
                       .what = fmt::format("the hook {} did not answer in time", hook.name),
                       .why = output.empty() ? "" : fmt::format("it printed: {}", output),
                       .fix = "give it a longer `timeout`, or let it exit 75 to be asked again"});
}

base::Error not_called(const release::Hook& hook, base::Error error) {
    error.failure = base::Failure::unavailable;
    error.diagnostic = {.code = "CF0451",
                        .what = fmt::format("the hook {} could not be called", hook.name),
                        .why = error.line()};
    return error;
}

std::string last_line_of(const std::string& output) {
    const std::size_t end = output.find_last_not_of("\r\n \t");
    if (end == std::string::npos) return "";
    const std::size_t begin = output.find_last_of('\n', end);
    return output.substr(begin == std::string::npos ? 0 : begin + 1,
                         end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

/// `CROSSFADE_STAGE` is `stage` in JSON.
std::string member_name(std::string name) {
    constexpr std::string_view kPrefix = "CROSSFADE_";
    if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
}

HookOutcome failed(std::string reason, std::string output) {
    return {.state = HookState::failed,
            .retry_after = milliseconds(0),
            .reason = std::move(reason),
            .output = std::move(output)};
}

HookOutcome outcome_of(const Fetched& answer) {
    if (answer.status < 200 || answer.status > 299) {
        return failed(fmt::format("it answered {}", answer.status), answer.body);
    }
    const auto json = base::json_from(answer.body);
    const auto state = json ? base::member<std::string>(*json, "state") : base::fail(json);
    if (!state) return failed("its answer has no `state`", answer.body);
    HookOutcome outcome{.state = HookState::failed,
                        .retry_after = milliseconds(0),
                        .reason = base::member_or<std::string>(*json, "reason", "").value_or(""),
                        .output = answer.body};
    if (*state == "succeeded") {
        outcome.state = HookState::succeeded;
    } else if (*state == "in_progress") {
        const auto text = base::member_or<std::string>(*json, "retry_after", "").value_or("");
        const auto after = base::duration_from(text);
        outcome.state = HookState::in_progress;
        outcome.retry_after = after && after->count() > 0 ? *after : kRetryAfter;
    } else if (*state != "failed") {
        outcome.reason = fmt::format("its `state` is `{}`", *state);
    } else if (outcome.reason.empty()) {
        outcome.reason = "it said so";
    }
    return outcome;
}

}  // namespace

Hooks::Hooks(std::filesystem::path working_folder, base::Clock& clock,
             std::map<std::string, release::SecretSource> secrets)
    : working_folder_(std::move(working_folder)), clock_(clock), secrets_(std::move(secrets)) {}

base::Result<HookOutcome> Hooks::call(const release::Hook& hook,
                                      const std::map<std::string, std::string>& context,
                                      const engine::Ticket&, base::Deadline deadline) {
    const base::Deadline until = std::min(deadline, clock_.deadline_in(hook.timeout));
    auto outcome = hook.command.empty() ? post(hook, context, until) : run(hook, context, until);
    const auto secrets =
        secrets_of({.command = {}, .environment = {}, .secrets = secrets_}, working_folder_);
    if (outcome) {
        outcome->reason = scrubbed(std::move(outcome->reason), secrets);
        outcome->output = scrubbed(std::move(outcome->output), secrets);
    } else {
        base::Diagnostic& diagnostic = outcome.error().diagnostic;
        diagnostic.why = scrubbed(std::move(diagnostic.why), secrets);
    }
    return outcome;
}

base::Result<HookOutcome> Hooks::run(const release::Hook& hook,
                                     const std::map<std::string, std::string>& context,
                                     base::Deadline deadline) {
    Launch launch{.command = hook.command,
                  .environment = whole_environment(),
                  .working_folder = working_folder_};
    for (const auto& [name, value] : context) launch.environment[name] = value;
    const auto finished = run_command(launch, kOutputMax, clock_, deadline);
    if (!finished) return base::fail(not_called(hook, finished.error()));
    if (finished->timed_out) return not_answered(hook, last_line_of(finished->output));
    if (finished->exit.code == 0) {
        return HookOutcome{.state = HookState::succeeded,
                           .retry_after = milliseconds(0),
                           .reason = {},
                           .output = finished->output};
    }
    const std::string line = last_line_of(finished->output);
    HookOutcome outcome = failed(
        line.empty() ? finished->exit.text() : fmt::format("{}: {}", finished->exit.text(), line),
        finished->output);
    if (finished->exit.code == kInProgress) {
        outcome.state = HookState::in_progress;
        outcome.retry_after = kRetryAfter;
        outcome.reason = line;
    }
    return outcome;
}

base::Result<HookOutcome> Hooks::post(const release::Hook& hook,
                                      const std::map<std::string, std::string>& context,
                                      base::Deadline deadline) {
    base::Json body = base::Json::object();
    for (const auto& [name, value] : context) body[member_name(name)] = value;
    const auto answer = post_json(hook.url, {base::canonical(body)}, kOutputMax, clock_, deadline);
    if (answer) return outcome_of(*answer);
    if (answer.error().failure == base::Failure::unknown) {
        return not_answered(hook, "");
    }
    return base::fail(not_called(hook, answer.error()));
}

}  // namespace local
