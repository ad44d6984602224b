#include "chat/event.h"

#include "base/json.h"

namespace chat {

Event event_of(std::string_view name, std::string_view payload, Audience audience) {
    using base::Json;
    const Json omit = audience.omit_user.empty() ? Json() : Json{{audience.omit_user, true}};
    const Json broadcast{{"omit_users", omit},
                         {"user_id", audience.user_id},
                         {"channel_id", audience.channel_id},
                         {"team_id", audience.team_id},
                         {"connection_id", ""},
                         {"omit_connection_id", audience.omit_connection}};
    std::string frame = "{\"event\":" + Json(name).dump() + ",\"data\":";
    frame += payload;
    frame += ",\"broadcast\":" + broadcast.dump();
    return {.name = std::string(name), .audience = std::move(audience), .frame = std::move(frame)};
}

void store_events(Write& write, std::string_view origin) {
    if (write.events.empty()) return;
    const auto count = static_cast<std::int64_t>(write.events.size());
    const Rows last = write.sql.run(
        "UPDATE counters SET value = value + $1 WHERE name = 'events' RETURNING value", {count});
    if (last.empty()) return;
    std::int64_t id = last[0].number(0) - count;
    for (const Event& event : write.events) {
        const Audience& to = event.audience;
        write.sql.run(
            "INSERT INTO events VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            {++id, write.now_ms, std::string(origin), event.name, to.user_id, to.channel_id,
             to.team_id, to.omit_user, to.omit_connection, event.subject, event.frame});
    }
    write.sql.announce();
}

std::vector<Event> events_after(Sql& sql, std::int64_t cursor, std::int64_t limit) {
    const Rows rows = sql.run(
        "SELECT id, origin, name, user_id, channel_id, team_id, omit_user, omit_connection, "
        "subject, frame FROM events WHERE id > $1 ORDER BY id LIMIT $2",
        {cursor, limit});
    std::vector<Event> events;
    events.reserve(rows.size());
    for (const Row& row : rows) {
        events.push_back({.id = row.number(0),
                          .origin = row.text(1),
                          .name = row.text(2),
                          .audience = {.user_id = row.text(3),
                                       .channel_id = row.text(4),
                                       .team_id = row.text(5),
                                       .omit_user = row.text(6),
                                       .omit_connection = row.text(7)},
                          .subject = row.text(8),
                          .frame = row.text(9)});
    }
    return events;
}

namespace {
std::int64_t counter(Sql& sql, const std::string& name) {
    const Rows rows = sql.run("SELECT value FROM counters WHERE name = $1", {name});
    return rows.empty() ? 0 : rows[0].number(0);
}
}  // namespace

std::int64_t newest_event(Sql& sql) {
    return counter(sql, "events");
}

std::int64_t newest_forgotten_event(Sql& sql) {
    return counter(sql, "events_forgotten");
}

void forget_events(Write& write, std::int64_t before_ms) {
    const Rows last =
        write.sql.run("SELECT COALESCE(MAX(id), 0) FROM events WHERE at < $1", {before_ms});
    if (last.empty() || last[0].number(0) == 0) return;
    const std::int64_t id = last[0].number(0);
    write.sql.run("UPDATE counters SET value = $1 WHERE name = 'events_forgotten' AND value < $1",
                  {id});
    write.sql.run("DELETE FROM events WHERE id <= $1", {id});
}

}  // namespace chat
