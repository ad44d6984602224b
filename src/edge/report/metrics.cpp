#include "edge/report/metrics.h"

#include "edge/control/control.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace edge {

namespace {

// Few enough for a scraper, placed on edges that base::Histogram has: 1, 2, 4 … ms to 32 s.
constexpr std::size_t kFirstBucket = 80;
constexpr std::size_t kBucketStep = 8;
constexpr std::size_t kLastBucket = 200;

}  // namespace

std::string label(std::string_view name, std::string_view value) {
    std::string made(name);
    made += "=\"";
    for (const char c : value) {
        if (c == '\n') {
            made += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') made += '\\';
        made += c;
    }
    made += '"';
    return made;
}

void Exposition::family(std::string_view name, Kind kind, std::string_view help) {
    static constexpr std::array<std::string_view, 3> kKinds{"counter", "gauge", "histogram"};
    name_ = name;
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                   kKinds[static_cast<std::size_t>(kind)]);
}

void Exposition::sample(std::string_view labels, std::uint64_t value) {
    text_ += name_;
    if (!labels.empty()) fmt::format_to(std::back_inserter(text_), "{{{}}}", labels);
    fmt::format_to(std::back_inserter(text_), " {}\n", value);
}

void Exposition::histogram(std::string_view labels, const base::Histogram& histogram) {
    const std::string_view comma = labels.empty() ? "" : ",";
    auto out = std::back_inserter(text_);
    std::uint64_t below = 0;
    std::uint64_t all = 0;
    double sum = 0;
    for (std::size_t i = 0; i < base::Histogram::kBuckets; ++i) {
        all += histogram.counts[i];
        sum += static_cast<double>(histogram.counts[i]) *
               static_cast<double>(base::Histogram::upper_micros(i)) / 1e6;
    }
    std::size_t next = 0;
    for (std::size_t edge = kFirstBucket; edge <= kLastBucket; edge += kBucketStep) {
        for (; next <= edge; ++next) below += histogram.counts[next];
        fmt::format_to(out, "{}_bucket{{{}{}le=\"{}\"}} {}\n", name_, labels, comma,
                       static_cast<double>(base::Histogram::upper_micros(edge)) / 1e6, below);
    }
    fmt::format_to(out, "{}_bucket{{{}{}le=\"+Inf\"}} {}\n", name_, labels, comma, all);
    fmt::format_to(out, "{}_sum{{{}}} {}\n{}_count{{{}}} {}\n", name_, labels, sum, name_, labels,
                   all);
}

namespace {

struct GroupFamily {
    const char* name;
    const char* help;
    Count<std::uint64_t> GroupSlot::* count;
};

constexpr GroupFamily kGroupFamilies[] = {
    {"crossfade_edge_requests_total", "Requests ended, upgrades included.", &GroupSlot::requests},
    {"crossfade_edge_errors_total", "Requests that failed on the target's side.",
     &GroupSlot::errors},
    {"crossfade_edge_sockets_opened_total", "WebSockets opened.", &GroupSlot::sockets_opened},
    {"crossfade_edge_sockets_refused_total", "Upgrades not answered with 101.",
     &GroupSlot::sockets_refused},
    {"crossfade_edge_sockets_cut_total", "WebSockets ended by the target without a close frame.",
     &GroupSlot::sockets_cut},
    {"crossfade_edge_retries_total", "Requests given to another target.", &GroupSlot::retries},
    {"crossfade_edge_unhealthy_routing_total",
     "Requests given to a target that is not healthy (UnhealthyRoutingRequestCount).",
     &GroupSlot::to_unhealthy},
    {"crossfade_edge_not_sticky_total",
     "Requests without a cookie that held, where cookies count (NonStickyRequestCount).",
     &GroupSlot::not_sticky},
};

struct WorkerFamily {
    const char* name;
    const char* help;
    Count<std::uint64_t> WorkerSlot::* count;
};

constexpr WorkerFamily kWorkerFamilies[] = {
    {"crossfade_edge_connections_accepted_total", "Connections accepted (NewConnectionCount).",
     &WorkerSlot::accepted},
    {"crossfade_edge_connections_rejected_total",
     "Connections above the limit (RejectedConnectionCount).", &WorkerSlot::turned_away},
    {"crossfade_edge_requests_received_total",
     "Requests received, whatever became of them (RequestCount).", &WorkerSlot::requests},
    {"crossfade_edge_requests_malformed_total", "Requests refused as malformed.",
     &WorkerSlot::malformed},
    {"crossfade_edge_received_bytes_total", "Bytes read from clients.", &WorkerSlot::bytes_in},
    {"crossfade_edge_sent_bytes_total", "Bytes sent to clients in answers.",
     &WorkerSlot::bytes_out},
    {"crossfade_edge_assets_total", "Requests answered from asset directories.",
     &WorkerSlot::asset_answers},
    {"crossfade_edge_requests_irregular_total",
     "Requests not compliant (DesyncMitigationMode_NonCompliant_Request_Count).",
     &WorkerSlot::irregular},
    {"crossfade_edge_requests_fields_dropped_total",
     "Requests that lost fields of invalid names (DroppedInvalidHeaderRequestCount).",
     &WorkerSlot::fields_dropped},
    {"crossfade_edge_fixed_answers_total", "Fixed answers (HTTP_Fixed_Response_Count).",
     &WorkerSlot::fixed_answers},
    {"crossfade_edge_redirects_total", "Redirects (HTTP_Redirect_Count).", &WorkerSlot::redirects},
    {"crossfade_edge_connections_crowded_total", "Connections above the limit of their address.",
     &WorkerSlot::crowded},
    {"crossfade_edge_tls_handshakes_total", "TLS handshakes done, resumptions included.",
     &WorkerSlot::tls_handshakes},
    {"crossfade_edge_tls_resumptions_total", "TLS handshakes that resumed a session.",
     &WorkerSlot::tls_resumed},
    {"crossfade_edge_tls_failures_total", "TLS handshakes that failed or took too long.",
     &WorkerSlot::tls_failures},
    {"crossfade_edge_http2_connections_total", "HTTP/2 connections begun.",
     &WorkerSlot::http2_connections},
    {"crossfade_edge_http2_streams_total", "Requests that came by HTTP/2.",
     &WorkerSlot::http2_streams},
    {"crossfade_edge_http2_violations_total",
     "HTTP/2 connections ended because the client broke a rule or a bound.",
     &WorkerSlot::http2_refused},
    {"crossfade_edge_log_lines_lost_total", "Access log lines that could not be written.",
     &WorkerSlot::log_lines_lost},
    {"crossfade_edge_replays_total", "Requests sent again after a target had been given bytes.",
     &WorkerSlot::replays},
    {"crossfade_edge_held_total", "Requests that had to wait for a target or the end of a pause.",
     &WorkerSlot::held_ever},
    {"crossfade_edge_held_expired_total", "Requests answered 503 because they could not wait.",
     &WorkerSlot::held_in_vain},
};

struct TargetFamily {
    const char* name;
    const char* help;
    Exposition::Kind kind;
    std::uint64_t (*value)(const TargetEntry&);
};

constexpr TargetFamily kTargetFamilies[] = {
    {"crossfade_edge_target_requests_total", "Requests ended, by target (RequestCountPerTarget).",
     Exposition::Kind::counter,
     [](const TargetEntry& target) { return target.tally->sum(&TargetSlot::requests); }},
    {"crossfade_edge_target_errors_total", "Requests that failed, by target.",
     Exposition::Kind::counter,
     [](const TargetEntry& target) { return target.tally->sum(&TargetSlot::errors); }},
    {"crossfade_edge_target_connect_failures_total",
     "Connections that could not be opened (TargetConnectionErrorCount).",
     Exposition::Kind::counter,
     [](const TargetEntry& target) { return target.tally->sum(&TargetSlot::connect_failures); }},
    {"crossfade_edge_target_in_flight", "Requests under way.", Exposition::Kind::gauge,
     [](const TargetEntry& target) { return target.tally->load().in_flight; }},
    {"crossfade_edge_target_sockets", "WebSockets open.", Exposition::Kind::gauge,
     [](const TargetEntry& target) { return target.tally->load().sockets; }},
    {"crossfade_edge_target_connections", "Connections to the target.", Exposition::Kind::gauge,
     [](const TargetEntry& target) { return target.tally->load().pooled; }},
    {"crossfade_edge_target_healthy", "1 while healthy.", Exposition::Kind::gauge,
     [](const TargetEntry& target) {
         return std::uint64_t{!target.drain && target.health.state() == HealthState::healthy};
     }},
};

std::string labels_of(const GroupEntry& group, const TargetEntry& target) {
    std::string made = label("group", group.name) + "," + label("target", target.id);
    const auto release = target.labels.find("release");
    if (release != target.labels.end()) made += "," + label("release", release->second);
    return made;
}

void expose_groups(Exposition& out, const std::vector<GroupEntry>& groups) {
    using Kind = Exposition::Kind;
    for (const GroupFamily& family : kGroupFamilies) {
        out.family(family.name, Kind::counter, family.help);
        for (const GroupEntry& group : groups) {
            out.sample(label("group", group.name), group.tally->sum(family.count));
        }
    }
    out.family("crossfade_edge_target_answers_total", Kind::counter,
               "Answers by targets, by class of status (HTTPCode_Target_NXX_Count).");
    for (const GroupEntry& group : groups) {
        const std::string name = label("group", group.name);
        out.sample(name + ",code=\"2xx\"", group.tally->sum(&GroupSlot::answers_2xx));
        out.sample(name + ",code=\"3xx\"", group.tally->sum(&GroupSlot::answers_3xx));
        out.sample(name + ",code=\"4xx\"", group.tally->sum(&GroupSlot::answers_4xx));
        out.sample(name + ",code=\"5xx\"", group.tally->sum(&GroupSlot::answers_5xx));
    }
    out.family("crossfade_edge_request_seconds", Kind::histogram,
               "From the whole head to the answer's last byte, without upgrades.");
    for (const GroupEntry& group : groups) {
        out.histogram(label("group", group.name), group.tally->counts().latency);
    }
    out.family("crossfade_edge_group_weight", Kind::gauge, "The stored weight.");
    for (const GroupEntry& group : groups) out.sample(label("group", group.name), group.weight);
    for (const TargetFamily& family : kTargetFamilies) {
        out.family(family.name, family.kind, family.help);
        for (const GroupEntry& group : groups) {
            for (const TargetEntry& target : group.targets) {
                out.sample(labels_of(group, target), family.value(target));
            }
        }
    }
}

}  // namespace

std::string Control::metrics() const {
    using Kind = Exposition::Kind;
    const std::lock_guard lock(mutex_);
    const auto sum = [&](Count<std::uint64_t> WorkerSlot::* count) {
        std::uint64_t all = 0;
        for (const WorkerSlot& slot : plane_.shared->slots) all += (slot.*count).read();
        return all;
    };
    Exposition out;
    for (const WorkerFamily& family : kWorkerFamilies) {
        out.family(family.name, Kind::counter, family.help);
        out.sample("", sum(family.count));
    }
    out.family("crossfade_edge_own_answers_total", Kind::counter,
               "Answers of the edge's own making, by class of status (HTTPCode_ELB_NXX_Count).");
    out.sample("code=\"3xx\"", sum(&WorkerSlot::answers_3xx));
    out.sample("code=\"4xx\"", sum(&WorkerSlot::answers_4xx));
    out.sample("code=\"5xx\"", sum(&WorkerSlot::answers_5xx));
    out.family("crossfade_edge_handoffs_total", Kind::counter,
               "WebSockets whose target was replaced, or was to be, by outcome.");
    out.sample("outcome=\"swapped\"", sum(&WorkerSlot::handoffs_swapped));
    out.sample("outcome=\"recovered\"", sum(&WorkerSlot::handoffs_recovered));
    out.sample("outcome=\"refused\"", sum(&WorkerSlot::handoffs_refused));
    out.sample("outcome=\"failed\"", sum(&WorkerSlot::handoffs_failed));
    out.family("crossfade_edge_sockets_held", Kind::gauge,
               "WebSockets that have no target for the moment.");
    std::uint64_t held = 0;
    for (const WorkerSlot& slot : plane_.shared->slots) held += slot.sockets_held.read();
    out.sample("", held);
    out.family("crossfade_edge_event_streams_taken_up_total", Kind::counter,
               "Streams of server-sent events that another target went on with.");
    out.sample("", sum(&WorkerSlot::streams_taken_up));
    out.family("crossfade_edge_connections", Kind::gauge,
               "Connections open, sockets included (ActiveConnectionCount).");
    out.sample("", plane_.shared->connections.load(std::memory_order_relaxed));
    out.family("crossfade_edge_tls_reload_failures_total", Kind::counter,
               "Changed certificate files that could not be used.");
    out.sample("", reload_failures_);
    out.family("crossfade_edge_held", Kind::gauge, "Requests that wait now.");
    out.sample("", sum(&WorkerSlot::held));
    out.family("crossfade_edge_config_version", Kind::gauge, "The version every worker runs.");
    out.sample("", running());
    expose_groups(out, state_.groups);
    expose_flows(out);
    return out.take();
}

}  // namespace edge
