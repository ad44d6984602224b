#pragma once
// Users, their sessions and their statuses, as stored.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chat/event.h"
#include "chat/sql.h"

namespace chat {

struct User {
    std::string id;
    std::string username;
    std::string email;
    std::string password_hash;
    std::int64_t create_at = 0;
    std::int64_t update_at = 0;
};

struct Session {
    std::string user_id;
    std::string csrf;
    std::int64_t expires_at = 0;
};

struct Status {
    std::string user_id;
    std::string status = "offline";
    bool manual = false;
    std::int64_t last_activity_at = 0;
};

/// False where the name or the address is taken.
bool add_user(Write& write, const User& user);
std::vector<User> users_by_ids(Sql& sql, const std::vector<std::string>& ids);
std::vector<User> users_by_names(Sql& sql, const std::vector<std::string>& usernames);
/// By user name or e-mail address, whichever it is.
std::optional<User> user_by_login(Sql& sql, const std::string& login);

struct UserPage {
    std::string channel_id = {};
    std::string team_id = {};
    std::int64_t page = 0;
    std::int64_t per_page = 60;
};
/// In order of names; of one channel or team where that is set.
std::vector<User> users_of(Sql& sql, const UserPage& page);

/// Sessions are rows, so they outlive the instance that made them.
void add_session(Write& write, const std::string& token, const Session& session);
std::optional<Session> session_of(Sql& sql, const std::string& token, std::int64_t now_ms);
/// Tells all instances, so that sockets of the session are closed.
void end_session(Write& write, const std::string& token, const std::string& user_id);

std::vector<Status> statuses_of(Sql& sql, const std::vector<std::string>& user_ids);
/// A choice of the user's own; it stays until the next.
void choose_status(Write& write, const std::string& user_id, const std::string& status);

/// What one instance knows of one user's sockets.
struct Presence {
    enum class Kind { none, away, active };
    std::string user_id;
    Kind kind = Kind::none;
};
/// Records it and makes the user's status follow from all instances: active at one is online.
void note_presence(Write& write, const std::string& instance, const Presence& presence);
/// Says that the instance lives; removes what dead ones said.
void note_alive(Write& write, const std::string& instance);
/// Removes all that this instance said; at its end.
void note_gone(Write& write, const std::string& instance);

}  // namespace chat
