#include "engine/body.h"

#include <cstdlib>

namespace engine {

using base::Json;

Json json_of(const base::Diagnostic& diagnostic) {
    return {{"code", diagnostic.code},
            {"what", diagnostic.what},
            {"why", diagnostic.why},
            {"fix", diagnostic.fix}};
}

base::Diagnostic diagnostic_from(const Json& json) {
    return {.code = text_in(json, "code"),
            .what = text_in(json, "what"),
            .why = text_in(json, "why"),
            .fix = text_in(json, "fix")};
}

Json json_of(const judge::Counts& counts) {
    Json latency = Json::object();
    for (std::size_t i = 0; i < base::Histogram::kBuckets; ++i) {
        if (counts.latency.counts[i] > 0) latency[std::to_string(i)] = counts.latency.counts[i];
    }
    return {{"requests", counts.requests},
            {"errors", counts.errors},
            {"sockets_open", counts.sockets_open},
            {"sockets_opened", counts.sockets_opened},
            {"sockets_refused", counts.sockets_refused},
            {"sockets_cut", counts.sockets_cut},
            {"latency", std::move(latency)}};
}

judge::Counts counts_from(const Json& json) {
    judge::Counts counts;
    counts.requests = number_in(json, "requests");
    counts.errors = number_in(json, "errors");
    counts.sockets_open = number_in(json, "sockets_open");
    counts.sockets_opened = number_in(json, "sockets_opened");
    counts.sockets_refused = number_in(json, "sockets_refused");
    counts.sockets_cut = number_in(json, "sockets_cut");
    const Json& latency = part_of(json, "latency");
    for (const auto& [bucket, count] : latency.items()) {
        const std::size_t index = std::strtoul(bucket.c_str(), nullptr, 10);
        if (index < base::Histogram::kBuckets && count.is_number_unsigned()) {
            counts.latency.counts[index] = count.get<std::uint64_t>();
        }
    }
    return counts;
}

Json json_of(const judge::PoolCounts& counts) {
    return {{"blue", json_of(counts.blue)}, {"green", json_of(counts.green)}};
}

judge::PoolCounts pool_counts_from(const Json& json) {
    return {.blue = counts_from(part_of(json, "blue")),
            .green = counts_from(part_of(json, "green"))};
}

Json json_of(const release::Release& release) {
    return base::json_from(release::release_to_json(release)).value_or(Json{});
}

base::Result<release::Release> release_from(const Json& json) {
    return release::release_from_json(base::canonical(json));
}

std::string text_in(const Json& body, std::string_view key) {
    return base::member_or<std::string>(body, key, "").value_or("");
}

std::uint64_t number_in(const Json& body, std::string_view key) {
    return base::member_or<std::uint64_t>(body, key, 0).value_or(0);
}

bool flag_in(const Json& body, std::string_view key) {
    return base::member_or<bool>(body, key, false).value_or(false);
}

const Json& part_of(const Json& body, std::string_view key) {
    static const Json kNone;
    if (!body.is_object()) return kNone;
    const auto at = body.find(std::string(key));
    return at == body.end() ? kNone : *at;
}

}  // namespace engine
