#include "chat/sql.h"

#include <charconv>
#include <string>

#include "chat/postgres.h"
#include "chat/sqlite.h"

namespace chat {

std::int64_t Row::number(std::size_t column) const {
    const Value& value = columns.at(column);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    std::int64_t parsed = 0;
    if (const auto* text = std::get_if<std::string>(&value)) {
        std::from_chars(text->data(), text->data() + text->size(), parsed);
    }
    return parsed;
}

const std::string& Row::text(std::size_t column) const {
    static const std::string kEmpty;
    const auto* text = std::get_if<std::string>(&columns.at(column));
    return text ? *text : kEmpty;
}

bool Database::is_postgres() const {
    return address_.reveal().starts_with("postgres://") ||
           address_.reveal().starts_with("postgresql://");
}

std::string Database::wake_folder() const {
    return address_.reveal() + ".wake";
}

base::Result<std::unique_ptr<Sql>> Database::open() const {
    return is_postgres() ? open_postgres(address_) : open_sqlite(address_.reveal());
}

std::string in_list(const std::vector<std::string>& wanted, std::vector<Value>& values) {
    std::size_t padded = 1;
    while (padded < wanted.size()) padded *= 2;
    std::string text = "(";
    for (std::size_t i = 0; i < padded; ++i) {
        values.emplace_back(wanted.empty() ? std::string{}
                                           : wanted[std::min(i, wanted.size() - 1)]);
        text += (i == 0 ? "$" : ",$") + std::to_string(values.size());
    }
    return text + ")";
}

namespace {

// Times are milliseconds since 1970. Columns that refer to nothing are empty, not null.
// `channels.clock_at` never goes back and never repeats: it is the time of the channel's last
// change, so a client that asks for what changed after it misses nothing.
constexpr std::string_view kTables[] = {
    "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    "INSERT INTO counters VALUES ('events', 0), ('events_forgotten', 0), ('schema', 1) "
    "ON CONFLICT DO NOTHING",
    "CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE, "
    "email TEXT NOT NULL UNIQUE, password TEXT NOT NULL, create_at BIGINT NOT NULL, "
    "update_at BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sessions (token_digest TEXT PRIMARY KEY, user_id TEXT NOT NULL, "
    "csrf TEXT NOT NULL, create_at BIGINT NOT NULL, expires_at BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS teams (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, "
    "display_name TEXT NOT NULL, type TEXT NOT NULL, create_at BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS team_members (team_id TEXT NOT NULL, user_id TEXT NOT NULL, "
    "PRIMARY KEY (team_id, user_id))",
    "CREATE INDEX IF NOT EXISTS team_members_user ON team_members (user_id)",
    "CREATE TABLE IF NOT EXISTS channels (id TEXT PRIMARY KEY, team_id TEXT NOT NULL, "
    "type TEXT NOT NULL, name TEXT NOT NULL, display_name TEXT NOT NULL, creator_id TEXT NOT NULL, "
    "create_at BIGINT NOT NULL, clock_at BIGINT NOT NULL, last_post_at BIGINT NOT NULL, "
    "total_msg_count BIGINT NOT NULL, UNIQUE (team_id, name))",
    "CREATE TABLE IF NOT EXISTS channel_members (channel_id TEXT NOT NULL, user_id TEXT NOT NULL, "
    "last_viewed_at BIGINT NOT NULL, msg_count BIGINT NOT NULL, mention_count BIGINT NOT NULL, "
    "PRIMARY KEY (channel_id, user_id))",
    "CREATE INDEX IF NOT EXISTS channel_members_user ON channel_members (user_id)",
    "CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, channel_id TEXT NOT NULL, "
    "user_id TEXT NOT NULL, root_id TEXT NOT NULL, message TEXT NOT NULL, props TEXT NOT NULL, "
    "file_ids TEXT NOT NULL, pending_post_id TEXT NOT NULL, create_at BIGINT NOT NULL, "
    "update_at BIGINT NOT NULL, edit_at BIGINT NOT NULL, delete_at BIGINT NOT NULL)",
    "CREATE UNIQUE INDEX IF NOT EXISTS posts_created ON posts (channel_id, create_at)",
    "CREATE INDEX IF NOT EXISTS posts_updated ON posts (channel_id, update_at)",
    // A retry at another instance finds the first try here.
    "CREATE UNIQUE INDEX IF NOT EXISTS posts_pending ON posts (user_id, pending_post_id) "
    "WHERE pending_post_id <> ''",
    "CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, "
    "channel_id TEXT NOT NULL, post_id TEXT NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL, "
    "mime_type TEXT NOT NULL, digest TEXT NOT NULL, create_at BIGINT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS files_post ON files (post_id)",
    "CREATE TABLE IF NOT EXISTS uploads (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, "
    "channel_id TEXT NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL, "
    "file_offset BIGINT NOT NULL, locked_by TEXT NOT NULL, locked_until BIGINT NOT NULL, "
    "create_at BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS statuses (user_id TEXT PRIMARY KEY, status TEXT NOT NULL, "
    "manual BIGINT NOT NULL, last_activity_at BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS presences (user_id TEXT NOT NULL, instance TEXT NOT NULL, "
    "active BIGINT NOT NULL, PRIMARY KEY (user_id, instance))",
    "CREATE TABLE IF NOT EXISTS instances (id TEXT PRIMARY KEY, seen_at BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS events (id BIGINT PRIMARY KEY, at BIGINT NOT NULL, "
    "origin TEXT NOT NULL, name TEXT NOT NULL, user_id TEXT NOT NULL, channel_id TEXT NOT NULL, "
    "team_id TEXT NOT NULL, omit_user TEXT NOT NULL, omit_connection TEXT NOT NULL, "
    "subject TEXT NOT NULL, frame TEXT NOT NULL)",
};

}  // namespace

base::Result<void> create_schema(Sql& sql) {
    sql.begin_write();
    for (const std::string_view statement : kTables) sql.run(statement);
    return sql.commit();
}

}  // namespace chat
