#include "local/traffic.h"

#include "base/json.h"
#include "local/call.h"
#include "local/edge_admin.h"
#include "local/holds.h"

#include <fmt/format.h>

namespace local {

namespace {

constexpr const char* kEdge = "the edge";
constexpr std::int64_t kSecondsMax = 120;

tl::unexpected<base::Error> odd_answer(const std::string& why) {
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0434", .what = "the edge's answer is odd", .why = why});
}

base::Result<engine::PoolView> pool_view(const base::Json& groups, std::string_view name) {
    engine::PoolView view;
    // A group that was never configured has had no request.
    if (!groups.contains(name)) return view;
    const base::Json& group = groups.at(std::string(name));
    const auto take = [&group](std::string_view key, auto& into) -> base::Result<void> {
        const auto number = base::member<std::uint64_t>(group, key);
        if (!number) return base::fail(number);
        into = static_cast<std::remove_reference_t<decltype(into)>>(*number);
        return {};
    };
    for (const auto& taken : {take("requests_begun", view.requests_begun),
                              take("requests_in_flight", view.requests_in_flight),
                              take("sockets_open", view.sockets_open),
                              take("instances_healthy", view.instances_healthy),
                              take("instances_draining", view.instances_draining)}) {
        // Half of an answer is none (P8).
        if (!taken) return odd_answer(taken.error().line());
    }
    return view;
}

}  // namespace

Traffic::Traffic(Folder folder, base::Clock& clock) : folder_(std::move(folder)), clock_(clock) {}

base::Result<engine::Split> Traffic::read(base::Deadline deadline) {
    const auto json =
        call(folder_.edge_socket(), kEdge, {"GET", "/v1/weights", {}}, clock_, deadline);
    if (!json) return base::fail(json);
    const base::Json weights = json->value("weights", base::Json::object());
    const auto blue = base::member_or<std::uint64_t>(weights, "blue", 0);
    const auto green = base::member_or<std::uint64_t>(weights, "green", 0);
    if (!blue || !green || *blue + *green == 0) return odd_answer(weights.dump());
    // Ours always add up to 1000; others' are read as the share that they are.
    return engine::Split{
        base::Permille{static_cast<std::uint16_t>(*green * 1000 / (*blue + *green))}};
}

base::Result<void> Traffic::set(engine::Split wanted, const engine::Ticket& ticket,
                                base::Deadline deadline) {
    const base::Json body{
        {"fence", ticket.fence},
        {"token", ticket.step.text},
        {"weights", {{"blue", 1000 - wanted.green.value}, {"green", wanted.green.value}}}};
    const auto done = call(folder_.edge_socket(), kEdge,
                           {"PUT", "/v1/weights", base::canonical(body)}, clock_, deadline);
    if (!done) return base::fail(done);
    return {};
}

base::Result<engine::TrafficView> Traffic::observe(std::chrono::seconds window,
                                                   base::Deadline deadline) {
    const std::int64_t seconds = std::clamp<std::int64_t>(window.count(), 1, kSecondsMax);
    const auto json =
        call(folder_.edge_socket(), kEdge,
             {"GET", fmt::format("/v1/observe?seconds={}", seconds), {}}, clock_, deadline);
    if (!json) return base::fail(json);
    const auto from = base::member<std::int64_t>(*json, "from");
    const auto until = base::member<std::int64_t>(*json, "until");
    if (!from || !until || !json->contains("groups")) return odd_answer("no window or no groups");
    const auto blue = pool_view(json->at("groups"), "blue");
    const auto green = pool_view(json->at("groups"), "green");
    if (!blue) return base::fail(blue);
    if (!green) return base::fail(green);
    return engine::TrafficView{.from = base::instant_of_micros(*from),
                               .until = base::instant_of_micros(*until),
                               .blue = *blue,
                               .green = *green};
}

base::Result<void> Traffic::move_sockets(const std::vector<std::string>& instances,
                                         std::uint32_t sockets_a_second,
                                         const engine::Ticket& ticket, base::Deadline deadline) {
    const auto targets = EdgeAdmin(folder_.edge_socket(), clock_).targets(deadline);
    if (!targets) return base::fail(targets);
    std::vector<std::pair<std::string, std::string>> places;
    for (const std::string& instance : instances) {
        const auto target = targets->find(instance);
        if (target == targets->end()) continue;  // has gone, and its sockets with it
        places.emplace_back(instance, release::name_of(target->second.pool));
    }
    const auto count = static_cast<std::uint32_t>(places.size());
    for (std::uint32_t i = 0; i < count; ++i) {
        // The first ones take what does not divide; never 0, which would mean all at once.
        std::uint32_t rate = 0;
        if (sockets_a_second > 0) {
            rate = std::max(1U, sockets_a_second / count + (i < sockets_a_second % count ? 1 : 0));
        }
        const base::Json body{{"fence", ticket.fence},
                              {"token", fmt::format("{}/{}", ticket.step.text, places[i].first)},
                              {"sockets_a_second", rate}};
        const auto done = call(folder_.edge_socket(), kEdge,
                               {"POST",
                                fmt::format("/v1/groups/{}/targets/{}/move-sockets",
                                            places[i].second, places[i].first),
                                base::canonical(body)},
                               clock_, deadline);
        if (!done && done.error().failure != base::Failure::not_found) return base::fail(done);
    }
    return {};
}

base::Result<void> Traffic::hold(std::chrono::milliseconds span, const engine::Ticket& ticket,
                                 base::Deadline deadline) {
    return Holds(folder_.edge_socket(), clock_).put({}, span, ticket, deadline);
}

base::Result<void> Traffic::let_go(const engine::Ticket& ticket, base::Deadline deadline) {
    return Holds(folder_.edge_socket(), clock_).let_go(ticket, deadline);
}

base::Result<std::chrono::milliseconds> Traffic::held(base::Deadline deadline) {
    const auto held = Holds(folder_.edge_socket(), clock_).read(deadline);
    if (!held) return base::fail(held);
    return held->everything;
}

}  // namespace local
