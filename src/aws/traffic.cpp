#include "aws/traffic.h"

#include "aws/client.h"
#include "aws/key.h"
#include "aws/minutes.h"
#include "aws/models/elbv2.h"
#include "aws/rule.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"
#include "engine/ticket.h"
#include "engine/traffic.h"
#include "release/pool.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aws {
namespace {

using namespace std::chrono_literals;

// What the rule's tags say of the last write. Stored: never rename one.
constexpr const char* kFence = "crossfade:fence";
constexpr const char* kStep = "crossfade:step";
constexpr const char* kBefore = "crossfade:before";  ///< Green's permille that was found
constexpr const char* kWanted = "crossfade:wanted";  ///< and that was to be.
constexpr const char* kRest = "crossfade:rest";      ///< rest_of the rule
constexpr const char* kAt = "crossfade:at";          ///< When, in microseconds since 1970.

std::uint64_t number_of(std::string_view text) {
    std::uint64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

bool is_way_back(const engine::Ticket& ticket) {
    return ticket.step.text.ends_with("/undo");
}

tl::unexpected<base::Error> foreign(const std::string& rule, std::string why) {
    return base::fail(
        base::Failure::conflict,
        {.code = "CF0814",
         .what = fmt::format("someone else changed the rule {}", rule),
         .why = std::move(why),
         .fix = "find out who (a Terraform run without ignore_changes, a person), put "
                "it back as it was, then resume; or roll back"});
}

}  // namespace

struct Traffic::Present {
    Value rule;
    Tags tags;
    base::Permille green;

    std::string tag(const char* key) const {
        const auto found = tags.find(key);
        return found != tags.end() ? found->second : std::string{};
    }
    bool is_ours() const { return tags.contains(kFence); }
};

Traffic::Traffic(Place place, Client& balancing, Client& monitoring, base::Clock& clock,
                 ApplicationSays application)
    : place_(std::move(place)),
      balancing_(&balancing),
      monitoring_(&monitoring),
      clock_(&clock),
      application_(std::move(application)) {}

base::Result<Value> Traffic::read_rule(const Terms& terms) {
    const auto rules = balancing_->all(elbv2::kDescribeRules,
                                       Entries{elbv2::DescribeRulesInput::rule_arns({place_.rule})},
                                       elbv2::DescribeRulesOutput::rules, terms);
    if (!rules) return base::fail(rules);
    for (const Value& rule : *rules)
        if (elbv2::Rule::rule_arn.of(rule) == place_.rule) return rule;
    return base::fail(base::Failure::rejected,
                      {.code = "CF0813",
                       .what = fmt::format("there is no rule {}", place_.rule),
                       .why = "the load balancer does not know it"});
}

base::Result<Traffic::Tags> Traffic::read_tags(const Terms& terms) {
    const auto answer =
        balancing_->call(elbv2::kDescribeTags,
                         Entries{elbv2::DescribeTagsInput::resource_arns({place_.rule})}, terms);
    if (!answer) return base::fail(answer);
    Tags out;
    for (const Value& each : elbv2::DescribeTagsOutput::tag_descriptions.of(*answer))
        for (const Value& tag : elbv2::TagDescription::tags.of(each))
            out[elbv2::Tag::key.of(tag)] = elbv2::Tag::value.of(tag);
    return out;
}

base::Result<Traffic::Present> Traffic::look(const Terms& terms) {
    auto tags = read_tags(terms);
    if (!tags) return base::fail(tags);
    auto rule = read_rule(terms);
    if (!rule) return base::fail(rule);
    const auto green = share_in(*rule, place_.groups);
    if (!green) return base::fail(green);
    return Present{.rule = std::move(*rule), .tags = std::move(*tags), .green = *green};
}

base::Result<engine::Split> Traffic::read(base::Deadline deadline) {
    const auto present = look({.deadline = deadline});
    if (!present) return base::fail(present);
    if (!present->is_ours())
        return base::fail(base::Failure::not_found,
                          {.code = "CF0817",
                           .what = "this rule has had no release yet",
                           .why = place_.rule + " has no tag of a release"});
    return engine::Split{present->green};
}

base::Result<void> Traffic::set(engine::Split wanted, const engine::Ticket& ticket,
                                base::Deadline deadline) {
    const bool back = is_way_back(ticket);
    const Terms terms{.deadline = deadline, .purpose = back ? Purpose::rollback : Purpose::forward};
    const auto present = look(terms);
    if (!present) return base::fail(present);
    const std::uint64_t fence = number_of(present->tag(kFence));
    if (fence > ticket.fence)
        return base::fail(
            base::Failure::conflict,
            {.code = "CF0818",
             .what = "another run drives this rule",
             .why = fmt::format("its fence is {}, this one's {}", fence, ticket.fence)});
    const bool again = present->is_ours() && present->tag(kStep) == ticket.step.text;
    if (present->is_ours()) {
        if (present->tag(kRest) != rest_of(present->rule))
            return foreign(place_.rule,
                           "more than its weights is not as it was: conditions, "
                           "stickiness, priority, or another action");
        const std::uint64_t green = present->green.value;
        if (!back && green != number_of(present->tag(kWanted)) &&
            green != number_of(present->tag(kBefore)))
            return foreign(place_.rule,
                           fmt::format("{} of 1000 requests go to green; {} were written last",
                                       green, present->tag(kWanted)));
    }
    if (again && present->green == wanted.green) return {};
    if (const auto noted = note(*present, wanted, ticket, terms); !noted) return noted;
    if (present->green == wanted.green) return {};
    return write(*present, wanted, terms);
}

// Before the write: whoever comes after a crash finds either split expected.
base::Result<void> Traffic::note(const Present& present, engine::Split wanted,
                                 const engine::Ticket& ticket, const Terms& terms) {
    const auto tag = [](const char* key, std::string value) {
        return Value(Entries{elbv2::Tag::key(key), elbv2::Tag::value(std::move(value))});
    };
    const List tags{tag(kFence, std::to_string(ticket.fence)),
                    tag(kStep, ticket.step.text),
                    tag(kBefore, std::to_string(present.green.value)),
                    tag(kWanted, std::to_string(wanted.green.value)),
                    tag(kRest, rest_of(present.rule)),
                    tag(kAt, std::to_string(base::micros_of(clock_->now())))};
    const auto done = balancing_->call(
        elbv2::kAddTags,
        Entries{elbv2::AddTagsInput::resource_arns({place_.rule}), elbv2::AddTagsInput::tags(tags)},
        terms);
    if (!done) return base::fail(done);
    return {};
}

base::Result<void> Traffic::write(const Present& present, engine::Split wanted,
                                  const Terms& terms) {
    auto actions = actions_with(present.rule, place_.groups, wanted.green);
    if (!actions) return base::fail(actions);
    const auto answer =
        balancing_->call(elbv2::kModifyRule,
                         Entries{elbv2::ModifyRuleInput::rule_arn(place_.rule),
                                 elbv2::ModifyRuleInput::actions(std::move(*actions))},
                         terms);
    if (!answer) return base::fail(answer);
    for (const Value& rule : elbv2::ModifyRuleOutput::rules.of(*answer)) {
        if (elbv2::Rule::rule_arn.of(rule) != place_.rule) continue;
        const auto stored = share_in(rule, place_.groups);
        if (stored && *stored == wanted.green) return {};
        return foreign(place_.rule, "what was stored is not what was written");
    }
    return {};
}

base::Result<engine::PoolView> Traffic::view_of(release::Pool pool, std::uint64_t requests,
                                                const Terms& terms) {
    const std::string& group =
        pool == release::Pool::blue ? place_.groups.blue : place_.groups.green;
    const auto health =
        balancing_->call(elbv2::kDescribeTargetHealth,
                         Entries{elbv2::DescribeTargetHealthInput::target_group_arn(group)}, terms);
    if (!health) return base::fail(health);
    engine::PoolView out{.requests_begun = requests};
    for (const Value& each :
         elbv2::DescribeTargetHealthOutput::target_health_descriptions.of(*health)) {
        const std::string& state = elbv2::TargetHealth::state.of(
            inside(each, elbv2::TargetHealthDescription::target_health));
        if (state == "healthy") ++out.instances_healthy;
        if (state == "draining" || state == "unhealthy.draining") ++out.instances_draining;
    }
    if (!application_.count) {
        out.sockets_open = out.instances_healthy + out.instances_draining;
        out.requests_in_flight = out.sockets_open;
        return out;
    }
    const auto count = application_.count(pool, terms.deadline);
    if (!count) return base::fail(count);
    out.sockets_open = count->sockets_open;
    out.requests_in_flight = count->requests_in_flight;
    return out;
}

base::Result<engine::TrafficView> Traffic::observe(std::chrono::seconds window,
                                                   base::Deadline deadline) {
    const Terms terms{.deadline = deadline};
    const auto tags = read_tags(terms);
    if (!tags) return base::fail(tags);
    engine::TrafficView out;
    out.until = whole_until(clock_->now(), place_.period);
    const auto length = next_minute(base::Instant{window}, place_.period).time_since_epoch();
    out.from = out.until - std::max(length, std::chrono::microseconds(place_.period));
    if (const auto at = tags->find(kAt); at != tags->end()) {
        const auto written =
            base::instant_of_micros(static_cast<std::int64_t>(number_of(at->second)));
        out.from = std::max(out.from, next_minute(written, place_.period));
    }
    if (out.from >= out.until)
        return base::fail(base::Failure::unavailable,
                          {.code = "CF0815",
                           .what = "no whole minute has passed since the split was written",
                           .why = fmt::format("CloudWatch's next one ends at {}",
                                              base::to_text(out.from + place_.period))});
    const auto series = [this](const std::string& group) {
        return Series{.name = "RequestCount",
                      .statistic = "Sum",
                      .dimensions = {{"TargetGroup", dimension_of(group)},
                                     {"LoadBalancer", dimension_of(place_.load_balancer)}}};
    };
    const auto counts =
        minutes(*monitoring_, {series(place_.groups.blue), series(place_.groups.green)}, out.from,
                out.until, terms, place_.period);
    if (!counts) return base::fail(counts);
    const auto total = [](const Minutes& each) {
        double sum = 0;
        for (const auto& [at, value] : each) sum += value;
        return static_cast<std::uint64_t>(sum);
    };
    const auto blue = view_of(release::Pool::blue, total((*counts)[0]), terms);
    if (!blue) return base::fail(blue);
    const auto green = view_of(release::Pool::green, total((*counts)[1]), terms);
    if (!green) return base::fail(green);
    out.blue = *blue;
    out.green = *green;
    return out;
}

base::Result<void> Traffic::move_sockets(const std::vector<std::string>& instances,
                                         std::uint32_t sockets_a_second,
                                         const engine::Ticket& ticket, base::Deadline deadline) {
    if (application_.move) return application_.move(instances, sockets_a_second, ticket, deadline);
    return base::fail(base::Failure::rejected,
                      {.code = "CF0816",
                       .what = "nobody can tell the application's clients to move",
                       .why = "a load balancer of AWS only waits for sockets, or cuts them",
                       .fix = "name a drain hook that the application understands"});
}

}  // namespace aws
