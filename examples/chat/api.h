#pragma once
// The REST API as a table: which path is answered by which function, on a reader or in a write.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chat/call.h"
#include "chat/event.h"
#include "chat/sql.h"
#include "net/http1.h"

namespace chat {

struct Route {
    enum class Access { session, open };

    net::Method method;
    std::string_view pattern;  ///< Below `/api/v4/`; `{}` takes one segment.
    Access access;
    Answer (*read)(Sql& sql, const Call& call);
    Answer (*write)(Write& write, const Call& call) = nullptr;
    /// Runs on a reader before `write`, for what is slow: fills `prepared` or answers.
    std::optional<Answer> (*prepare)(Sql& sql, Call& call) = nullptr;
};

std::span<const Route> account_routes();
std::span<const Route> place_routes();
std::span<const Route> post_routes();
std::span<const Route> file_routes();

/// The route for the segments after `/api/v4/` and what its `{}` took.
struct Match {
    const Route* route;
    std::vector<std::string> params;
};
std::optional<Match> match(net::Method method, const std::vector<std::string>& segments);

/// Carries out a call whose route was matched. `write` is for routes that write.
Answer answer_read(Sql& sql, const Route& route, Call call);
Answer answer_write(Write& write, const Route& route, Call call);

}  // namespace chat
