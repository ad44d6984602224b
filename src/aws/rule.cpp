#include "aws/rule.h"

#include "aws/key.h"
#include "aws/models/elbv2.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/units.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aws {
namespace {

using Tuple = Value;

// A weight is 0..999, so the whole is not 1000 : 0.
constexpr std::int64_t kWhole = 100;

std::pair<std::int64_t, std::int64_t> weights_for(base::Permille green) {
    if (green == base::kNone) return {kWhole, 0};
    if (green == base::kAll) return {0, kWhole};
    return {1000 - green.value, green.value};
}

tl::unexpected<base::Error> unfit(const Value& rule, std::string why) {
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0813",
         .what = fmt::format("the rule {} cannot divide requests", elbv2::Rule::rule_arn.of(rule)),
         .why = std::move(why),
         .fix = "let its one forward action name both target groups of the "
                "application and no other"});
}

List* groups_in(Value& actions) {
    for (Value& action : *actions.as<List>()) {
        if (elbv2::Action::type.of(action) != "forward") continue;
        return elbv2::ForwardActionConfig::target_groups.edit(
            opened(action, elbv2::Action::forward_config));
    }
    return nullptr;
}

Value* tuple_of(List& tuples, const std::string& arn) {
    for (Value& each : tuples)
        if (elbv2::TargetGroupTuple::target_group_arn.of(each) == arn) return &each;
    return nullptr;
}

void write(const Element& element, std::string& into) {
    into += '<' + element.name;
    for (const auto& [name, value] : element.attributes) into += ' ' + name + '=' + value;
    into += '>' + element.text;
    for (const Element& child : element.children) write(child, into);
    into += "</>";
}

std::string text_of(const Value& value);

std::string joined(std::vector<std::string> parts) {
    std::sort(parts.begin(), parts.end());
    std::string out = "(";
    for (const std::string& each : parts) out += std::to_string(each.size()) + ':' + each;
    return out + ')';
}

// Services give members and items in no promised order.
std::string text_of(const Value& value) {
    std::vector<std::string> parts;
    if (const auto* const entries = value.as<Entries>()) {
        for (const Entry& entry : *entries) {
            // A weight alone is ours to change; an empty text is an absent one.
            std::string held = entry.name == elbv2::TargetGroupTuple::weight.name
                                   ? std::string{}
                                   : text_of(entry.value);
            if (!held.empty()) parts.push_back(entry.name + '=' + held);
        }
        return joined(std::move(parts));
    }
    if (const auto* const list = value.as<List>()) {
        for (const Value& each : *list) parts.push_back(text_of(each));
        return joined(std::move(parts));
    }
    if (const auto* const text = value.as<std::string>()) return *text;
    if (const auto* const number = value.as<std::int64_t>()) return std::to_string(*number);
    if (const auto* const truth = value.as<bool>()) return *truth ? "true" : "false";
    if (const auto* const real = value.as<double>()) return fmt::format("{}", *real);
    if (const auto* const at = value.as<base::Instant>()) return base::to_text(*at);
    std::string out;
    if (const auto* const element = value.as<Element>()) write(*element, out);
    return out;
}

}  // namespace

base::Result<base::Permille> share_in(const Value& rule, const Groups& groups) {
    const auto* const is_default = elbv2::Rule::is_default.find(rule);
    if (is_default != nullptr && *is_default)
        return unfit(rule, "it is the listener's default: ModifyRule cannot change it");
    Value actions = elbv2::Rule::actions.of(rule);
    List* const tuples = groups_in(actions);
    if (tuples == nullptr) return unfit(rule, "it does not forward to weighted target groups");
    const Value* const blue = tuple_of(*tuples, groups.blue);
    const Value* const green = tuple_of(*tuples, groups.green);
    if (blue == nullptr || green == nullptr || tuples->size() != 2)
        return unfit(rule, "its target groups are not the application's two");
    const auto* const of_blue = elbv2::TargetGroupTuple::weight.find(*blue);
    const auto* const of_green = elbv2::TargetGroupTuple::weight.find(*green);
    if (of_blue == nullptr || of_green == nullptr || *of_blue < 0 || *of_green < 0 ||
        *of_blue + *of_green == 0)
        return unfit(rule, "its weights send requests nowhere");
    const std::int64_t share = *of_green * 1000 / (*of_blue + *of_green);
    return base::Permille{static_cast<std::uint16_t>(share)};
}

base::Result<List> actions_with(const Value& rule, const Groups& groups, base::Permille green) {
    if (const auto share = share_in(rule, groups); !share) return base::fail(share);
    Value actions = elbv2::Rule::actions.of(rule);
    List* const tuples = groups_in(actions);
    const auto [of_blue, of_green] = weights_for(green);
    elbv2::TargetGroupTuple::weight.put(*tuple_of(*tuples, groups.blue), of_blue);
    elbv2::TargetGroupTuple::weight.put(*tuple_of(*tuples, groups.green), of_green);
    return std::move(*actions.as<List>());
}

std::string rest_of(const Value& rule) {
    Value part = Entries{elbv2::Rule::priority(elbv2::Rule::priority.of(rule)),
                         elbv2::Rule::conditions(elbv2::Rule::conditions.of(rule)),
                         elbv2::Rule::actions(elbv2::Rule::actions.of(rule))};
    if (const auto* const entries = rule.as<Entries>())
        for (const Entry& entry : *entries)
            if (entry.value.as<Element>() != nullptr) part.as<Entries>()->push_back(entry);
    return base::sha256(text_of(part)).hex();
}

// `…:listener-rule/app/NAME/ID/LISTENER/RULE` of `…:loadbalancer/app/NAME/ID`.
std::string load_balancer_of(const std::string& rule) {
    constexpr std::string_view kKind = ":listener-rule/";
    const std::size_t at = rule.find(kKind);
    if (at == std::string::npos) return {};
    std::string rest = rule.substr(at + kKind.size());
    for (int part = 0; part < 2; ++part) rest.resize(std::min(rest.rfind('/'), rest.size()));
    return rule.substr(0, at) + ":loadbalancer/" + rest;
}

}  // namespace aws
