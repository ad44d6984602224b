#include "local/holds.h"

#include "base/json.h"
#include "local/call.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace local {

namespace {

constexpr const char* kEdge = "the edge";
constexpr const char* kPath = "/v1/hold";

/// The longest of the named ones, or of all.
std::chrono::milliseconds longest(const base::Json& json, std::string_view part,
                                  std::string_view name = {}) {
    std::int64_t most = 0;
    const base::Json names = json.value(std::string(part), base::Json::object());
    for (const auto& [key, left] : names.items()) {
        if (!name.empty() && key != name) continue;
        if (left.is_number_integer()) most = std::max(most, left.get<std::int64_t>());
    }
    return std::chrono::milliseconds{most};
}

}  // namespace

base::Result<void> Holds::put(std::optional<release::Pool> pool, std::chrono::milliseconds span,
                              const engine::Ticket& ticket, base::Deadline deadline) {
    base::Json body{{"fence", ticket.fence}, {"token", ticket.step.text}, {"for_ms", span.count()}};
    if (pool) {
        body["groups"] = {release::name_of(*pool)};
    } else {
        body["listeners"] = {"*"};
    }
    const auto done = call(socket_, kEdge, {"PUT", kPath, base::canonical(body)}, clock_, deadline);
    if (!done) return base::fail(done);
    return {};
}

base::Result<void> Holds::let_go(const engine::Ticket& ticket, base::Deadline deadline) {
    const base::Json body{{"fence", ticket.fence}, {"token", ticket.step.text}};
    const auto done =
        call(socket_, kEdge, {"DELETE", kPath, base::canonical(body)}, clock_, deadline);
    if (!done) return base::fail(done);
    return {};
}

base::Result<Hold> Holds::read(base::Deadline deadline) {
    const auto json = call(socket_, kEdge, {"GET", kPath, {}}, clock_, deadline);
    if (!json) return base::fail(json);
    return Hold{.everything = longest(*json, "listeners"),
                .blue = longest(*json, "groups", "blue"),
                .green = longest(*json, "groups", "green"),
                .waiting = base::member_or<std::uint64_t>(*json, "waiting", 0).value_or(0)};
}

}  // namespace local
