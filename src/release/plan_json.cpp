#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include "base/digest.h"
#include "base/json.h"
#include "base/result.h"
#include "release/codec.h"
#include "release/plan.h"

namespace release {

namespace {

constexpr std::array<std::string_view, std::variant_size_v<Action>> kActionNames{
    "check", "publish", "prepare", "scale-up", "test",     "shift", "ramp",
    "watch", "drain",   "retire",  "replace",  "recreate", "hook",  "gate"};

template <std::size_t I = 0>
bool emplace_by_name(Action& action, std::string_view name) {
    if constexpr (I == std::variant_size_v<Action>) {
        return false;
    } else {
        if (kActionNames[I] != name) return emplace_by_name<I + 1>(action, name);
        action.emplace<I>();
        return true;
    }
}

/// The object without its member `kind`, which says what the others mean.
struct Tagged {
    std::string kind;
    base::Json rest;
};

Tagged untagged(const base::Json& json) {
    Tagged tagged{.kind = base::member_or<std::string>(json, "kind", "").value_or(""),
                  .rest = json};
    if (tagged.rest.is_object()) tagged.rest.erase("kind");
    return tagged;
}

}  // namespace

std::string_view name_of(const Action& action) {
    return kActionNames[action.index()];
}

void Decoding::into(Action& action) {
    const Tagged tagged = untagged(json);
    if (!require(emplace_by_name(action, tagged.kind), "is of no known kind")) return;
    std::visit(
        [this, &tagged](auto& kind) {
            Reader inner(tagged.rest, path);
            members(inner, kind);
            inner.finish();
            if (inner.wrong && !reader.wrong) reader.wrong = inner.wrong;
        },
        action);
}

std::string plan_to_json(const Plan& plan) {
    return base::canonical(encode(plan));
}

base::Result<Plan> plan_from_json(std::string_view text) {
    const auto json = base::json_from(text);
    if (!json) return base::fail(json);
    Plan plan;
    Reader reader(*json, "");
    members(reader, plan);
    reader.finish();
    if (reader.wrong)
        return base::fail(
            base::Failure::rejected,
            {.code = "CF0205", .what = "this is no plan as JSON", .why = *reader.wrong});
    return plan;
}

base::Digest digest_of(const Plan& plan) {
    Plan anywhere = plan;
    for (Release* each : {anywhere.from ? &*anywhere.from : nullptr, &anywhere.to}) {
        if (each == nullptr) continue;
        each->artifact_source.clear();
        each->assets_source.clear();
    }
    return base::sha256(plan_to_json(anywhere));
}

}  // namespace release
