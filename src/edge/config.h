#pragma once
// What the edge is told: listeners, rules, groups, limits. A Config that exists is valid.

#include "base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace edge {

using std::chrono::milliseconds;

/// Absolute paths of PEM files: the certificate with its chain, and the key without passphrase.
struct CertificateFiles {
    std::string certificate;
    std::string key;

    friend bool operator==(const CertificateFiles&, const CertificateFiles&) = default;
};

/// Read when the config is put and again when a file changes; connections that stand stay.
struct Tls {
    std::vector<CertificateFiles> certificates;  ///< Chosen by SNI; the first is the default.
    bool only_1_3 = false;                       ///< Else TLS 1.2 is the least.
    bool tickets = true;                         ///< Sessions are resumed, by any worker.

    friend bool operator==(const Tls&, const Tls&) = default;
};

struct Listener {
    std::string name;
    std::string address;  ///< `127.0.0.1:8080`, `[::1]:8080`; port 0 lets the kernel choose.
    std::optional<Tls> tls;
    bool http2 = true;  ///< Offered to clients by TLS; without it taken by prior knowledge.

    friend bool operator==(const Listener&, const Listener&) = default;
};

/// A field that a request must have; one of the patterns must fit one of its lines.
struct FieldCondition {
    std::string name;
    std::vector<std::string> values;

    friend bool operator==(const FieldCondition&, const FieldCondition&) = default;
};

/// Patterns for one `key=value` of a query. An empty key: any key, or none.
struct QueryCondition {
    std::string key;
    std::string value;

    friend bool operator==(const QueryCondition&, const QueryCondition&) = default;
};

/// A block of addresses, as `10.0.0.0/8` or `2001:db8::/32` says it.
struct Network {
    std::array<std::uint8_t, 16> bytes{};  ///< IPv4 as `::ffff:a.b.c.d`.
    std::uint8_t bits = 128;               ///< Of those 16 bytes.
    std::string text;

    bool has(const std::array<std::uint8_t, 16>& address) const;
    friend bool operator==(const Network&, const Network&) = default;
};

/// All that are given must hold, and of a list any one (ALB's listener rules). Patterns know `*`
/// and `?`; path and method are case-sensitive, host, header value and query are not.
struct Condition {
    std::string listener;  ///< A listener's name; empty: all.
    std::vector<std::string> paths;
    std::vector<std::string> hosts;  ///< Without port.
    std::vector<FieldCondition> headers;
    std::vector<QueryCondition> queries;
    std::vector<Network> sources;  ///< Of the connection, not of X-Forwarded-For.
    std::vector<std::string> methods;

    friend bool operator==(const Condition&, const Condition&) = default;
};

struct Share {
    std::string group;
    std::uint32_t weight = 0;

    friend bool operator==(const Share&, const Share&) = default;
};

/// What becomes of a WebSocket whose target is to be left.
enum class SocketMode {
    drain,       ///< Closed with 1012, so that its client comes again.
    swap,        ///< Kept; another target takes the old one's place behind it.
    mattermost,  ///< As `swap`, for servers that number what they send.
};

/// To a target of one of the groups. Without groups of its own, as the stored weights say.
/// Which requests are sent again that a target may have begun to process.
enum class Replay : std::uint8_t {
    never,   ///< Only what was provably not processed, and only while nothing of a body was sent.
    safe,    ///< Idempotent methods (RFC 9110 §9.2.2), bodies included.
    handed,  ///< Those, and what the target hands back with 379.
    always,  ///< Every method: the application recognises what it has seen already.
};

/// By whom the requests of a rule are divided, where it is not one by one: all of a user go to the
/// group that her bucket falls to (see cohort.h), while that group has a target for them.
struct Cohort {
    enum class Key : std::uint8_t { none, cookie, header };
    Key key = Key::none;
    std::string
        name;  ///< A header that the client sends, or a cookie that the edge sets and seals.
    std::string salt;

    friend bool operator==(const Cohort&, const Cohort&) = default;
};

struct Forward {
    std::vector<Share> shares;
    Replay replay = Replay::safe;
    /// Above 0: who was given a group keeps it for as long (cookie AWSALBTG), while the group has
    /// weight and a target that may be given requests.
    std::chrono::seconds stickiness{0};
    Cohort cohort = {};
    SocketMode sockets = SocketMode::drain;
    bool take_up_events = false;  ///< Another target goes on with a stream of events.

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

/// What a group's targets speak (ALB's ProtocolVersion). HTTP/2 is spoken in the clear, with prior
/// knowledge; `grpc` besides tells gRPC requests and health checks from others.
enum class Protocol : std::uint8_t { http1, http2, grpc };

enum class Balance : std::uint8_t { round_robin, least_outstanding, weighted_random };

/// Statuses from `least` to `most`.
struct StatusRange {
    std::uint16_t least = 200;
    std::uint16_t most = 299;

    friend bool operator==(const StatusRange&, const StatusRange&) = default;
};

struct HealthCheck {
    std::string path = "/";
    milliseconds interval{1000};
    milliseconds timeout{500};
    std::uint32_t healthy_after = 2;  ///< Passes in a row; a new target needs one.
    std::uint32_t unhealthy_after = 2;
    std::vector<StatusRange> matcher = std::vector<StatusRange>(1);  ///< Any one of them is a pass.
    /// Of a `grpc` group in place of `matcher`: the grpc-status that passes.
    StatusRange grpc_matcher{.least = kGrpcUnimplemented, .most = kGrpcUnimplemented};

    static constexpr std::uint16_t kGrpcUnimplemented = 12;
    bool passes(int status) const;
    friend bool operator==(const HealthCheck&, const HealthCheck&) = default;
};

/// Whether who was given a target keeps it.
struct Stickiness {
    enum class Kind : std::uint8_t {
        off,
        edge_cookie,  ///< ALB's `lb_cookie`: AWSALB.
        app_cookie,   ///< While the application's own cookie comes along with AWSALBAPP-0.
    };
    Kind kind = Kind::off;
    std::chrono::seconds duration{86'400};
    std::string cookie;  ///< The application's, for `app_cookie`.

    friend bool operator==(const Stickiness&, const Stickiness&) = default;
};

/// A group with fewer healthy targets than either says gives requests to all of its targets:
/// better slow answers from some than all load on the few.
struct MinimumHealthy {
    std::uint32_t count = 1;
    std::uint32_t percentage = 0;  ///< 0: off.

    friend bool operator==(const MinimumHealthy&, const MinimumHealthy&) = default;
};

struct Group {
    std::string name;
    Protocol protocol = Protocol::http1;
    Balance balance = Balance::round_robin;
    HealthCheck health;
    Stickiness stickiness;
    MinimumHealthy minimum_healthy;
    /// A target that has just become healthy is given a share that grows from nothing to a whole
    /// one within this time; 0: a whole one at once. With round robin only.
    milliseconds slow_start{0};
    milliseconds deregistration_delay{300'000};  ///< A drain's deadline, where it names none.

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
    milliseconds socket_hold{20'000};       ///< One without a target, until another takes it.
    std::uint32_t pooled_per_target = 64;   ///< Idle upstream connections that a worker keeps.
    /// A client's connection as a whole; beyond, the next answer is its last.
    milliseconds connection_lifetime{3'600'000};
    std::uint32_t requests_per_connection = 0;   ///< 0: any number.
    std::uint32_t connections_per_address = 0;   ///< 0: any number; IPv6 by /64. Tunnels included.
    milliseconds tls_handshake_timeout{10'000};  ///< From accepted to the handshake's end.
    // Requests that wait because their group or listener is held, or has no target that works.
    std::uint32_t hold_requests = 10'000;    ///< Over all workers; 503 beyond.
    std::uint64_t hold_bytes = 64 << 20;     ///< Of what is kept of them.
    milliseconds hold_longest{30'000};       ///< One request's wait; then 503.
    milliseconds hold_when_empty{0};         ///< For a target that works; 0: fails at once.
    std::uint64_t spool_bytes = 8ULL << 30;  ///< Of bodies that could be sent again, on disk.

    friend bool operator==(const Limits&, const Limits&) = default;
};

enum class ForwardedFor : std::uint8_t { append, preserve, remove };
/// What is done with requests that two parsers may read differently (http/desync.h).
enum class Desync : std::uint8_t { monitor, defensive, strictest };

/// How heads are changed on their way; ALB's attributes of load balancer and listener.
struct Attributes {
    ForwardedFor forwarded_for = ForwardedFor::append;
    bool client_port = false;          ///< X-Forwarded-For with the client's port.
    bool preserve_host = true;         ///< Else Host is written with the listener's port.
    bool drop_invalid_fields = false;  ///< Names beyond letters, digits and hyphens.
    bool trace_context = true;         ///< A `traceparent` is made where none came (W3C).
    Desync desync = Desync::defensive;
    /// Set on every answer in place of what the target said; an empty value removes the field.
    std::vector<std::pair<std::string, std::string>> answer_fields;

    friend bool operator==(const Attributes&, const Attributes&) = default;
};

struct Config {
    std::vector<Listener> listeners;
    std::vector<Rule> rules;  ///< By priority.
    std::vector<Group> groups;
    Limits limits;
    Attributes attributes;

    friend bool operator==(const Config&, const Config&) = default;
};

/// Decodes and checks. Rejects unknown members, unknown groups and listeners, priorities that
/// stand twice, and numbers out of their range; the error names the member as a JSON pointer.
base::Result<Config> config_from(const nlohmann::json& json);
nlohmann::json to_json(const Config& config);

/// The group of that name, or nullptr.
const Group* find_group(const Config& config, const std::string& name);

}  // namespace edge
