#pragma once
// What users write in crossfade.yaml. A Spec that exists is valid.

#include "base/result.h"
#include "base/units.h"
#include "release/change.h"
#include "release/policy.h"
#include "release/release.h"
#include "release/sourced.h"
#include "release/stage.h"
#include "release/version.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace release {

using std::chrono::milliseconds;

enum class Provider { local, aws };
enum class StrategyKind { blue_green, canary, rolling, recreate, publish };
enum class SchemaChange { none, expand, contract };
enum class FanOut { shared, none };
enum class Overlap { allowed, none };
enum class SocketMode { drain, swap, mattermost };

/// As users write them: `blue-green`, `local`, …
std::string_view name_of(StrategyKind kind);
std::string_view name_of(Provider provider);
base::Result<StrategyKind> strategy_from(std::string_view name);

/// How the data plane finds out whether an instance can serve.
struct HealthCheck {
    std::string path = "/";
    milliseconds interval{1000};
    milliseconds timeout{500};
    std::uint32_t healthy_after = 2;
    std::uint32_t unhealthy_after = 2;
    std::uint16_t status_min = 200;
    std::uint16_t status_max = 299;

    friend bool operator==(const HealthCheck&, const HealthCheck&) = default;
};

struct Service {
    Process process;
    std::uint32_t instances = 2;
    HealthCheck health;
    milliseconds boot_deadline{60'000};  ///< From start to healthy; after it the release fails.
    milliseconds stop_grace{10'000};     ///< From SIGTERM to SIGKILL, after the drain.
    milliseconds requests_wait{0};       ///< For an instance that can serve; 0: not at all.

    friend bool operator==(const Service&, const Service&) = default;
};

/// Which requests another instance is asked when the first fails before its answer began.
enum class Replay {
    never,   ///< Only what was provably not processed.
    safe,    ///< Also idempotent methods (RFC 9110 §9.2.2).
    handed,  ///< Also what an instance gives back with 379.
    always,
};

struct Certificate {
    std::string certificate;  ///< PEM, the chain included; relative to the spec's folder.
    std::string key;

    friend bool operator==(const Certificate&, const Certificate&) = default;
};

/// A second way in, encrypted.
struct Tls {
    std::string listen;
    std::vector<Certificate> certificates;
    bool only_1_3 = false;
    bool http2 = true;

    friend bool operator==(const Tls&, const Tls&) = default;
};

/// Which requests go where, first match wins. `path` ends in `*` for a prefix.
struct Route {
    std::string path = "/*";
    std::optional<std::pair<std::string, std::string>> header;  ///< name, exact value
    bool assets = false;  ///< To the published assets instead of the service.
    SocketMode sockets = SocketMode::drain;
    Replay replay = Replay::safe;
    bool take_up_events = false;  ///< Another instance goes on with server-sent events.

    friend bool operator==(const Route&, const Route&) = default;
};

/// A command (exit 0: succeeded, 75: ask again) or an HTTP POST at a stage's beginning.
struct Hook {
    std::string name;
    Stage stage = Stage::preflight;
    std::vector<std::string> command;  ///< Empty when `url` is set.
    std::string url;
    milliseconds timeout{60'000};
    milliseconds deadline{600'000};  ///< Over all repetitions while in progress.

    friend bool operator==(const Hook&, const Hook&) = default;
};

enum class GateDefault { abort, promote };

/// A person's or an outside system's consent, before a stage begins.
struct Gate {
    std::string name;
    Stage stage = Stage::shift;
    std::string owner;  ///< Who is asked; empty: anyone who may.
    milliseconds deadline{86'400'000};
    GateDefault at_deadline = GateDefault::abort;
    bool second_person = false;                 ///< Not who began the release.
    std::vector<ChangeKind> changes = {};       ///< Stands in releases of these; empty: all.
    std::vector<StrategyKind> strategies = {};  ///< Likewise.

    friend bool operator==(const Gate&, const Gate&) = default;
};

/// One stop on a canary's way: a share, then watch for a while or wait for a person.
struct CanaryStep {
    base::Permille weight;
    milliseconds hold{60'000};
    bool wait_for_person = false;

    friend bool operator==(const CanaryStep&, const CanaryStep&) = default;
};

/// Limits beyond which a release is bad, over the new pool's own counts.
struct Guard {
    base::Permille error_rate_max{10};  ///< Share of requests that failed.
    std::optional<milliseconds> p99_max;
    std::uint64_t requests_min = 20;   ///< Fewer say nothing (P8).
    milliseconds interval{1000};       ///< How often counts are read while watching.
    milliseconds unknown_max{60'000};  ///< How long a watch may go without data before it holds
                                       ///< for a person.
    std::uint64_t harm_max = 100;      ///< Failed requests that a release may cost (P9).
    /// In place of `harm_max`: users who may meet it before it is known to be no worse.
    std::optional<base::Permille> exposure_max;
    std::optional<base::Bytes> memory_max;  ///< That one instance may have resident.
    bool compare = true;            ///< Whether it must also not be worse than the old release.
    milliseconds warm_up{180'000};  ///< Its instances are cold: only gross faults count.
    std::vector<SourcedMetric> metrics;  ///< Of other systems; seen where releases are compared.

    friend bool operator==(const Guard&, const Guard&) = default;
};

/// Who meets a new release before any user: requests that know a word.
struct Preview {
    std::string header = "X-Preview";
    SecretSource value;

    friend bool operator==(const Preview&, const Preview&) = default;
};

/// By what a user is told, so that all her requests go to one release while a share moves.
/// One of the two is set.
struct Cohort {
    std::string header;
    std::string cookie;  ///< The edge's own, sealed.

    friend bool operator==(const Cohort&, const Cohort&) = default;
};

struct Strategy {
    std::optional<StrategyKind> major;
    std::optional<StrategyKind> minor;
    std::optional<StrategyKind> patch;
    std::optional<StrategyKind> config;
    /// Empty: the share rises as far as what was seen so far can afford of the guard's harm.
    std::vector<CanaryStep> steps;
    std::uint32_t rolling_batch = 1;
    milliseconds rolling_hold{5'000};          ///< Watched after each batch.
    milliseconds recreate_hold{30'000};        ///< A request waits so long while nobody serves.
    milliseconds settle{1000};                 ///< After an observed share, before the next step.
    milliseconds settle_before_leaving{2000};  ///< Before capacity is taken away.
    milliseconds bake{10'000};                 ///< Watched at 100 % with the old release warm.
    milliseconds keep_warm{3'600'000};         ///< After success, how long the way back is instant.
    std::uint32_t drain_sockets_a_second = 0;  ///< 0: all at once.
    milliseconds drain_deadline{300'000};
    milliseconds progress_deadline{600'000};
    std::optional<Preview> preview;
    std::optional<Cohort> cohort;  ///< None: a share is one of requests.

    friend bool operator==(const Strategy&, const Strategy&) = default;
};

/// A way from one version to another that must not be taken, in one run at least.
struct Edge {
    VersionRange from;
    VersionRange to;
    std::string why;

    friend bool operator==(const Edge&, const Edge&) = default;
};

struct Compatibility {
    SchemaChange schema = SchemaChange::none;
    FanOut fan_out = FanOut::shared;
    Overlap overlap = Overlap::allowed;  ///< Whether two releases may run at the same time.
    std::vector<Edge> forbidden;
    std::optional<std::uint32_t> minor_jump_max;

    friend bool operator==(const Compatibility&, const Compatibility&) = default;
};

struct OfEachPool {
    std::string blue;
    std::string green;

    friend bool operator==(const OfEachPool&, const OfEachPool&) = default;
};

/// What a release's own version is made from: everything but what an instance runs.
struct LaunchTemplate {
    std::string id;  ///< `lt-…`
    std::uint32_t version = 1;

    friend bool operator==(const LaunchTemplate&, const LaunchTemplate&) = default;
};

/// Where assets lie on AWS. A key is `prefix`, the path of the route that leads to them, and a
/// name.
struct AwsAssets {
    std::string bucket;
    std::string prefix;        ///< The distribution's origin path, without slashes at its ends.
    std::string distribution;  ///< An id of CloudFront; empty: nothing is invalidated.
    std::string url;           ///< What users ask; empty: the bucket alone is looked at.
    std::vector<std::string> unhashed;  ///< Names whose content a release may replace.

    friend bool operator==(const AwsAssets&, const AwsAssets&) = default;
};

/// Where an application runs on AWS: what is there for good, and never made by a release.
struct AwsPlace {
    std::string region;         ///< Empty: as the environment or the profile says.
    std::string profile;        ///< Likewise.
    std::string bucket;         ///< State, artifacts, configs.
    std::string prefix;         ///< In it; empty: `crossfade/` and the application's name.
    std::string rule;           ///< ARN of the one listener rule; it names the load balancer, too.
    OfEachPool target_groups;   ///< ARNs.
    OfEachPool scaling_groups;  ///< Names.
    LaunchTemplate launch_template;
    std::uint16_t port = 8080;  ///< Of the target groups, where instances listen.
    std::string user = "crossfade";
    milliseconds metrics_period{60'000};
    std::optional<AwsAssets> assets;  ///< There where the spec has assets, and only there.

    friend bool operator==(const AwsPlace&, const AwsPlace&) = default;
};

struct Spec {
    std::string application;
    Provider provider = Provider::local;
    std::optional<AwsPlace> aws;  ///< There with `Provider::aws`, and with no other.
    std::string listen = "127.0.0.1:8080";
    std::optional<Tls> tls;
    Version version;
    std::string artifact;  ///< Relative to the spec's folder.
    std::string assets;    ///< Empty: none.
    Service service;
    std::vector<Route> routes;
    Compatibility compatibility;
    Strategy strategy;
    Guard guard;
    std::vector<Hook> hooks;
    std::vector<Gate> gates;
    Policy policy;

    friend bool operator==(const Spec&, const Spec&) = default;
};

/// Decodes a spec; `file` names it in diagnostics. All findings are reported, not only the first.
tl::expected<Spec, std::vector<base::Diagnostic>> spec_from(std::string_view text,
                                                            const std::string& file);

/// The release that `spec` describes, once its artifact and its assets have been digested (all
/// zero: no assets). The sources are as the spec writes them; a caller may make them absolute.
Release release_of(const Spec& spec, std::string id, const base::Digest& artifact,
                   const base::Digest& assets);

/// The path of the first route that leads to assets, without its `*`: `/static/`. Empty: none.
std::string assets_path(const Spec& spec);

/// The JSON Schema (2020-12) of a spec, made from the description that decodes it.
std::string spec_schema();

/// The reference of all fields, as Markdown, made from the same description.
std::string spec_reference();

/// What one field means (`service.health.path`), for a terminal; none if there is no such field.
std::optional<std::string> explain_field(std::string_view path);

}  // namespace release
