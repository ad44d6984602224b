#include <nlohmann/json.hpp>

#include <algorithm>

#include "base/json.h"
#include "chat/accounts.h"
#include "chat/api.h"
#include "chat/identity.h"
#include "chat/places.h"
#include "chat/wire.h"

namespace chat {
namespace {

constexpr std::int64_t kSessionMs = std::int64_t{30} * 24 * 3600 * 1000;
constexpr std::size_t kIdsMax = 1000;

Answer bad_request(const Call& call, std::string_view message) {
    return refusal(400, "api.context.invalid_body_param.app_error", message, call.request_id);
}

/// A JSON list of texts, bounded; nothing where the body is something else.
std::optional<std::vector<std::string>> texts_of(const Call& call) {
    const auto json = base::json_from(call.body);
    if (!json || !json->is_array() || json->size() > kIdsMax) return std::nullopt;
    std::vector<std::string> texts;
    for (const Json& each : *json) {
        if (!each.is_string()) return std::nullopt;
        texts.push_back(each.get<std::string>());
    }
    return texts;
}

bool is_user_name(const std::string& name) {
    return !name.empty() && name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == name.npos;
}

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

std::optional<Answer> prepare_user(Sql&, Call& call) {
    const auto json = base::json_from(call.body);
    if (!json) return bad_request(call, "The body is no JSON.");
    const auto password = base::member_or<std::string>(*json, "password", "");
    if (!password || password->size() < 5 || password->size() > 72) {
        return bad_request(call, "A password has 5 to 72 characters.");
    }
    call.prepared = hash_of_password(*password);
    return std::nullopt;
}

Answer create_user(Write& write, const Call& call) {
    const auto json = base::json_from(call.body);
    const auto name = json ? base::member_or<std::string>(*json, "username", "") : "";
    const auto email = json ? base::member_or<std::string>(*json, "email", "") : "";
    if (!name || !email || !is_user_name(lower(*name))) {
        return bad_request(call, "A user name begins with a letter; then a-z, 0-9, dot, - and _.");
    }
    User user{.id = fresh_id(),
              .username = lower(*name),
              .email = lower(*email),
              .password_hash = call.prepared,
              .create_at = write.now_ms,
              .update_at = write.now_ms};
    if (user.email.empty()) user.email = user.username + "@localhost";
    if (!add_user(write, user)) {
        return refusal(400, "app.user.save.username_exists.app_error",
                       "An account with that username already exists.", call.request_id);
    }
    return {.status = 201, .body = json_of(user, true).dump()};
}

std::optional<Answer> check_login(Sql& sql, Call& call) {
    const auto json = base::json_from(call.body);
    if (!json) return bad_request(call, "The body is no JSON.");
    const auto login = base::member_or<std::string>(*json, "login_id", "");
    const auto password = base::member_or<std::string>(*json, "password", "");
    const auto user = login ? user_by_login(sql, lower(*login)) : std::nullopt;
    if (!user || !password || !password_matches(*password, user->password_hash)) {
        return refusal(401, "api.user.login.invalid_credentials_email_username",
                       "Enter a valid email or username and/or password.", call.request_id);
    }
    call.prepared = user->id;
    return std::nullopt;
}

Answer login(Write& write, const Call& call) {
    const std::vector<User> users = users_by_ids(write.sql, {call.prepared});
    if (users.empty()) return bad_request(call, "No such user.");
    const std::string token = fresh_id();
    const Session session{users[0].id, fresh_id(), write.now_ms + kSessionMs};
    add_session(write, token, session);
    const std::string rest =
        "; Path=/; Max-Age=" + std::to_string(kSessionMs / 1000) + "; SameSite=Lax";
    return {.body = json_of(users[0], true).dump(),
            .fields = {{"Token", token},
                       {"Set-Cookie", "MMAUTHTOKEN=" + token + rest + "; HttpOnly"},
                       {"Set-Cookie", "MMUSERID=" + users[0].id + rest},
                       {"Set-Cookie", "MMCSRF=" + session.csrf + rest}}};
}

Answer logout(Write& write, const Call& call) {
    end_session(write, call.token, call.user_id);
    Answer answer = ok();
    answer.fields = {{"Set-Cookie", "MMAUTHTOKEN=; Path=/; Max-Age=0; HttpOnly"},
                     {"Set-Cookie", "MMUSERID=; Path=/; Max-Age=0"},
                     {"Set-Cookie", "MMCSRF=; Path=/; Max-Age=0"}};
    return answer;
}

Answer user_or_refusal(const Call& call, const std::vector<User>& users) {
    if (users.empty()) {
        return refusal(404, "app.user.missing_account.const", "There is no such user.",
                       call.request_id);
    }
    return {.body = json_of(users[0], users[0].id == call.user_id).dump()};
}

Answer user(Sql& sql, const Call& call) {
    return user_or_refusal(call, users_by_ids(sql, {call.params[0]}));
}

Answer user_by_name(Sql& sql, const Call& call) {
    return user_or_refusal(call, users_by_names(sql, {lower(call.params[0])}));
}

Answer users(Sql& sql, const Call& call) {
    const UserPage page{.channel_id = call.text("in_channel"),
                        .team_id = call.text("in_team"),
                        .page = call.number("page", 0, 1'000'000),
                        .per_page = call.number("per_page", 60, 200)};
    return {.body = json_list(users_of(sql, page)).dump()};
}

Answer users_with_ids(Sql& sql, const Call& call) {
    const auto ids = texts_of(call);
    if (!ids) return bad_request(call, "A list of at most 1,000 ids is wanted.");
    return {.body = json_list(users_by_ids(sql, *ids)).dump()};
}

Answer users_with_names(Sql& sql, const Call& call) {
    const auto names = texts_of(call);
    if (!names) return bad_request(call, "A list of at most 1,000 names is wanted.");
    return {.body = json_list(users_by_names(sql, *names)).dump()};
}

Answer statuses(Sql& sql, const Call& call) {
    const auto ids = texts_of(call);
    if (!ids) return bad_request(call, "A list of at most 1,000 ids is wanted.");
    return {.body = json_list(statuses_of(sql, *ids)).dump()};
}

Answer status(Sql& sql, const Call& call) {
    const std::vector<Status> found = statuses_of(sql, {call.params[0]});
    if (found.empty()) return user_or_refusal(call, {});
    return {.body = json_of(found[0]).dump()};
}

Answer change_status(Write& write, const Call& call) {
    if (call.params[0] != call.user_id) {
        return refusal(403, "api.context.permissions.app_error", "It is another user's status.",
                       call.request_id);
    }
    const auto json = base::json_from(call.body);
    const auto wanted = json ? base::member_or<std::string>(*json, "status", "") : "";
    constexpr std::string_view kStatuses[] = {"online", "away", "dnd", "offline"};
    if (!wanted ||
        std::find(std::begin(kStatuses), std::end(kStatuses), *wanted) == std::end(kStatuses)) {
        return bad_request(call, "A status is online, away, dnd or offline.");
    }
    choose_status(write, call.user_id, *wanted);
    return {.body = Json{{"user_id", call.user_id}, {"status", *wanted}}.dump()};
}

Answer nothing_listed(Sql&, const Call&) {
    return {.body = "[]"};
}

Answer client_config(Sql&, const Call& call) {
    const Json config{{"Version", call.site->version},
                      {"BuildNumber", call.site->version},
                      {"BuildHash", call.site->version_id},
                      {"SiteName", "Crossfade chat"},
                      {"CustomDescriptionText", call.site->motd},
                      {"EnableFileAttachments", "true"},
                      {"DiagnosticsEnabled", "false"},
                      {"WebsocketURL", ""},
                      {"SiteURL", ""}};
    return {.body = config.dump()};
}

Answer license(Sql&, const Call&) {
    return {.body = R"({"IsLicensed":"false"})"};
}

// A deploy gate's question: can this instance write to its database?
Answer ping_deeply(Write& write, const Call&) {
    write.sql.run("UPDATE counters SET value = value WHERE name = 'schema'");
    return {.body = R"({"status":"OK","database_status":"OK","filestore_status":"OK"})"};
}

using enum net::Method;
using enum Route::Access;

constexpr Route kRoutes[] = {
    {post, "users", open, nullptr, create_user, prepare_user},
    {post, "users/login", open, nullptr, login, check_login},
    {post, "users/logout", session, nullptr, logout},
    {get, "users", session, users},
    {post, "users/ids", session, users_with_ids},
    {post, "users/usernames", session, users_with_names},
    {post, "users/status/ids", session, statuses},
    {get, "users/username/{}", session, user_by_name},
    {get, "users/{}", session, user},
    {get, "users/{}/status", session, status},
    {put, "users/{}/status", session, nullptr, change_status},
    {get, "users/{}/preferences", session, nothing_listed},
    {get, "config/client", open, client_config},
    {get, "license/client", open, license},
    {get, "system/ping", open, nullptr, ping_deeply},
};

}  // namespace

std::span<const Route> account_routes() {
    return kRoutes;
}

}  // namespace chat
