#include "chat/accounts.h"

#include "base/json.h"
#include "chat/identity.h"

namespace chat {
namespace {

// An instance says that it lives every 5 seconds; one silent for longer than this is dead.
constexpr std::int64_t kDeadAfterMs = 30'000;

constexpr std::string_view kUserColumns =
    "SELECT u.id, u.username, u.email, u.password, u.create_at, u.update_at FROM users u ";

std::vector<User> users_from(const Rows& rows) {
    std::vector<User> users;
    users.reserve(rows.size());
    for (const Row& row : rows) {
        users.push_back({.id = row.text(0),
                         .username = row.text(1),
                         .email = row.text(2),
                         .password_hash = row.text(3),
                         .create_at = row.number(4),
                         .update_at = row.number(5)});
    }
    return users;
}

}  // namespace

bool add_user(Write& write, const User& user) {
    const Rows added = write.sql.run(
        "INSERT INTO users VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id",
        {user.id, user.username, user.email, user.password_hash, user.create_at, user.update_at});
    if (added.empty()) return false;
    const base::Json payload{{"user_id", user.id}};
    write.events.push_back(event_of("new_user", payload.dump(), {}));
    return true;
}

std::vector<User> users_by_ids(Sql& sql, const std::vector<std::string>& ids) {
    if (ids.empty()) return {};
    std::vector<Value> values;
    const std::string list = in_list(ids, values);
    return users_from(sql.run(std::string(kUserColumns) + "WHERE id IN " + list, values));
}

std::vector<User> users_by_names(Sql& sql, const std::vector<std::string>& usernames) {
    if (usernames.empty()) return {};
    std::vector<Value> values;
    const std::string list = in_list(usernames, values);
    return users_from(sql.run(std::string(kUserColumns) + "WHERE username IN " + list, values));
}

std::optional<User> user_by_login(Sql& sql, const std::string& login) {
    std::vector<User> users = users_from(
        sql.run(std::string(kUserColumns) + "WHERE username = $1 OR email = $1", {login}));
    if (users.empty()) return std::nullopt;
    return std::move(users.front());
}

std::vector<User> users_of(Sql& sql, const UserPage& page) {
    std::string statement(kUserColumns);
    std::vector<Value> values{page.per_page, page.page * page.per_page};
    if (!page.channel_id.empty()) {
        statement += "JOIN channel_members m ON m.user_id = u.id WHERE m.channel_id = $3 ";
        values.emplace_back(page.channel_id);
    } else if (!page.team_id.empty()) {
        statement += "JOIN team_members m ON m.user_id = u.id WHERE m.team_id = $3 ";
        values.emplace_back(page.team_id);
    }
    return users_from(sql.run(statement + "ORDER BY username LIMIT $1 OFFSET $2", values));
}

void add_session(Write& write, const std::string& token, const Session& session) {
    write.sql.run(
        "INSERT INTO sessions VALUES ($1, $2, $3, $4, $5)",
        {digest_of_token(token), session.user_id, session.csrf, write.now_ms, session.expires_at});
}

std::optional<Session> session_of(Sql& sql, const std::string& token, std::int64_t now_ms) {
    const Rows rows = sql.run(
        "SELECT user_id, csrf, expires_at FROM sessions WHERE token_digest = $1 AND expires_at > "
        "$2",
        {digest_of_token(token), now_ms});
    if (rows.empty()) return std::nullopt;
    return Session{rows[0].text(0), rows[0].text(1), rows[0].number(2)};
}

void end_session(Write& write, const std::string& token, const std::string& user_id) {
    const std::string digest = digest_of_token(token);
    const Rows ended =
        write.sql.run("DELETE FROM sessions WHERE token_digest = $1 RETURNING user_id", {digest});
    if (ended.empty()) return;
    Event event = event_of("session_ended", "{}", {.user_id = user_id});
    event.subject = digest;
    write.events.push_back(std::move(event));
}

std::vector<Status> statuses_of(Sql& sql, const std::vector<std::string>& user_ids) {
    if (user_ids.empty()) return {};
    std::vector<Value> values;
    const std::string list = in_list(user_ids, values);
    const Rows rows = sql.run(
        "SELECT u.id, s.status, s.manual, s.last_activity_at FROM users u LEFT JOIN statuses s "
        "ON s.user_id = u.id WHERE u.id IN " +
            list,
        values);
    std::vector<Status> statuses;
    for (const Row& row : rows) {
        statuses.push_back({.user_id = row.text(0),
                            .status = row.text(1).empty() ? "offline" : row.text(1),
                            .manual = row.number(2) != 0,
                            .last_activity_at = row.number(3)});
    }
    return statuses;
}

namespace {

void set_status(Write& write, const Status& status) {
    const Rows changed = write.sql.run(
        "INSERT INTO statuses VALUES ($1, $2, $3, $4) ON CONFLICT (user_id) DO UPDATE SET "
        "status = excluded.status, manual = excluded.manual, "
        "last_activity_at = excluded.last_activity_at "
        "WHERE statuses.status <> excluded.status OR statuses.manual <> excluded.manual "
        "RETURNING user_id",
        {status.user_id, status.status, std::int64_t{status.manual}, status.last_activity_at});
    if (changed.empty()) return;
    const base::Json payload{{"user_id", status.user_id}, {"status", status.status}};
    write.events.push_back(event_of("status_change", payload.dump(), {.user_id = status.user_id}));
}

/// The status that follows from what the instances say, unless the user chose one.
void follow_presences(Write& write, const std::string& user_id) {
    const std::vector<Status> now = statuses_of(write.sql, {user_id});
    if (now.empty() || now[0].manual) return;
    const Rows best = write.sql.run(
        "SELECT COALESCE(MAX(active), 0) FROM presences WHERE user_id = $1", {user_id});
    const std::int64_t kind = best.empty() ? 0 : best[0].number(0);
    set_status(write, {.user_id = user_id,
                       .status = kind == 2 ? "online" : (kind == 1 ? "away" : "offline"),
                       .last_activity_at = write.now_ms});
}

void forget_instance(Write& write, const std::string& instance) {
    const Rows users =
        write.sql.run("DELETE FROM presences WHERE instance = $1 RETURNING user_id", {instance});
    write.sql.run("DELETE FROM instances WHERE id = $1", {instance});
    for (const Row& row : users) follow_presences(write, row.text(0));
}

}  // namespace

void choose_status(Write& write, const std::string& user_id, const std::string& status) {
    set_status(write, {.user_id = user_id,
                       .status = status,
                       .manual = status != "online",
                       .last_activity_at = write.now_ms});
}

void note_presence(Write& write, const std::string& instance, const Presence& presence) {
    if (presence.kind == Presence::Kind::none) {
        write.sql.run("DELETE FROM presences WHERE user_id = $1 AND instance = $2",
                      {presence.user_id, instance});
    } else {
        const std::int64_t active = presence.kind == Presence::Kind::active ? 2 : 1;
        write.sql.run(
            "INSERT INTO presences VALUES ($1, $2, $3) ON CONFLICT (user_id, instance) DO UPDATE "
            "SET active = excluded.active",
            {presence.user_id, instance, active});
    }
    follow_presences(write, presence.user_id);
}

void note_alive(Write& write, const std::string& instance) {
    write.sql.run(
        "INSERT INTO instances VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET "
        "seen_at = excluded.seen_at",
        {instance, write.now_ms});
    const Rows dead =
        write.sql.run("SELECT id FROM instances WHERE seen_at < $1", {write.now_ms - kDeadAfterMs});
    for (const Row& row : dead) forget_instance(write, row.text(0));
}

void note_gone(Write& write, const std::string& instance) {
    forget_instance(write, instance);
}

}  // namespace chat
