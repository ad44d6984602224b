#pragma once
// What goes into an operation of AWS and comes out of it, whatever its protocol.

#include "base/clock.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aws {

struct Value;
struct Entry;

/// XML that no shape describes, kept as it was read, so that whoever changes one weight of a rule
/// writes all else back. AWS adds members faster than clients learn them.
struct Element {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes;
    std::string text;
    std::vector<Element> children;

    friend bool operator==(const Element&, const Element&) = default;
};

using List = std::vector<Value>;
/// A structure or a map, in the order in which it was written or read.
using Entries = std::vector<Entry>;

/// Strings are UTF-8 and blobs are bytes, both `std::string`; what is absent is not in Entries.
/// An enumerated value that nobody knows is a string like the others.
struct Value {
    using Content = std::variant<std::monostate, bool, std::int64_t, double, std::string,
                                 base::Instant, List, Entries, Element>;
    Content content;

    Value();
    ~Value();
    Value(const Value& other);
    Value& operator=(const Value& other);
    Value(Value&& other) noexcept;
    Value& operator=(Value&& other) noexcept;
    Value(bool given);
    Value(std::int64_t given);
    Value(int given);
    Value(double given);
    Value(std::string given);
    Value(const char* given);
    Value(base::Instant given);
    Value(List given);
    Value(Entries given);
    Value(Element given);

    template <typename T>
    const T* as() const {
        return std::get_if<T>(&content);
    }
    template <typename T>
    T* as() {
        return std::get_if<T>(&content);
    }
    bool is_null() const { return std::holds_alternative<std::monostate>(content); }

    /// The member of a structure; nullptr where it is absent or this is none.
    const Value* member(std::string_view name) const;
    Value* member(std::string_view name);
    /// The text of a member that is a string; empty where there is none.
    std::string text(std::string_view name) const;
    /// The list of a member; empty where there is none, which is not the same as an empty one.
    const List& items(std::string_view name) const;

    friend bool operator==(const Value&, const Value&);
};

struct Entry {
    std::string name;
    Value value;

    friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace aws
