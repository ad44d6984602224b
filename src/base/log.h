#pragma once
// One line an event, `event key=value`, on standard error. The journal is the record; this is
// commentary. `error`: someone must act now. `warn`: someone should look. `info`: once per
// change of state. Never on the edge's hot path, never a secret.

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace base::log {

/// A key and its value, made text at once; values with spaces or quotes are quoted.
struct Field {
    template <typename T>
    Field(std::string_view name, const T& content) : key(name), value(fmt::format("{}", content)) {}

    std::string_view key;
    std::string value;
};

void error(std::string_view event, std::initializer_list<Field> fields = {});
void warn(std::string_view event, std::initializer_list<Field> fields = {});
void info(std::string_view event, std::initializer_list<Field> fields = {});

/// Silences everything below `error`; for commands whose output is the product.
void only_errors();

}  // namespace base::log
