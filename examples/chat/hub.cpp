#include "chat/hub.h"

#include <algorithm>

#include "base/json.h"
#include "chat/identity.h"

namespace chat {
namespace {

constexpr std::uint16_t kTryAgainLater = 1013;
constexpr std::uint16_t kPolicy = 1008;

std::string tail_of(std::uint64_t seq) {
    return ",\"seq\":" + std::to_string(seq) + "}";
}

}  // namespace

void Hub::learn_memberships(const std::vector<std::pair<std::string, std::string>>& all) {
    members_.clear();
    for (const auto& [place, user] : all) members_[place].insert(user);
}

bool Hub::is_member(const std::string& place, const std::string& user_id) const {
    const auto found = members_.find(place);
    return found != members_.end() && found->second.contains(user_id);
}

std::string Hub::open(const Arrival& arrival, Outlet& outlet) {
    Connection* const known = find(arrival.connection_id);
    if (known && known->user_id == arrival.user_id && resume(*known, arrival, outlet)) {
        return known->id;
    }
    auto fresh = std::make_unique<Connection>();
    Connection& connection = *fresh;
    connection.id = fresh_id();
    connection.user_id = arrival.user_id;
    connection.session_digest = arrival.session_digest;
    connection.outlet = &outlet;
    connections_.emplace(connection.id, std::move(fresh));
    by_user_[connection.user_id].push_back(&connection);
    ++sockets_;
    presence_changed_.insert(connection.user_id);

    const base::Json payload{{"connection_id", connection.id},
                             {"server_version", greeting_.server_version},
                             {"server_hostname", greeting_.hostname}};
    Event hello = event_of("hello", payload.dump(), {.user_id = connection.user_id});
    queue(connection, std::make_shared<const std::string>(std::move(hello.frame)), false);
    return connection.id;
}

// What the client expects next must still be here: in `sent`, or the first not sent at all.
bool Hub::resume(Connection& connection, const Arrival& arrival, Outlet& outlet) {
    const std::uint64_t oldest = connection.next_seq - connection.sent.size();
    const std::uint64_t wanted = arrival.sequence_number;
    if (wanted < oldest || wanted > connection.next_seq) return false;
    if (connection.outlet) {
        // Its client is here, so the old socket is dead even if nobody has noticed yet.
        connection.outlet->close(kPolicy, "continued on another socket");
    } else {
        ++sockets_;
    }
    connection.outlet = &outlet;
    connection.session_digest = arrival.session_digest;
    connection.away = false;
    presence_changed_.insert(connection.user_id);
    for (std::uint64_t seq = wanted; seq < connection.next_seq; ++seq) {
        outlet.send(*connection.sent[seq - oldest], tail_of(seq));
    }
    pump(connection);
    return true;
}

void Hub::lose(const std::string& connection_id, const Outlet& outlet, base::Tick now) {
    Connection* const connection = find(connection_id);
    if (!connection || connection->outlet != &outlet) return;
    connection->outlet = nullptr;
    connection->lost_at = now;
    --sockets_;
    presence_changed_.insert(connection->user_id);
}

void Hub::push(const std::string& connection_id) {
    if (Connection* const connection = find(connection_id)) pump(*connection);
}

void Hub::reply(const std::string& connection_id, std::string_view text) {
    Connection* const connection = find(connection_id);
    if (connection && connection->outlet) connection->outlet->send(text, {});
}

void Hub::set_away(const std::string& connection_id, bool away) {
    Connection* const connection = find(connection_id);
    if (!connection || connection->away == away) return;
    connection->away = away;
    presence_changed_.insert(connection->user_id);
}

void Hub::take(const Event& event, Reach reach) {
    const bool leaves = event.name == "user_removed" || event.name == "leave_team";
    if (!leaves) change_membership(event);
    if (event.name == "session_ended") {
        end_session(event.subject);
    } else if (reach == Reach::everyone) {
        const auto frame = std::make_shared<const std::string>(event.frame);
        const Audience& to = event.audience;
        const std::string& place = to.channel_id.empty() ? to.team_id : to.channel_id;
        if (!to.user_id.empty()) {
            queue_for_user(event, to.user_id, frame);
        } else if (!place.empty()) {
            const auto members = members_.find(place);
            if (members != members_.end()) {
                for (const std::string& user : members->second) queue_for_user(event, user, frame);
            }
        } else {
            for (const auto& [user, ignored] : by_user_) queue_for_user(event, user, frame);
        }
    }
    if (leaves) change_membership(event);
    for (const std::string& id : std::exchange(overflowed_, {})) {
        Connection* const connection = find(id);
        if (connection) forget(*connection, kTryAgainLater, "too slow for its events");
    }
}

void Hub::queue_for_user(const Event& event, const std::string& user_id, const Frame& frame) {
    if (user_id == event.audience.omit_user) return;
    const auto found = by_user_.find(user_id);
    if (found == by_user_.end()) return;
    const bool droppable = event.name == "typing" || event.name == "status_change";
    for (Connection* const connection : found->second) {
        if (connection->id != event.audience.omit_connection) {
            queue(*connection, frame, droppable);
        }
    }
}

void Hub::queue(Connection& connection, const Frame& frame, bool droppable) {
    if (droppable && connection.queued.size() > limits_.queued_max / 2) return;
    if (connection.queued.size() >= limits_.queued_max) {
        overflowed_.push_back(connection.id);
        return;
    }
    connection.queued.push_back(frame);
    pump(connection);
}

void Hub::pump(Connection& connection) {
    while (connection.outlet && !connection.queued.empty() &&
           connection.outlet->unsent_bytes() < limits_.unsent_bytes_max) {
        Frame frame = std::move(connection.queued.front());
        connection.queued.pop_front();
        connection.outlet->send(*frame, tail_of(connection.next_seq++));
        connection.sent.push_back(std::move(frame));
        if (connection.sent.size() > limits_.sent_kept) connection.sent.pop_front();
    }
}

// A direct channel's events name it in the audience; so do a channel's. A team's do not have one.
void Hub::change_membership(const Event& event) {
    const Audience& to = event.audience;
    const bool joins = event.name == "user_added" || event.name == "direct_added" ||
                       event.name == "channel_created";
    if (joins) members_[to.channel_id].insert(event.subject);
    if (event.name == "added_to_team") members_[to.team_id].insert(event.subject);
    if (event.name == "user_removed") members_[to.channel_id].erase(event.subject);
    if (event.name == "leave_team") members_[to.team_id].erase(event.subject);
}

void Hub::end_session(const std::string& digest) {
    std::vector<Connection*> ended;
    for (const auto& [id, connection] : connections_) {
        if (connection->session_digest == digest) ended.push_back(connection.get());
    }
    for (Connection* const connection : ended) forget(*connection, kPolicy, "logged out");
}

void Hub::forget(Connection& connection, std::uint16_t code, std::string_view reason) {
    if (connection.outlet) {
        connection.outlet->close(code, reason);
        --sockets_;
    }
    presence_changed_.insert(connection.user_id);
    const auto user = by_user_.find(connection.user_id);
    std::erase(user->second, &connection);
    if (user->second.empty()) by_user_.erase(user);
    connections_.erase(std::string(connection.id));
}

void Hub::reap(base::Tick now) {
    std::vector<Connection*> stale;
    for (const auto& [id, connection] : connections_) {
        if (!connection->outlet && now - connection->lost_at > limits_.inactive_kept) {
            stale.push_back(connection.get());
        }
    }
    for (Connection* const connection : stale) forget(*connection, kPolicy, "stale");
}

void Hub::close_all(std::uint16_t code, std::string_view reason) {
    for (const auto& [id, connection] : connections_) {
        if (connection->outlet) connection->outlet->close(code, reason);
    }
}

std::vector<Presence> Hub::presence_changes(std::size_t most) {
    std::vector<Presence> changes;
    while (!presence_changed_.empty() && changes.size() < most) {
        const std::string user = *presence_changed_.begin();
        presence_changed_.erase(presence_changed_.begin());
        Presence presence{.user_id = user};
        const auto found = by_user_.find(user);
        if (found != by_user_.end()) {
            for (const Connection* const connection : found->second) {
                if (!connection->outlet) continue;
                const auto kind = connection->away ? Presence::Kind::away : Presence::Kind::active;
                presence.kind = std::max(presence.kind, kind);
            }
        }
        changes.push_back(std::move(presence));
    }
    return changes;
}

Hub::Connection* Hub::find(const std::string& connection_id) {
    const auto found = connections_.find(connection_id);
    return found == connections_.end() ? nullptr : found->second.get();
}

}  // namespace chat
