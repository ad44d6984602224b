// Control's memory: the state file, and the sockets that listen.

#include "base/file.h"
#include "base/json.h"
#include "edge/control/control.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace edge {

namespace {

using base::Failure;
using base::Json;

constexpr base::Bytes kStateFileMax{64 * 1024 * 1024};

Json target_state(const TargetEntry& target) {
    Json made = {{"id", target.id}, {"address", target.address_text}, {"labels", target.labels}};
    if (target.drain) {
        made["drain"] = {{"deadline_ms", target.order.deadline.count()},
                         {"sockets_a_second", target.order.sockets_a_second}};
    }
    return made;
}

tl::unexpected<base::Error> unreadable(std::string why) {
    return base::fail(Failure::rejected,
                      {.code = "CF0520",
                       .what = "the edge's state file cannot be understood",
                       .why = std::move(why),
                       .fix = "remove the file; the agent and the next release write it anew"});
}

}  // namespace

Json Control::json_of(const State& state) {
    Json made = {{"format", 1}, {"fence", state.fence}, {"groups", Json::object()}};
    if (state.config) made["config"] = to_json(*state.config);
    made["has_weights"] = state.has_weights;
    for (const GroupEntry& group : state.groups) {
        Json targets = Json::array();
        for (const TargetEntry& target : group.targets) targets.push_back(target_state(target));
        made["groups"][group.name] = {{"weight", group.weight}, {"targets", std::move(targets)}};
    }
    return made;
}

base::Result<void> Control::store(const State& state) const {
    if (state_file_.empty()) return {};
    const auto written = base::write_file(state_file_, json_of(state).dump(1));
    if (written) return {};
    return base::fail(Failure::unavailable,
                      {.code = "CF0515",
                       .what = "the change cannot be stored, so it has not been made",
                       .why = written.error().line(),
                       .fix = written.error().diagnostic.fix});
}

base::Result<void> Control::read_seal() {
    std::filesystem::path key_file = state_file_;
    if (!key_file.empty()) key_file.replace_extension(".key");
    auto seal = Seal::kept_in(key_file);
    if (!seal) return base::fail(seal);
    seal_ = std::move(*seal);
    return {};
}

base::Result<Json> Control::stored() const {
    if (state_file_.empty() || !std::filesystem::exists(state_file_)) return Json();
    const auto text = base::read_file(state_file_, kStateFileMax);
    if (!text) return base::fail(text);
    auto json = base::json_from(*text, kStateFileMax.count);
    if (!json) return unreadable(json.error().line());
    return json;
}

base::Result<void> Control::restore() {
    if (auto seal = read_seal(); !seal) return seal;
    const auto json = stored();
    if (!json) return base::fail(json);
    if (json->is_null()) return {};
    const std::lock_guard lock(mutex_);
    auto state = state_from(*json);
    if (!state) return unreadable(state.error().line());
    state_ = std::move(*state);
    publish();
    return {};
}

base::Result<void> Control::take_back() {
    // What the other edge stored last may be more than it could tell.
    const auto json = stored();
    if (json && !json->is_null()) {
        if (auto followed = follow(*json); !followed) return base::fail(followed);
    }
    return open_listeners();
}

base::Result<void> Control::open_listeners() {
    const std::lock_guard lock(mutex_);
    listening_ = true;
    if (!state_.config) return {};
    credentials_watch_.begin(*state_.config);
    auto credentials = load_credentials(*state_.config);
    if (!credentials) {
        listening_ = false;
        return base::fail(credentials);
    }
    state_.credentials = std::move(*credentials);
    auto listeners = listeners_for(*state_.config);
    if (!listeners) {
        listening_ = false;
        return base::fail(listeners);
    }
    state_.listeners = std::move(*listeners);
    publish();
    return {};
}

namespace {

base::Result<std::shared_ptr<const OpenListener>> open(const Listener& listener,
                                                       std::size_t workers) {
    auto made = std::make_shared<OpenListener>();
    made->name = listener.name;
    made->asked = listener.address;
    const auto refused = [&](const base::Error& error) {
        return base::fail(error.failure,
                          {.code = "CF0516",
                           .what = fmt::format("cannot listen on {}", listener.address),
                           .why = error.line(),
                           .fix = "stop what uses the address, or listen on another one"});
    };
    auto address = net::Address::parse(listener.address);
    if (!address) return refused(address.error());
    // Sharing a port is for our own workers: another program's sockets must not be joined.
    if (auto alone = net::listen_on(*address); !alone) return refused(alone.error());
    for (std::size_t i = 0; i < workers; ++i) {
        auto socket = net::listen_on(*address, {.reuse_port = true, .backlog = 4096});
        if (!socket) return refused(socket.error());
        const auto actual = net::local_address(socket->number());
        if (!actual) return refused(actual.error());
        address->set_port(actual->port());
        made->sockets.push_back(std::move(*socket));
    }
    made->actual = *address;
    return std::shared_ptr<const OpenListener>(std::move(made));
}

}  // namespace

base::Result<std::vector<std::shared_ptr<const OpenListener>>> Control::listeners_for(
    const Config& config) const {
    std::vector<std::shared_ptr<const OpenListener>> made;
    for (const Listener& listener : config.listeners) {
        const auto same = std::find_if(
            state_.listeners.begin(), state_.listeners.end(), [&](const auto& open_listener) {
                return open_listener->name == listener.name &&
                       (open_listener->asked == listener.address ||
                        open_listener->actual.text() == listener.address);
            });
        if (same != state_.listeners.end()) {
            made.push_back(*same);
            continue;
        }
        auto opened = open(listener, plane_.shared->slots.size());
        if (!opened) return base::fail(opened);
        made.push_back(std::move(*opened));
    }
    return made;
}

}  // namespace edge
