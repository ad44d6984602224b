#pragma once
// A member of a structure by its name and type: what the models name compiles, what they do not
// name does not. The tables of `models/` make the keys; values stay what they are, so that
// whatever no model names survives beside them.
//
//     rule::rule_arn.of(rule)                           its text, empty where it is absent
//     Entries{ModifyRuleInput::rule_arn("arn:...")}     an input
//     TargetGroupTuple::weight.put(tuple, 50)           a change

#include "aws/value.h"
#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace aws {

/// T: std::string (text, bytes, enumerated values), bool, std::int64_t, double, base::Instant,
/// List, or Entries (structures and maps).
template <typename T>
struct Key {
    const char* name;

    /// nullptr where it is absent, or where the answer has another type there.
    const T* find(const Value& in) const {
        const Value* const found = in.member(name);
        return found != nullptr ? found->as<T>() : nullptr;
    }
    /// The content; an empty one where it is absent. Nothing must follow from a number or a truth
    /// that may be absent: use `find` for those.
    const T& of(const Value& in) const {
        static const T none{};
        const T* const found = find(in);
        return found != nullptr ? *found : none;
    }
    /// For changing what is inside of a list or a structure; nullptr where it is absent.
    T* edit(Value& in) const {
        Value* const found = in.member(name);
        return found != nullptr ? found->as<T>() : nullptr;
    }
    /// The member with this content, whether or not it was there; all else stays. `in` is a
    /// structure, or nothing yet.
    void put(Value& in, T content) const {
        if (in.is_null()) in.content = Entries{};
        if (Value* const found = in.member(name)) {
            found->content = std::move(content);
        } else if (auto* const entries = in.as<Entries>()) {
            entries->push_back((*this)(std::move(content)));
        }
    }
    /// A member of an input.
    Entry operator()(T content) const { return {name, Value(std::move(content))}; }
};

/// What is inside of a structure: its own keys take a Value.
inline const Value& inside(const Value& in, const Key<Entries>& key) {
    static const Value none;
    const Value* const found = in.member(key.name);
    return found != nullptr ? *found : none;
}

/// The same for changing it; an empty one where it was absent. `in` is a structure or nothing yet.
inline Value& opened(Value& in, const Key<Entries>& key) {
    if (in.member(key.name) == nullptr) key.put(in, {});
    return *in.member(key.name);
}

using Text = Key<std::string>;
using Truth = Key<bool>;
using Number = Key<std::int64_t>;
using Real = Key<double>;
using Time = Key<base::Instant>;
using Items = Key<List>;
using Fields = Key<Entries>;

}  // namespace aws
