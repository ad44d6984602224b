#include "chat/places.h"

#include <algorithm>

#include "base/json.h"
#include "chat/identity.h"

namespace chat {
namespace {

constexpr std::string_view kTeam =
    "SELECT t.id, t.name, t.display_name, t.type, t.create_at FROM teams t ";
constexpr std::string_view kChannel =
    "SELECT c.id, c.team_id, c.type, c.name, c.display_name, c.creator_id, c.create_at, "
    "c.last_post_at, c.total_msg_count FROM channels c ";
constexpr std::string_view kMember =
    "SELECT m.channel_id, m.user_id, m.last_viewed_at, m.msg_count, m.mention_count "
    "FROM channel_members m ";

std::vector<Team> teams_from(const Rows& rows) {
    std::vector<Team> teams;
    for (const Row& row : rows) {
        teams.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.number(4)});
    }
    return teams;
}

std::vector<Channel> channels_from(const Rows& rows) {
    std::vector<Channel> channels;
    for (const Row& row : rows) {
        channels.push_back({.id = row.text(0),
                            .team_id = row.text(1),
                            .type = row.text(2),
                            .name = row.text(3),
                            .display_name = row.text(4),
                            .creator_id = row.text(5),
                            .create_at = row.number(6),
                            .last_post_at = row.number(7),
                            .total_msg_count = row.number(8)});
    }
    return channels;
}

std::vector<ChannelMember> members_from(const Rows& rows) {
    std::vector<ChannelMember> members;
    for (const Row& row : rows) {
        members.push_back({row.text(0), row.text(1), row.number(2), row.number(3), row.number(4)});
    }
    return members;
}

template <typename T>
std::optional<T> first_of(std::vector<T> all) {
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
}

bool insert_channel(Write& write, const Channel& channel) {
    const Rows added = write.sql.run(
        "INSERT INTO channels VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, 0) "
        "ON CONFLICT DO NOTHING RETURNING id",
        {channel.id, channel.team_id, channel.type, channel.name, channel.display_name,
         channel.creator_id, channel.create_at});
    return !added.empty();
}

bool insert_member(Write& write, const std::string& channel_id, const std::string& user_id) {
    const Rows added = write.sql.run(
        "INSERT INTO channel_members SELECT c.id, $2, $3, c.total_msg_count, 0 FROM channels c "
        "WHERE c.id = $1 ON CONFLICT DO NOTHING RETURNING user_id",
        {channel_id, user_id, write.now_ms});
    return !added.empty();
}

void tell_membership(Write& write, const std::string& name, const base::Json& payload,
                     Audience audience) {
    Event event = event_of(name, payload.dump(), std::move(audience));
    event.subject = payload.at("user_id").get<std::string>();
    write.events.push_back(std::move(event));
}

}  // namespace

bool add_team(Write& write, const Team& team, const std::string& creator_id) {
    const Rows added = write.sql.run(
        "INSERT INTO teams VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id",
        {team.id, team.name, team.display_name, team.type, team.create_at});
    if (added.empty()) return false;
    insert_channel(write, {.id = fresh_id(),
                           .team_id = team.id,
                           .name = "town-square",
                           .display_name = "Town Square",
                           .creator_id = creator_id,
                           .create_at = write.now_ms});
    join_team(write, team.id, creator_id);
    return true;
}

std::optional<Team> team_by_id(Sql& sql, const std::string& id) {
    return first_of(teams_from(sql.run(std::string(kTeam) + "WHERE t.id = $1", {id})));
}

std::optional<Team> team_by_name(Sql& sql, const std::string& name) {
    return first_of(teams_from(sql.run(std::string(kTeam) + "WHERE t.name = $1", {name})));
}

std::vector<Team> teams_of(Sql& sql, const std::string& user_id) {
    return teams_from(sql.run(std::string(kTeam) +
                                  "JOIN team_members m ON m.team_id = t.id WHERE m.user_id = $1 "
                                  "ORDER BY t.create_at, t.id",
                              {user_id}));
}

std::vector<Team> open_teams(Sql& sql) {
    return teams_from(
        sql.run(std::string(kTeam) + "WHERE t.type = 'O' ORDER BY t.name LIMIT 200", {}));
}

bool in_team(Sql& sql, const std::string& team_id, const std::string& user_id) {
    return !sql.run("SELECT user_id FROM team_members WHERE team_id = $1 AND user_id = $2",
                    {team_id, user_id})
                .empty();
}

void join_team(Write& write, const std::string& team_id, const std::string& user_id) {
    const Rows added = write.sql.run(
        "INSERT INTO team_members VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING user_id",
        {team_id, user_id});
    if (added.empty()) return;
    const base::Json payload{{"team_id", team_id}, {"user_id", user_id}};
    tell_membership(write, "added_to_team", payload, {.user_id = user_id, .team_id = team_id});
    const auto square = channel_by_name(write.sql, team_id, "town-square");
    if (square) join_channel(write, square->id, user_id);
}

bool add_channel(Write& write, const Channel& channel) {
    if (!insert_channel(write, channel)) return false;
    insert_member(write, channel.id, channel.creator_id);
    const base::Json payload{{"channel_id", channel.id}, {"team_id", channel.team_id}};
    Event event = event_of("channel_created", payload.dump(),
                           {.user_id = channel.creator_id, .channel_id = channel.id});
    event.subject = channel.creator_id;
    write.events.push_back(std::move(event));
    return true;
}

Channel direct_channel(Write& write, const std::string& one, const std::string& other) {
    const std::string name = std::min(one, other) + "__" + std::max(one, other);
    if (auto known = channel_by_name(write.sql, "", name)) return *known;
    Channel channel{.id = fresh_id(),
                    .team_id = {},
                    .type = "D",
                    .name = name,
                    .display_name = {},
                    .creator_id = one,
                    .create_at = write.now_ms,
                    .last_post_at = write.now_ms};
    insert_channel(write, channel);
    for (const std::string& user : {one, other}) {
        if (!insert_member(write, channel.id, user)) continue;
        const base::Json payload{{"user_id", user}, {"teammate_id", user == one ? other : one}};
        tell_membership(write, "direct_added", payload,
                        {.user_id = user, .channel_id = channel.id});
    }
    return channel;
}

std::optional<Channel> channel_by_id(Sql& sql, const std::string& id) {
    return first_of(channels_from(sql.run(std::string(kChannel) + "WHERE c.id = $1", {id})));
}

std::optional<Channel> channel_by_name(Sql& sql, const std::string& team_id,
                                       const std::string& name) {
    return first_of(channels_from(
        sql.run(std::string(kChannel) + "WHERE c.team_id = $1 AND c.name = $2", {team_id, name})));
}

std::vector<Channel> channels_of(Sql& sql, const std::string& user_id, const std::string& team_id) {
    return channels_from(
        sql.run(std::string(kChannel) +
                    "JOIN channel_members m ON m.channel_id = c.id WHERE m.user_id = $1 AND "
                    "(c.team_id = $2 OR c.team_id = '') ORDER BY c.display_name, c.id",
                {user_id, team_id}));
}

std::vector<Channel> open_channels(Sql& sql, const std::string& team_id, std::int64_t page,
                                   std::int64_t per_page) {
    return channels_from(sql.run(std::string(kChannel) +
                                     "WHERE c.team_id = $1 AND c.type = 'O' ORDER BY "
                                     "c.display_name, c.id LIMIT $2 OFFSET $3",
                                 {team_id, per_page, page * per_page}));
}

std::vector<ChannelMember> memberships_of(Sql& sql, const std::string& user_id,
                                          const std::string& team_id) {
    return members_from(sql.run(
        std::string(kMember) + "JOIN channels c ON c.id = m.channel_id WHERE m.user_id = $1 AND "
                               "(c.team_id = $2 OR c.team_id = '') ORDER BY m.channel_id",
        {user_id, team_id}));
}

std::vector<ChannelMember> members_of(Sql& sql, const std::string& channel_id, std::int64_t page,
                                      std::int64_t per_page) {
    return members_from(sql.run(
        std::string(kMember) + "WHERE m.channel_id = $1 ORDER BY m.user_id LIMIT $2 OFFSET $3",
        {channel_id, per_page, page * per_page}));
}

std::optional<ChannelMember> channel_member(Sql& sql, const std::string& channel_id,
                                            const std::string& user_id) {
    return first_of(
        members_from(sql.run(std::string(kMember) + "WHERE m.channel_id = $1 AND m.user_id = $2",
                             {channel_id, user_id})));
}

void join_channel(Write& write, const std::string& channel_id, const std::string& user_id) {
    if (!insert_member(write, channel_id, user_id)) return;
    const auto channel = channel_by_id(write.sql, channel_id);
    const base::Json payload{{"user_id", user_id}, {"team_id", channel ? channel->team_id : ""}};
    tell_membership(write, "user_added", payload, {.channel_id = channel_id});
}

void leave_channel(Write& write, const std::string& channel_id, const std::string& user_id) {
    const Rows gone = write.sql.run(
        "DELETE FROM channel_members WHERE channel_id = $1 AND user_id = $2 RETURNING user_id",
        {channel_id, user_id});
    if (gone.empty()) return;
    const base::Json payload{
        {"user_id", user_id}, {"channel_id", channel_id}, {"remover_id", user_id}};
    tell_membership(write, "user_removed", payload, {.channel_id = channel_id});
}

void view_channel(Write& write, const std::string& channel_id, const std::string& user_id) {
    const Rows seen = write.sql.run(
        "UPDATE channel_members SET last_viewed_at = $3, mention_count = 0, msg_count = "
        "(SELECT c.total_msg_count FROM channels c WHERE c.id = $1) "
        "WHERE channel_id = $1 AND user_id = $2 RETURNING msg_count",
        {channel_id, user_id, write.now_ms});
    if (seen.empty()) return;
    const base::Json payload{{"channel_times", {{channel_id, write.now_ms}}}};
    write.events.push_back(
        event_of("multiple_channels_viewed", payload.dump(), {.user_id = user_id}));
}

std::vector<std::pair<std::string, std::string>> all_memberships(Sql& sql) {
    const Rows rows = sql.run(
        "SELECT channel_id, user_id FROM channel_members UNION ALL "
        "SELECT team_id, user_id FROM team_members",
        {});
    std::vector<std::pair<std::string, std::string>> all;
    all.reserve(rows.size());
    for (const Row& row : rows) all.emplace_back(row.text(0), row.text(1));
    return all;
}

}  // namespace chat
