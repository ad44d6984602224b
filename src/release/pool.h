#pragma once
// The two permanent places that a release can occupy, each with its own target group.

#include <string_view>

namespace release {

enum class Pool { blue, green };

constexpr Pool other(Pool pool) {
    return pool == Pool::blue ? Pool::green : Pool::blue;
}
constexpr std::string_view name_of(Pool pool) {
    return pool == Pool::blue ? "blue" : "green";
}

}  // namespace release
