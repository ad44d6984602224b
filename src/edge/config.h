#pragma once
// What the edge is told: listeners, rules, groups, limits. A Config that exists is valid.

#include "base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace edge {

using std::chrono::milliseconds;

struct Listener {
    std::string name;
    std::string address;  ///< `127.0.0.1:8080`, `[::1]:8080`; port 0 lets the kernel choose.

    friend bool operator==(const Listener&, const Listener&) = default;
};

/// All that are given must hold. Patterns know `*` and `?`; path, method and header value
/// are case-sensitive in the path and method, not in host and header.
struct Condition {
    std::string listener;  ///< A listener's name; empty: all.
    std::string path = "*";
    std::string host;         ///< A pattern, without port; empty: all.
    std::string header_name;  ///< Empty: no condition on headers.
    std::string header_value = "*";
    std::vector<std::string> methods;  ///< Empty: all.

    friend bool operator==(const Condition&, const Condition&) = default;
};

struct Share {
    std::string group;
    std::uint32_t weight = 0;

    friend bool operator==(const Share&, const Share&) = default;
};

/// To a target of one of the groups. Without groups of its own, as the stored weights say.
struct Forward {
    std::vector<Share> shares;

    friend bool operator==(const Forward&, const Forward&) = default;
};

/// Answers from files below `directory`.
struct Assets {
    std::string directory;
    std::string strip_prefix;  ///< Taken off the path before it is looked up.

    friend bool operator==(const Assets&, const Assets&) = default;
};

struct Fixed {
    std::uint16_t status = 200;
    std::string content_type = "text/plain";
    std::string body;

    friend bool operator==(const Fixed&, const Fixed&) = default;
};

/// `location` may name `#{protocol} #{host} #{port} #{path} #{query}` of the request.
struct Redirect {
    std::uint16_t status = 302;
    std::string location;

    friend bool operator==(const Redirect&, const Redirect&) = default;
};

using Action = std::variant<Forward, Assets, Fixed, Redirect>;

/// The rule of the lowest priority whose condition holds decides.
struct Rule {
    std::uint32_t priority = 1;
    Condition when;
    Action action;

    friend bool operator==(const Rule&, const Rule&) = default;
};

enum class Balance { round_robin, least_outstanding };

struct HealthCheck {
    std::string path = "/";
    milliseconds interval{1000};
    milliseconds timeout{500};
    std::uint32_t healthy_after = 2;  ///< Passes in a row; a new target needs one.
    std::uint32_t unhealthy_after = 2;
    std::uint16_t status_min = 200;
    std::uint16_t status_max = 299;

    friend bool operator==(const HealthCheck&, const HealthCheck&) = default;
};

struct Group {
    std::string name;
    Balance balance = Balance::round_robin;
    HealthCheck health;

    friend bool operator==(const Group&, const Group&) = default;
};

/// Bounds on everything that a client or a target controls.
struct Limits {
    std::uint32_t connections = 20'000;  ///< From clients, over all workers.
    std::uint32_t header_bytes = 64 * 1024;
    std::uint32_t request_line_bytes = 16 * 1024;
    std::uint64_t body_bytes = 0;  ///< 0: any size, as it is streamed.
    milliseconds header_timeout{60'000};
    milliseconds idle_timeout{60'000};  ///< Between bytes of a request or answer under way.
    milliseconds keep_alive{75'000};    ///< A client's connection between two requests.
    milliseconds connect_timeout{10'000};
    milliseconds response_timeout{60'000};  ///< From the whole request to the answer's head.
    milliseconds socket_idle{3'600'000};    ///< A WebSocket on which nothing moves.
    std::uint32_t pooled_per_target = 64;   ///< Idle upstream connections that a worker keeps.

    friend bool operator==(const Limits&, const Limits&) = default;
};

struct Config {
    std::vector<Listener> listeners;
    std::vector<Rule> rules;  ///< By priority.
    std::vector<Group> groups;
    Limits limits;

    friend bool operator==(const Config&, const Config&) = default;
};

/// Decodes and checks. Rejects unknown members, unknown groups and listeners, priorities that
/// stand twice, and numbers out of their range; the error names the member as a JSON pointer.
base::Result<Config> config_from(const nlohmann::json& json);
nlohmann::json to_json(const Config& config);

/// The group of that name, or nullptr.
const Group* find_group(const Config& config, const std::string& name);

}  // namespace edge
