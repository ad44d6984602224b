#include "local/wish.h"

#include "base/json.h"
#include "local/wire.h"

#include <fmt/format.h>

namespace local {

namespace {

constexpr std::size_t kTokensMax = 64;

bool equal(const engine::Capacity& a, const engine::Capacity& b) {
    return a.release == b.release && a.instances == b.instances;
}

/// `updated` of the new release; the others stay what they are, as far as they go.
std::vector<engine::Capacity> partly_replaced(const PoolWish& before, const Change& change) {
    const std::uint32_t updated = std::min(change.updated, change.capacity.instances);
    std::vector<engine::Capacity> parts{{change.capacity.release, updated}};
    std::uint32_t rest = change.capacity.instances - updated;
    for (const engine::Capacity& part : before.parts) {
        if (part.release.id == change.capacity.release.id) continue;
        const std::uint32_t kept = std::min(rest, part.instances);
        if (kept > 0) parts.push_back({part.release, kept});
        rest -= kept;
    }
    // The pool grew in the same move: more of what is there, or of the new where nothing is.
    parts[parts.size() > 1 ? 1 : 0].instances += rest;
    std::erase_if(parts, [](const engine::Capacity& part) { return part.instances == 0; });
    return parts;
}

base::Json pool_json(const PoolWish& wish) {
    base::Json parts = base::Json::array();
    for (const engine::Capacity& part : wish.parts) parts.push_back(json_of(part));
    return {{"parts", std::move(parts)}, {"surge", wish.surge}, {"manners", json_of(wish.manners)}};
}

base::Result<PoolWish> pool_wish_from(const base::Json& json) {
    PoolWish wish;
    const auto surge = base::member<bool>(json, "surge");
    if (!surge) return base::fail(surge);
    wish.surge = *surge;
    const auto manners = manners_from(json.value("manners", base::Json::object()));
    if (!manners) return base::fail(manners);
    wish.manners = *manners;
    for (const base::Json& part : json.value("parts", base::Json::array())) {
        auto capacity = capacity_from(part);
        if (!capacity) return base::fail(capacity);
        wish.parts.push_back(std::move(*capacity));
    }
    return wish;
}

}  // namespace

std::uint32_t PoolWish::instances() const {
    std::uint32_t sum = 0;
    for (const engine::Capacity& part : parts) sum += part.instances;
    return sum;
}

const engine::Capacity* PoolWish::part_of(std::string_view release) const {
    for (const engine::Capacity& part : parts) {
        if (part.release.id == release) return &part;
    }
    return nullptr;
}

bool operator==(const PoolWish& a, const PoolWish& b) {
    return a.surge == b.surge && a.manners == b.manners &&
           std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(), equal);
}

base::Result<Wish> changed(Wish wish, const Change& change, const engine::Ticket& ticket) {
    if (ticket.fence < wish.fence) {
        return base::fail(base::Failure::conflict,
                          {.code = "CF0425",
                           .what = "the lease of this write has been replaced",
                           .why = fmt::format("its fence is {}, the agent has seen {}",
                                              ticket.fence, wish.fence)});
    }
    wish.fence = ticket.fence;
    const std::string& token = ticket.step.text;
    if (std::find(wish.tokens.begin(), wish.tokens.end(), token) != wish.tokens.end()) return wish;
    wish.tokens.push_back(token);
    if (wish.tokens.size() > kTokensMax) wish.tokens.erase(wish.tokens.begin());

    PoolWish& pool = wish.of(change.pool);
    pool.manners = change.manners;
    pool.surge = change.verb == Change::Verb::replace;
    switch (change.verb) {
        case Change::Verb::ensure:
            pool.parts = {change.capacity};
            if (change.capacity.instances == 0) pool.parts.clear();
            break;
        case Change::Verb::replace:
            pool.parts = partly_replaced(pool, change);
            break;
        case Change::Verb::retire:
            pool.parts.clear();
            break;
    }
    return wish;
}

std::string to_json(const Wish& wish) {
    base::Json json{{"schema", 1},
                    {"fence", wish.fence},
                    {"blue", pool_json(wish.blue)},
                    {"green", pool_json(wish.green)},
                    {"tokens", wish.tokens},
                    {"next_instance", wish.next_instance}};
    if (wish.tail_at) json["tail_at"] = base::micros_of(*wish.tail_at);
    return base::canonical(json);
}

base::Result<Wish> wish_from(std::string_view text) {
    const auto json = base::json_from(text);
    if (!json) return base::fail(json);
    Wish wish;
    const auto fence = base::member<std::uint64_t>(*json, "fence");
    const auto next = base::member<std::uint64_t>(*json, "next_instance");
    if (!fence) return base::fail(fence);
    if (!next) return base::fail(next);
    wish.fence = *fence;
    wish.next_instance = *next;
    auto blue = pool_wish_from(json->value("blue", base::Json::object()));
    if (!blue) return base::fail(blue);
    auto green = pool_wish_from(json->value("green", base::Json::object()));
    if (!green) return base::fail(green);
    wish.blue = std::move(*blue);
    wish.green = std::move(*green);
    for (const base::Json& token : json->value("tokens", base::Json::array())) {
        if (token.is_string()) wish.tokens.push_back(token.get<std::string>());
    }
    if (json->contains("tail_at")) {
        const auto at = base::member<std::int64_t>(*json, "tail_at");
        if (!at) return base::fail(at);
        wish.tail_at = base::instant_of_micros(*at);
    }
    return wish;
}

}  // namespace local
