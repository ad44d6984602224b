#include "engine/body.h"

#include <algorithm>
#include <cstdlib>

namespace engine {

using base::Json;

namespace {

std::size_t bucket_in(const Json& edge, std::string_view key) {
    return std::min<std::size_t>(number_in(edge, key), base::Histogram::kBuckets - 1);
}

}  // namespace

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

Json json_of(const judge::Usual& usual) {
    Json edges = Json::array();
    for (const judge::LatencyEdge& edge : usual.edges) {
        edges.push_back({{"permille", edge.permille},
                         {"bucket", edge.bucket},
                         {"baseline_bucket", edge.baseline_bucket},
                         {"usual", edge.usual}});
    }
    Json json{{"edges", edges}, {"dispersion", usual.dispersion}};
    if (usual.error_rate) json["error_rate"] = *usual.error_rate;
    if (usual.cut_rate) json["cut_rate"] = *usual.cut_rate;
    if (!usual.flagged.empty()) json["flagged"] = usual.flagged;
    return json;
}

judge::Usual usual_from(const Json& json) {
    judge::Usual usual;
    for (const Json& edge : part_of(json, "edges")) {
        usual.edges.push_back({.permille = static_cast<std::uint32_t>(number_in(edge, "permille")),
                               .bucket = bucket_in(edge, "bucket"),
                               .baseline_bucket = bucket_in(edge, "baseline_bucket"),
                               .usual = real_in(edge, "usual")});
    }
    for (const Json& each : part_of(json, "dispersion")) {
        usual.dispersion.push_back(each.is_number() ? std::max(1.0, each.get<double>()) : 1.0);
    }
    if (json.contains("error_rate")) usual.error_rate = real_in(json, "error_rate");
    if (json.contains("cut_rate")) usual.cut_rate = real_in(json, "cut_rate");
    for (const Json& each : part_of(json, "flagged")) {
        if (each.is_string()) usual.flagged.push_back(each.get<std::string>());
    }
    return usual;
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

double real_in(const Json& body, std::string_view key) {
    return base::member_or<double>(body, key, 0).value_or(0);
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
