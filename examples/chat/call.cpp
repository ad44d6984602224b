#include "chat/call.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "chat/accounts.h"
#include "net/url.h"

namespace chat {

std::string Call::text(std::string_view name) const {
    return net::query_value(query, name).value_or("");
}

std::int64_t Call::number(std::string_view name, std::int64_t otherwise, std::int64_t most) const {
    const std::string value = text(name);
    std::int64_t parsed = otherwise;
    const auto end = value.data() + value.size();
    const auto [at, error] = std::from_chars(value.data(), end, parsed);
    if (error != std::errc{} || at != end || parsed < 0) return otherwise;
    return std::min(parsed, most);
}

Answer ok() {
    return {.body = R"({"status":"OK"})"};
}

Answer refusal(int status, std::string_view id, std::string_view message,
               std::string_view request_id) {
    const base::Json body{{"id", id},
                          {"message", message},
                          {"detailed_error", ""},
                          {"request_id", request_id},
                          {"status_code", status}};
    return {.status = status, .body = base::canonical(body)};
}

Answer refusal_of(const base::Error& error, std::string_view request_id) {
    const bool passing = error.failure != base::Failure::rejected;
    return refusal(passing ? 503 : 500, "store.sql.app_error", "The database did not answer.",
                   request_id);
}

std::optional<Answer> authenticate(Sql& sql, Call& call) {
    const auto refuse = [&](std::string_view id, std::string_view message) {
        return refusal(401, id, message, call.request_id);
    };
    constexpr std::string_view kExpired = "api.context.session_expired.app_error";
    if (call.token.empty()) return refuse(kExpired, "Please log in.");
    const auto session = session_of(sql, call.token, call.now_ms);
    if (!session) return refuse(kExpired, "Invalid or expired session, please log in again.");
    const bool changes = call.method != net::Method::get && call.method != net::Method::head;
    if (call.token_from_cookie && changes && call.csrf_token != session->csrf) {
        return refuse("api.context.csrf.app_error", "The X-CSRF-Token is missing or wrong.");
    }
    call.user_id = session->user_id;
    std::replace(call.params.begin(), call.params.end(), std::string("me"), call.user_id);
    return std::nullopt;
}

}  // namespace chat
