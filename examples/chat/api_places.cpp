#include <nlohmann/json.hpp>

#include "base/json.h"
#include "chat/accounts.h"
#include "chat/api.h"
#include "chat/identity.h"
#include "chat/places.h"
#include "chat/wire.h"

namespace chat {
namespace {

constexpr std::int64_t kPageMax = 200;
constexpr std::size_t kUsersMax = 1000;

Answer bad_request(const Call& call, std::string_view message) {
    return refusal(400, "api.context.invalid_body_param.app_error", message, call.request_id);
}

Answer missing(const Call& call, std::string_view id, std::string_view message) {
    return refusal(404, id, message, call.request_id);
}

Answer forbidden(const Call& call) {
    return refusal(403, "api.context.permissions.app_error",
                   "You do not have the appropriate permissions.", call.request_id);
}

/// A text member of the body; empty where it is missing or no text.
std::string member_of(const Call& call, std::string_view name) {
    const auto json = base::json_from(call.body);
    if (!json) return {};
    return base::member_or<std::string>(*json, name, "").value_or("");
}

bool is_name(const std::string& name) {
    return !name.empty() && name.size() <= 64 &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == name.npos;
}

Answer my_teams(Sql& sql, const Call& call) {
    return {.body = json_list(teams_of(sql, call.params[0])).dump()};
}

Answer my_team_members(Sql& sql, const Call& call) {
    Json list = Json::array();
    for (const Team& team : teams_of(sql, call.params[0])) {
        list.push_back({{"team_id", team.id},
                        {"user_id", call.params[0]},
                        {"roles", "team_user"},
                        {"delete_at", 0},
                        {"scheme_user", true},
                        {"scheme_admin", false}});
    }
    return {.body = list.dump()};
}

Answer my_teams_unread(Sql& sql, const Call& call) {
    Json list = Json::array();
    for (const Team& team : teams_of(sql, call.params[0])) {
        std::int64_t posts = 0;
        std::int64_t mentions = 0;
        const auto channels = channels_of(sql, call.params[0], team.id);
        for (const ChannelMember& member : memberships_of(sql, call.params[0], team.id)) {
            for (const Channel& channel : channels) {
                if (channel.id == member.channel_id) {
                    posts += channel.total_msg_count - member.msg_count;
                }
            }
            mentions += member.mention_count;
        }
        list.push_back({{"team_id", team.id}, {"msg_count", posts}, {"mention_count", mentions}});
    }
    return {.body = list.dump()};
}

Answer create_team(Write& write, const Call& call) {
    const std::string name = member_of(call, "name");
    const std::string display_name = member_of(call, "display_name");
    const std::string type = member_of(call, "type");
    if (!is_name(name)) return bad_request(call, "A team's name has a-z, 0-9, - and _.");
    const Team team{.id = fresh_id(),
                    .name = name,
                    .display_name = display_name.empty() ? name : display_name,
                    .type = type == "I" ? "I" : "O",
                    .create_at = write.now_ms};
    if (!add_team(write, team, call.user_id)) {
        return refusal(400, "app.team.save.existing.app_error",
                       "A team with that name already exists.", call.request_id);
    }
    return {.status = 201, .body = json_of(team).dump()};
}

Answer teams(Sql& sql, const Call&) {
    return {.body = json_list(open_teams(sql)).dump()};
}

Answer team_or_refusal(const Call& call, const std::optional<Team>& team) {
    if (!team) return missing(call, "app.team.get.find.app_error", "There is no such team.");
    return {.body = json_of(*team).dump()};
}

Answer team(Sql& sql, const Call& call) {
    return team_or_refusal(call, team_by_id(sql, call.params[0]));
}

Answer team_with_name(Sql& sql, const Call& call) {
    return team_or_refusal(call, team_by_name(sql, call.params[0]));
}

Json team_member(const std::string& team_id, const std::string& user_id) {
    return {{"team_id", team_id}, {"user_id", user_id}, {"roles", "team_user"}, {"delete_at", 0}};
}

// Who is in a team may bring others; an open team may be joined by oneself.
bool may_add(Write& write, const Call& call, const Team& team, const std::string& user_id) {
    if (in_team(write.sql, team.id, call.user_id)) return true;
    return team.type == "O" && user_id == call.user_id;
}

Answer add_to_team(Write& write, const Call& call) {
    const auto team = team_by_id(write.sql, call.params[0]);
    if (!team) return team_or_refusal(call, team);
    const std::string user_id = member_of(call, "user_id");
    if (users_by_ids(write.sql, {user_id}).empty()) return bad_request(call, "No such user.");
    if (!may_add(write, call, *team, user_id)) return forbidden(call);
    join_team(write, team->id, user_id);
    return {.status = 201, .body = team_member(team->id, user_id).dump()};
}

Answer add_many_to_team(Write& write, const Call& call) {
    const auto team = team_by_id(write.sql, call.params[0]);
    if (!team) return team_or_refusal(call, team);
    const auto json = base::json_from(call.body);
    if (!json || !json->is_array() || json->size() > kUsersMax) {
        return bad_request(call, "A list of at most 1,000 members is wanted.");
    }
    Json list = Json::array();
    for (const Json& each : *json) {
        const auto user_id = base::member<std::string>(each, "user_id");
        if (!user_id || users_by_ids(write.sql, {*user_id}).empty()) {
            return bad_request(call, "No such user.");
        }
        if (!may_add(write, call, *team, *user_id)) return forbidden(call);
        join_team(write, team->id, *user_id);
        list.push_back(team_member(team->id, *user_id));
    }
    return {.status = 201, .body = list.dump()};
}

Answer my_channels(Sql& sql, const Call& call) {
    return {.body = json_list(channels_of(sql, call.params[0], call.params[1])).dump()};
}

Answer my_channel_members(Sql& sql, const Call& call) {
    return {.body = json_list(memberships_of(sql, call.params[0], call.params[1])).dump()};
}

Answer team_channels(Sql& sql, const Call& call) {
    if (!in_team(sql, call.params[0], call.user_id)) return forbidden(call);
    return {.body = json_list(open_channels(sql, call.params[0], call.number("page", 0, 1'000'000),
                                            call.number("per_page", 60, kPageMax)))
                        .dump()};
}

Answer create_channel(Write& write, const Call& call) {
    const std::string name = member_of(call, "name");
    const std::string display_name = member_of(call, "display_name");
    const std::string team_id = member_of(call, "team_id");
    if (!is_name(name)) return bad_request(call, "A channel's name has a-z, 0-9, - and _.");
    if (!in_team(write.sql, team_id, call.user_id)) return forbidden(call);
    const Channel channel{.id = fresh_id(),
                          .team_id = team_id,
                          .type = member_of(call, "type") == "P" ? "P" : "O",
                          .name = name,
                          .display_name = display_name.empty() ? name : display_name,
                          .creator_id = call.user_id,
                          .create_at = write.now_ms,
                          .last_post_at = write.now_ms};
    if (!add_channel(write, channel)) {
        return refusal(400, "store.sql_channel.save_channel.exists.app_error",
                       "A channel with that name already exists on the same team.",
                       call.request_id);
    }
    return {.status = 201, .body = json_of(channel).dump()};
}

Answer create_direct_channel(Write& write, const Call& call) {
    const auto json = base::json_from(call.body);
    if (!json || !json->is_array() || json->size() != 2 || !(*json)[0].is_string() ||
        !(*json)[1].is_string()) {
        return bad_request(call, "Two user ids are wanted.");
    }
    const auto one = (*json)[0].get<std::string>();
    const auto other = (*json)[1].get<std::string>();
    if (one != call.user_id && other != call.user_id) return forbidden(call);
    const bool exist = users_by_ids(write.sql, {one, other}).size() == (one == other ? 1U : 2U);
    if (!exist) return bad_request(call, "No such user.");
    return {.status = 201, .body = json_of(direct_channel(write, one, other)).dump()};
}

Answer channel_missing(const Call& call) {
    return missing(call, "app.channel.get.existing.app_error", "There is no such channel.");
}

// Open channels can be seen by the whole team, others only from inside.
bool may_see(Sql& sql, const Call& call, const Channel& channel) {
    if (channel.type == "O" && in_team(sql, channel.team_id, call.user_id)) return true;
    return channel_member(sql, channel.id, call.user_id).has_value();
}

Answer channel_or_refusal(Sql& sql, const Call& call, const std::optional<Channel>& channel) {
    if (!channel || !may_see(sql, call, *channel)) return channel_missing(call);
    return {.body = json_of(*channel).dump()};
}

Answer channel(Sql& sql, const Call& call) {
    return channel_or_refusal(sql, call, channel_by_id(sql, call.params[0]));
}

Answer channel_with_name(Sql& sql, const Call& call) {
    return channel_or_refusal(sql, call, channel_by_name(sql, call.params[0], call.params[1]));
}

Answer channel_members(Sql& sql, const Call& call) {
    const auto channel = channel_by_id(sql, call.params[0]);
    if (!channel || !may_see(sql, call, *channel)) return channel_missing(call);
    return {.body = json_list(members_of(sql, channel->id, call.number("page", 0, 1'000'000),
                                         call.number("per_page", 60, kPageMax)))
                        .dump()};
}

Answer one_channel_member(Sql& sql, const Call& call) {
    const auto channel = channel_by_id(sql, call.params[0]);
    if (!channel || !may_see(sql, call, *channel)) return channel_missing(call);
    const auto member = channel_member(sql, channel->id, call.params[1]);
    if (!member) return missing(call, "app.channel.get_member.missing.app_error", "Not a member.");
    return {.body = json_of(*member).dump()};
}

/// The users that a body names: `user_id`, or the list `user_ids`.
std::vector<std::string> users_named(const Call& call) {
    const auto json = base::json_from(call.body);
    if (!json || !json->is_object()) return {};
    std::vector<std::string> users;
    if (const auto list = json->find("user_ids"); list != json->end() && list->is_array()) {
        for (const Json& each : *list) {
            if (each.is_string()) users.push_back(each.get<std::string>());
        }
    } else if (const auto user = base::member<std::string>(*json, "user_id")) {
        users.push_back(*user);
    }
    if (users.size() > kUsersMax) users.clear();
    return users;
}

Answer add_to_channel(Write& write, const Call& call) {
    const auto channel = channel_by_id(write.sql, call.params[0]);
    if (!channel || !may_see(write.sql, call, *channel)) return channel_missing(call);
    if (channel->type == "D") return bad_request(call, "A direct channel stays as it is.");
    const bool inside = channel_member(write.sql, channel->id, call.user_id).has_value();
    const std::vector<std::string> users = users_named(call);
    if (users.empty()) return bad_request(call, "One to 1,000 users are wanted.");
    for (const std::string& user : users) {
        if (!inside && user != call.user_id) return forbidden(call);
        if (!in_team(write.sql, channel->team_id, user)) {
            return bad_request(call, "The user is not in the team.");
        }
        join_channel(write, channel->id, user);
    }
    const auto first = channel_member(write.sql, channel->id, users[0]);
    return {.status = 201, .body = first ? json_of(*first).dump() : "{}"};
}

Answer remove_from_channel(Write& write, const Call& call) {
    const auto channel = channel_by_id(write.sql, call.params[0]);
    if (!channel || !may_see(write.sql, call, *channel)) return channel_missing(call);
    if (channel->type == "D") return bad_request(call, "A direct channel stays as it is.");
    if (!channel_member(write.sql, channel->id, call.user_id)) return forbidden(call);
    leave_channel(write, channel->id, call.params[1]);
    return ok();
}

Answer view(Write& write, const Call& call) {
    const std::string channel_id = member_of(call, "channel_id");
    if (!channel_id.empty()) view_channel(write, channel_id, call.user_id);
    const Json times = channel_id.empty() ? Json::object() : Json{{channel_id, write.now_ms}};
    return {.body = Json{{"status", "OK"}, {"last_viewed_at_times", times}}.dump()};
}

using enum net::Method;
using enum Route::Access;

constexpr Route kRoutes[] = {
    {get, "users/{}/teams", session, my_teams},
    {get, "users/{}/teams/members", session, my_team_members},
    {get, "users/{}/teams/unread", session, my_teams_unread},
    {get, "users/{}/teams/{}/channels", session, my_channels},
    {get, "users/{}/teams/{}/channels/members", session, my_channel_members},
    {post, "teams", session, nullptr, create_team},
    {get, "teams", session, teams},
    {get, "teams/{}", session, team},
    {get, "teams/name/{}", session, team_with_name},
    {post, "teams/{}/members", session, nullptr, add_to_team},
    {post, "teams/{}/members/batch", session, nullptr, add_many_to_team},
    {get, "teams/{}/channels", session, team_channels},
    {get, "teams/{}/channels/name/{}", session, channel_with_name},
    {post, "channels", session, nullptr, create_channel},
    {post, "channels/direct", session, nullptr, create_direct_channel},
    {get, "channels/{}", session, channel},
    {get, "channels/{}/members", session, channel_members},
    {get, "channels/{}/members/{}", session, one_channel_member},
    {post, "channels/{}/members", session, nullptr, add_to_channel},
    {remove, "channels/{}/members/{}", session, nullptr, remove_from_channel},
    {post, "channels/members/{}/view", session, nullptr, view},
};

}  // namespace

std::span<const Route> place_routes() {
    return kRoutes;
}

}  // namespace chat
