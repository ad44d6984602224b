#include "chat/api.h"

#include <array>

namespace chat {
namespace {

std::optional<std::vector<std::string>> params_of(std::string_view pattern,
                                                  const std::vector<std::string>& segments) {
    std::vector<std::string> params;
    std::size_t at = 0;
    for (const std::string& segment : segments) {
        if (at > pattern.size()) return std::nullopt;
        const std::size_t end = std::min(pattern.find('/', at), pattern.size());
        const std::string_view wanted = pattern.substr(at, end - at);
        if (wanted == "{}") {
            params.push_back(segment);
        } else if (wanted != segment) {
            return std::nullopt;
        }
        at = end + 1;
    }
    if (at <= pattern.size()) return std::nullopt;
    return params;
}

}  // namespace

std::optional<Match> match(net::Method method, const std::vector<std::string>& segments) {
    for (const auto routes : {account_routes(), place_routes(), post_routes(), file_routes()}) {
        for (const Route& route : routes) {
            if (route.method != method) continue;
            if (auto params = params_of(route.pattern, segments)) {
                return Match{&route, std::move(*params)};
            }
        }
    }
    return std::nullopt;
}

Answer answer_read(Sql& sql, const Route& route, Call call) {
    if (route.access == Route::Access::session) {
        if (auto refused = authenticate(sql, call)) return *std::move(refused);
    }
    return route.read(sql, call);
}

Answer answer_write(Write& write, const Route& route, Call call) {
    if (route.access == Route::Access::session) {
        if (auto refused = authenticate(write.sql, call)) return *std::move(refused);
    }
    return route.write(write, call);
}

}  // namespace chat
