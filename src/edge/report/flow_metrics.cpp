// Rate, errors and duration by rule and by release, and how many sockets each release holds.

#include "edge/control/control.h"
#include "edge/report/metrics.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace edge {

namespace {

using Kind = Exposition::Kind;

struct Flow {
    std::string labels;
    const FlowTally* tally;
};

void expose(Exposition& out, const std::string& of, const std::string& by,
            const std::vector<Flow>& flows) {
    out.family("crossfade_edge_" + of + "_requests_total", Kind::counter,
               "Requests ended, by " + by + ".");
    for (const Flow& flow : flows) out.sample(flow.labels, flow.tally->sum(&FlowSlot::requests));
    out.family("crossfade_edge_" + of + "_errors_total", Kind::counter,
               "Requests answered 5xx or failed by their target, by " + by + ".");
    for (const Flow& flow : flows) out.sample(flow.labels, flow.tally->sum(&FlowSlot::errors));
    out.family("crossfade_edge_" + of + "_seconds", Kind::histogram,
               "From the whole head to the answer's last byte, without upgrades, by " + by + ".");
    for (const Flow& flow : flows) out.histogram(flow.labels, flow.tally->latency());
}

std::string labels_of(const std::string& group, const std::string& release) {
    return label("group", group) + "," + label("release", release);
}

}  // namespace

void Control::expose_flows(Exposition& out) const {
    std::vector<Flow> routes;
    for (const auto& [priority, tally] : routes_) {
        routes.push_back({label("rule", fmt::format("{}", priority)), tally.get()});
    }
    expose(out, "route", "the rule's priority", routes);
    std::vector<Flow> releases;
    for (const ReleaseFlow& flow : releases_) {
        releases.push_back({labels_of(flow.group, flow.release), flow.tally.get()});
    }
    expose(out, "release", "group and release", releases);
    std::map<std::string, std::uint64_t> sockets;
    for (const GroupEntry& group : state_.groups) {
        for (const TargetEntry& target : group.targets) {
            const auto name = target.labels.find("release");
            const std::string release = name == target.labels.end() ? "" : name->second;
            sockets[labels_of(group.name, release)] += target.tally->load().sockets;
        }
    }
    out.family("crossfade_edge_release_sockets", Kind::gauge,
               "WebSockets open, by group and release.");
    for (const auto& [labels, count] : sockets) out.sample(labels, count);
}

}  // namespace edge
