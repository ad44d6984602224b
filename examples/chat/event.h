#pragma once
// What happened, for every subscribed socket on every instance. Events are rows, written in the
// transaction that made them true, with ids that have neither gaps nor a second order.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "chat/sql.h"

namespace chat {

/// Who is to hear of an event; empty parts do not narrow it. With none set everyone hears it.
struct Audience {
    std::string user_id = {};
    std::string channel_id = {};
    std::string team_id = {};
    std::string omit_user = {};
    std::string omit_connection = {};
};

struct Event {
    std::int64_t id = 0;      ///< Given when written.
    std::string origin = {};  ///< The instance that wrote it; given when written.
    std::string name;
    Audience audience = {};
    std::string subject = {};  ///< The user that a change of membership or sessions is about.
    std::string frame;         ///< The JSON text up to where `,"seq":N}` follows.
};

/// Makes an event; `payload` is a JSON object as text.
Event event_of(std::string_view name, std::string_view payload, Audience audience);

/// What a write job works with: the open transaction, the time, and the events it causes.
/// Instants are the batch's; channels keep clocks of their own that never repeat.
struct Write {
    Sql& sql;
    std::int64_t now_ms;
    std::vector<Event> events = {};
};

/// Stores the events with the next ids and wakes the other instances on commit.
void store_events(Write& write, std::string_view origin);

/// Events after `cursor` in order, at most `limit`.
std::vector<Event> events_after(Sql& sql, std::int64_t cursor, std::int64_t limit);

/// The id of the newest event.
std::int64_t newest_event(Sql& sql);
/// All events up to this one are forgotten: who has not read them must begin anew.
std::int64_t newest_forgotten_event(Sql& sql);
/// Forgets events older than `before_ms`.
void forget_events(Write& write, std::int64_t before_ms);

}  // namespace chat
