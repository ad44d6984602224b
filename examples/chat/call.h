#pragma once
// A request as the API's handlers see it, and what they answer: no sockets, no loop.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chat/event.h"
#include "chat/sql.h"
#include "net/http1.h"

namespace chat {

/// What is the same for every request of one instance.
struct Site {
    std::string version;
    std::string version_id;  ///< `<version>.<build>.<configuration>.<licensed>`.
    std::string instance;
    std::string motd;
};

struct Call {
    const Site* site = nullptr;
    net::Method method = net::Method::get;
    std::vector<std::string>
        params;  ///< The path's variable parts, `me` replaced by the user's id.
    std::string query;
    std::string body;
    std::string request_id;
    std::int64_t now_ms = 0;
    std::string token;               ///< Empty where none was sent.
    bool token_from_cookie = false;  ///< Then what changes something needs `csrf_token`.
    std::string csrf_token = {};
    std::string user_id = {};   ///< Who calls; set by `authenticate`.
    std::string prepared = {};  ///< What the route's preparation found.

    std::string text(std::string_view name) const;
    std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t most) const;
};

struct Answer {
    int status = 200;
    std::string body = {};
    // Byte for byte: the client takes `application/json; charset=utf-8` for plain text.
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> fields = {};
};

Answer ok();  ///< `{"status":"OK"}`

/// In the shape that the client reads errors in. `id` is for programs, `message` for people.
Answer refusal(int status, std::string_view id, std::string_view message,
               std::string_view request_id);
/// The database refused or was not there.
Answer refusal_of(const base::Error& error, std::string_view request_id);

/// Fills in who calls, or gives the refusal.
std::optional<Answer> authenticate(Sql& sql, Call& call);

}  // namespace chat
