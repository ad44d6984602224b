#include "base/form.h"
#include "base/units.h"
#include "release/spec.h"
#include "release/spec_form.h"

#include <chrono>
#include <cstdint>

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

Form<StrategyKind> strategy_kind() {
    return base::choice<StrategyKind>(
        {{"blue-green", StrategyKind::blue_green,
          "the whole fleet beside the old, then all at once"},
         {"canary", StrategyKind::canary, "a few users first, then more"},
         {"rolling", StrategyKind::rolling, "instance by instance"}});
}

Form<CanaryStep> canary_step() {
    const Permille least{1};
    const Permille most{999};
    const auto full = Fields<CanaryStep>("a group of fields")
                          .required("weight", &CanaryStep::weight, base::share(least, most),
                                    "The new release's share of new requests.", "5%")
                          .optional("hold", &CanaryStep::hold, base::duration(seconds{0}, kWeek),
                                    "How long its counts are watched there.")
                          .optional("wait_for_person", &CanaryStep::wait_for_person, base::truth(),
                                    "Then wait until `crossfade promote`.")
                          .form();
    const auto brief = base::made_of<CanaryStep, Permille>(
        base::share(least, most), [](Permille weight) { return CanaryStep{.weight = weight}; },
        [](const CanaryStep& step) { return step.weight; });
    return base::either(brief, full);
}

Form<RampKind> ramp_kind() {
    return base::choice<RampKind>(
        {{"stops", RampKind::stops, "to the shares in `canary`, each watched for a fixed time"},
         {"evidence", RampKind::evidence,
          "as far as what was seen so far can afford of the guard's `harm_max`"}});
}

}  // namespace

Form<Strategy> strategy_form() {
    const auto rolling =
        Fields<Strategy>("a group of fields")
            .optional("batch", &Strategy::rolling_batch, base::whole(1U, 1000U),
                      "How many instances are replaced at a time.")
            .optional("hold", &Strategy::rolling_hold, base::duration(seconds{0}, hours{24}),
                      "How long the counts are watched after each batch.");
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
        .optional("ramp", &Strategy::ramp, ramp_kind(), "How the share of a canary rises.")
        .optional("canary", &Strategy::canary, base::list_of(canary_step(), 0, 50),
                  "The stops on a canary's way, rising; 5%, 25% and 50% if left out. 100% comes by "
                  "itself.",
                  "[1%, {weight: 10%, hold: 5m}, {weight: 50%, wait_for_person: true}]")
        .group("rolling", "How instances are replaced one by one.", rolling)
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
        .check(check_rise)
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
        .optional("harm_max", &Guard::harm_max,
                  base::whole(std::uint64_t{1}, std::uint64_t{1'000'000'000}),
                  "Failed requests, beyond what is usual, that a bad release may cost before it is "
                  "taken back.")
        .optional("compare", &Guard::compare, base::truth(),
                  "Whether the new release must also not be worse than the old one: in errors, "
                  "latency, and sockets.")
        .optional("warm_up", &Guard::warm_up, base::duration(seconds{0}, hours{1}),
                  "So long after its first request its instances are cold: it is compared only "
                  "for gross faults.")
        .form();
}

}  // namespace release
