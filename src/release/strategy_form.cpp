#include "base/duration.h"
#include "base/form.h"
#include "base/units.h"
#include "release/spec.h"
#include "release/spec_form.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace release {

namespace {

using base::Choice;
using base::Fields;
using base::Form;
using base::Permille;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::chrono::days kWeek{7};
constexpr base::Bytes kMemoryMax{1ULL << 44U};

Form<StrategyKind> strategy_kind() {
    return base::choice<StrategyKind>(
        {{"blue-green", StrategyKind::blue_green,
          "the whole fleet beside the old, then all at once"},
         {"canary", StrategyKind::canary, "a few users first, then more"},
         {"rolling", StrategyKind::rolling, "instance by instance"},
         {"recreate", StrategyKind::recreate,
          "the old ends before the new starts, and requests wait meanwhile"}});
}

/// One line of `steps`: a new weight, or more about the one before.
struct Line {
    struct Pause {};

    std::optional<Permille> weight;
    std::optional<milliseconds> hold;
    std::optional<Pause> pause;
};

Form<Line> line_of_steps() {
    const Permille least{1};
    const Permille most{999};
    const auto full = Fields<Line>("a group of fields")
                          .maybe("weight", &Line::weight, base::share(least, most),
                                 "The new release's share of new requests.", "5%")
                          .maybe("hold", &Line::hold, base::duration(seconds{0}, kWeek),
                                 "How long its counts are watched there; 1m if neither `hold` nor "
                                 "`pause` is said of a weight.",
                                 "10m")
                          .maybe("pause", &Line::pause, Fields<Line::Pause>("`{}`").form(),
                                 "Wait until `crossfade promote`.", "{}")
                          .form();
    const auto brief = base::made_of<Line, Permille>(
        base::share(least, most), [](Permille weight) { return Line{.weight = weight}; },
        [](const Line& line) { return line.weight.value_or(Permille{}); });
    return base::either(brief, full);
}

/// What is wrong with `line` after `before`, if anything.
std::optional<base::Diagnostic> misplaced(const Line& line, const std::vector<CanaryStep>& before) {
    if (!line.weight && !line.hold && !line.pause)
        return base::Diagnostic{.code = "CF0125",
                                .what = "this step says nothing",
                                .fix = "give it a `weight`, a `hold` or a `pause`"};
    if (!line.weight && before.empty())
        return base::Diagnostic{.code = "CF0125",
                                .what = "the first step has no weight",
                                .why = "there is nothing to hold or to pause at yet",
                                .fix = "begin with one, like `- weight: 5%`"};
    if (line.weight && !before.empty() && *line.weight <= before.back().weight)
        return base::Diagnostic{.code = "CF0125",
                                .what = "the weights of `steps` must rise",
                                .why = "this one is not above the one before",
                                .fix = "leave it out, or watch longer with `hold`"};
    return {};
}

std::optional<std::vector<CanaryStep>> steps_of(const std::vector<Line>& lines,
                                                const base::Node& node, base::Findings& findings) {
    std::vector<CanaryStep> steps;
    std::vector<bool> says_how_long;
    const std::size_t before = findings.count();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Line& line = lines[i];
        if (auto wrong = misplaced(line, steps)) {
            findings.add(node.items[i].spot, std::move(*wrong));
            continue;
        }
        if (line.weight) {
            steps.push_back({.weight = *line.weight, .hold = seconds{0}});
            says_how_long.push_back(false);
        }
        CanaryStep& step = steps.back();
        step.hold += line.hold.value_or(seconds{0});
        step.wait_for_person = step.wait_for_person || line.pause;
        says_how_long.back() = says_how_long.back() || line.hold || line.pause;
    }
    if (findings.count() > before) return {};
    for (std::size_t i = 0; i < steps.size(); ++i)
        if (!says_how_long[i]) steps[i].hold = CanaryStep{}.hold;
    return steps;
}

std::string steps_json(const std::vector<CanaryStep>& steps) {
    std::string out;
    for (const CanaryStep& step : steps)
        out += fmt::format(R"({}{{"weight":"{}","hold":"{}"}}{})", out.empty() ? "" : ",",
                           base::to_text(step.weight), base::to_text(step.hold),
                           step.wait_for_person ? R"(,{"pause":{}})" : "");
    return '[' + out + ']';
}

Form<std::vector<CanaryStep>> steps_form() {
    const auto lines = base::list_of(line_of_steps(), 0, 50);
    return {.shape = lines.shape,
            .read = [lines](const base::Node& node,
                            base::Findings& findings) -> std::optional<std::vector<CanaryStep>> {
                const auto read = lines.read(node, findings);
                if (!read) return {};
                return steps_of(*read, node, findings);
            },
            .json = steps_json};
}

/// `at most 100 requests`, or `at most 2% of users`.
struct Harm {
    std::uint64_t requests = Guard{}.harm_max;
    std::optional<Permille> users = {};
};

tl::expected<Harm, base::Diagnostic> harm_from(std::string_view text) {
    static const std::regex kRequests("at most ([1-9][0-9]{0,8}) requests?");
    static const std::regex kUsers("at most ([0-9.]+%) of users");
    const std::string whole(text);
    std::smatch parts;
    if (std::regex_match(whole, parts, kRequests)) return Harm{std::stoull(parts[1].str())};
    if (std::regex_match(whole, parts, kUsers)) {
        const auto share = base::permille_from(parts[1].str());
        if (share && *share > base::kNone && *share <= Permille{500}) return Harm{.users = share};
    }
    return tl::unexpected(base::Diagnostic{
        .code = "CF0133",
        .what = fmt::format("`{}` is no budget of harm", text),
        .why = "it is a number of requests from 1 to 999999999, or a part of users up to 50%",
        .fix = "write it like `at most 100 requests` or `at most 2% of users`"});
}

Form<Harm> harm_form() {
    return base::parsed<Harm>(
        {.kind = base::Shape::Kind::text,
         .words = "a budget, like `at most 100 requests` or `at most 2% of users`",
         .pattern = "^at most ([1-9][0-9]{0,8} requests?|(50|[1-4]?[0-9](\\.[1-9])?)% of users)$"},
        harm_from, [](const Harm& harm) {
            return harm.users ? fmt::format("at most {} of users", base::to_text(*harm.users))
                              : fmt::format("at most {} requests", harm.requests);
        });
}

base::Lens<Guard, Harm> harm_of_guard() {
    return {.take = [](const Guard& guard) { return Harm{guard.harm_max, guard.exposure_max}; },
            .put =
                [](Guard& guard, const Harm& harm) {
                    guard.harm_max = harm.requests;
                    guard.exposure_max = harm.users;
                }};
}

Form<std::string> name_form(std::string_view whose) {
    return base::text({fmt::format("{} name: letters, digits, `-` and `_`", whose),
                       "^[A-Za-z0-9_-]{1,64}$", [](std::string_view text) {
                           return !text.empty() && text.size() <= 64 &&
                                  text.find_first_not_of(
                                      "abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789-_") == std::string_view::npos;
                       }});
}

Form<Preview> preview_form() {
    return Fields<Preview>("a group of fields")
        .optional("header", &Preview::header, name_form("a header's"),
                  "The header that is looked at.")
        .required("value", &Preview::value, secret_form(),
                  "What it must say: 16 to 128 letters, digits, `-` and `_`, known to few.",
                  "{from_file: secrets/preview}")
        .form();
}

Form<Cohort> cohort_form() {
    return Fields<Cohort>("a group of fields")
        .optional("header", &Cohort::header, name_form("a header's"),
                  "A header that tells users apart, such as `Authorization`. Requests without it "
                  "are divided one by one.")
        .optional("cookie", &Cohort::cookie, name_form("a cookie's"),
                  "A cookie that the edge gives to who brings none: a number, sealed, for 90 days.")
        .form();
}

}  // namespace

Form<Strategy> strategy_form() {
    const auto rolling =
        Fields<Strategy>("a group of fields")
            .optional("batch", &Strategy::rolling_batch, base::whole(1U, 1000U),
                      "How many instances are replaced at a time.")
            .optional("hold", &Strategy::rolling_hold, base::duration(seconds{0}, hours{24}),
                      "How long the counts are watched after each batch.");
    const auto recreate =
        Fields<Strategy>("a group of fields")
            .optional("hold", &Strategy::recreate_hold, base::duration(seconds{1}, minutes{10}),
                      "How long one request waits at the most; then it is answered with 503. A "
                      "third of it is for requests in flight to end: if they do not, the old "
                      "release goes on.");
    const auto drain =
        Fields<Strategy>("a group of fields")
            .optional("sockets_a_second", &Strategy::drain_sockets_a_second,
                      base::whole(0U, 1'000'000U),
                      "How many WebSockets are asked to move each second; 0: all at once.")
            .optional("deadline", &Strategy::drain_deadline, base::duration(seconds{1}, hours{24}),
                      "After which what is still in flight is cut.");
    return Fields<Strategy>("a group of fields")
        .maybe("major", &Strategy::major, strategy_kind(),
               "For a new major version; blue-green if left out.", "blue-green")
        .maybe("minor", &Strategy::minor, strategy_kind(),
               "For a new minor version; canary if left out.", "canary")
        .maybe("patch", &Strategy::patch, strategy_kind(),
               "For a patch, or another build of the same version; canary if left out.", "canary")
        .maybe("config", &Strategy::config, strategy_kind(),
               "Where only command or environment differ; rolling if left out.", "rolling")
        .optional(
            "steps", &Strategy::steps, steps_form(),
            "Fixed stops on a canary's way, rising; 100% comes by itself. Left out, its share "
            "rises as far as what was seen so far can afford of `guard.harm`.",
            "[1%, {weight: 10%}, {hold: 5m}, {weight: 50%}, {pause: {}}]")
        .group("rolling", "How instances are replaced one by one.", rolling)
        .group("recreate", "How requests wait while neither release runs.", recreate)
        .optional("settle", &Strategy::settle, base::duration(seconds{0}, hours{1}),
                  "From a new share that was set and observed to the next step.")
        .optional("settle_before_leaving", &Strategy::settle_before_leaving,
                  base::duration(seconds{0}, hours{1}), "The same before capacity is taken away.")
        .optional("bake", &Strategy::bake, base::duration(seconds{0}, kWeek),
                  "How long the new release is watched at 100%, the old one still standing.")
        .optional("keep_warm", &Strategy::keep_warm, base::duration(seconds{0}, kWeek),
                  "How long the old release stands after that, so that the way back is instant.")
        .group("drain", "How sockets and requests leave the old release.", drain)
        .optional("progress_deadline", &Strategy::progress_deadline,
                  base::duration(seconds{1}, hours{24}),
                  "A release without any progress for so long fails.")
        .maybe("preview", &Strategy::preview, preview_form(),
               "Requests with this header reach the new release from the moment its instances "
               "are there, and no other does before it has a share. Where the two releases are "
               "never split (`fan_out: none`) this is how to meet the new one first.",
               "{header: X-Preview, value: {from_file: secrets/preview}}")
        .maybe("cohort", &Strategy::cohort, cohort_form(),
               "A share of users instead of requests: each user meets one release at a time, a "
               "share that rises takes nobody back, and one that falls takes nobody along. By a "
               "header or by a cookie.",
               "{header: Authorization}")
        .form();
}

Form<Guard> guard_form() {
    return Fields<Guard>("a group of fields")
        .optional(
            "error_rate_max", &Guard::error_rate_max, base::share(Permille{0}, base::kAll),
            "Share of the new release's requests that may fail. More is a verdict once it cannot "
            "be chance.")
        .maybe("p99_max", &Guard::p99_max, base::duration(milliseconds{1}, hours{1}),
               "99 of 100 of its requests must be quicker.", "500ms")
        .optional("requests_min", &Guard::requests_min,
                  base::whole(std::uint64_t{1}, std::uint64_t{1'000'000'000}),
                  "Fewer requests say nothing: neither good nor bad.")
        .optional("interval", &Guard::interval, base::duration(milliseconds{100}, minutes{10}),
                  "How often the counts are read while watching.")
        .optional("unknown_max", &Guard::unknown_max, base::duration(seconds{1}, hours{24}),
                  "A watch that has had no data for so long waits for a person.")
        .optional("harm", harm_of_guard(), harm_form(),
                  "What a bad release may cost before it is taken back: failed requests, beyond "
                  "what is usual; or users who may meet it before it is known to be no worse.",
                  "at most 2% of users")
        .maybe("memory_max", &Guard::memory_max, base::size(base::Bytes{1ULL << 20U}, kMemoryMax),
               "Resident memory that one instance may have. A release that stays above nine tenths "
               "of it is taken back; one that would reach it within a day, and grows faster than "
               "the old one, waits.",
               "512MiB")
        .optional("compare", &Guard::compare, base::truth(),
                  "Whether the new release must also not be worse than the old one: in errors, "
                  "latency, and sockets.")
        .optional("warm_up", &Guard::warm_up, base::duration(seconds{0}, hours{1}),
                  "So long after its first request its instances are cold: it is compared only "
                  "for gross faults.")
        .optional(
            "metrics", &Guard::metrics, base::list_of(sourced_metric_form(), 0, 20),
            "What the application itself knows of its users, told by another system. A source "
            "that cannot be read holds the release, and after `unknown_max` a person is asked.",
            "[{name: orders, prometheus: {server: ..., failed: ..., total: ...}}]")
        .form();
}

}  // namespace release
