#pragma once
// Teams, channels and who is in them, as stored.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chat/event.h"
#include "chat/sql.h"

namespace chat {

struct Team {
    std::string id;
    std::string name;
    std::string display_name;
    std::string type = "O";
    std::int64_t create_at = 0;
};

struct Channel {
    std::string id;
    std::string team_id;  ///< Empty for direct channels.
    std::string type = "O";
    std::string name;
    std::string display_name;
    std::string creator_id;
    std::int64_t create_at = 0;
    std::int64_t last_post_at = 0;
    std::int64_t total_msg_count = 0;
};

struct ChannelMember {
    std::string channel_id;
    std::string user_id;
    std::int64_t last_viewed_at = 0;
    std::int64_t msg_count = 0;
    std::int64_t mention_count = 0;
};

/// Also makes its channel `town-square` and puts the creator into both. False where the name is
/// taken.
bool add_team(Write& write, const Team& team, const std::string& creator_id);
std::optional<Team> team_by_id(Sql& sql, const std::string& id);
std::optional<Team> team_by_name(Sql& sql, const std::string& name);
std::vector<Team> teams_of(Sql& sql, const std::string& user_id);
std::vector<Team> open_teams(Sql& sql);
bool in_team(Sql& sql, const std::string& team_id, const std::string& user_id);
/// Into the team and its town square; harmless when repeated.
void join_team(Write& write, const std::string& team_id, const std::string& user_id);

/// Puts the creator in. False where the team has a channel of that name.
bool add_channel(Write& write, const Channel& channel);
/// The one direct channel of two users, made where it is missing.
Channel direct_channel(Write& write, const std::string& one, const std::string& other);
std::optional<Channel> channel_by_id(Sql& sql, const std::string& id);
std::optional<Channel> channel_by_name(Sql& sql, const std::string& team_id,
                                       const std::string& name);
/// A user's channels of a team, and all direct ones.
std::vector<Channel> channels_of(Sql& sql, const std::string& user_id, const std::string& team_id);
std::vector<Channel> open_channels(Sql& sql, const std::string& team_id, std::int64_t page,
                                   std::int64_t per_page);
std::vector<ChannelMember> memberships_of(Sql& sql, const std::string& user_id,
                                          const std::string& team_id);
std::vector<ChannelMember> members_of(Sql& sql, const std::string& channel_id, std::int64_t page,
                                      std::int64_t per_page);
std::optional<ChannelMember> channel_member(Sql& sql, const std::string& channel_id,
                                            const std::string& user_id);
/// Harmless when repeated.
void join_channel(Write& write, const std::string& channel_id, const std::string& user_id);
void leave_channel(Write& write, const std::string& channel_id, const std::string& user_id);
/// All of the channel is read.
void view_channel(Write& write, const std::string& channel_id, const std::string& user_id);

/// Every (place, user) of channels and of teams; for an instance that starts.
std::vector<std::pair<std::string, std::string>> all_memberships(Sql& sql);

}  // namespace chat
