#include "aws/value.h"

#include "base/clock.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace aws {

Value::Value() = default;

Value::~Value() = default;

Value::Value(const Value& other) = default;

Value& Value::operator=(const Value& other) = default;

Value::Value(Value&& other) noexcept = default;

Value& Value::operator=(Value&& other) noexcept = default;

Value::Value(bool given) : content(given) {}

Value::Value(std::int64_t given) : content(given) {}

Value::Value(int given) : content(std::int64_t{given}) {}

Value::Value(double given) : content(given) {}

Value::Value(std::string given) : content(std::move(given)) {}

Value::Value(const char* given) : content(std::string(given)) {}

Value::Value(base::Instant given) : content(given) {}

Value::Value(List given) : content(std::move(given)) {}

Value::Value(Entries given) : content(std::move(given)) {}

Value::Value(Element given) : content(std::move(given)) {}

const Value* Value::member(std::string_view name) const {
    if (const auto* const entries = as<Entries>())
        for (const Entry& entry : *entries)
            if (entry.name == name) return &entry.value;
    return nullptr;
}

Value* Value::member(std::string_view name) {
    return const_cast<Value*>(std::as_const(*this).member(name));
}

std::string Value::text(std::string_view name) const {
    const Value* const found = member(name);
    const auto* const said = found != nullptr ? found->as<std::string>() : nullptr;
    return said != nullptr ? *said : std::string{};
}

const List& Value::items(std::string_view name) const {
    static const List none;
    const Value* const found = member(name);
    const auto* const list = found != nullptr ? found->as<List>() : nullptr;
    return list != nullptr ? *list : none;
}

bool operator==(const Value& a, const Value& b) {
    return a.content == b.content;
}

}  // namespace aws
