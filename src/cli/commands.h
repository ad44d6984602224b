#pragma once
// Everything that can be said to `crossfade`. `grammar.cpp` spells it; a file of the command's
// name, or of its noun, does it.

#include "cli/session.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cli {

using std::chrono::milliseconds;

// The spec: init.cpp, validate.cpp

struct InitOptions {
    std::string name;
    bool overwrite = false;
};
Ending init(Session& session, const InitOptions& options);

Ending validate(Session& session);
Ending schema(Session& session);

// A release: plan.cpp, deploy.cpp, rollback.cpp, resume.cpp, recover.cpp

struct PlanOptions {
    std::string out;       ///< Where the plan is kept for `deploy --plan`.
    std::string strategy;  ///< Empty: as the policy says.
};
Ending plan(Session& session, const PlanOptions& options);

struct DeployOptions {
    std::string plan;
    std::string strategy;
    std::string digest;   ///< Of the plan that was consented to; empty: not said.
    std::string order;    ///< What it is for, by the name of who wants it; empty: not said.
    std::string despite;  ///< Why a lock or a freeze does not count; empty: it does.
    bool consented = false;
};
Ending deploy(Session& session, const DeployOptions& options);

struct RollbackOptions {
    std::string release;  ///< Empty: the one before the present.
    bool consented = false;
};
Ending rollback(Session& session, const RollbackOptions& options);

struct ResumeOptions {
    bool tail = false;  ///< Only what is due after success: retire the warm pool.
};
Ending resume(Session& session, const ResumeOptions& options);

struct RecoverOptions {
    std::string order;  ///< Empty: the last release.
    bool back = false;
};
Ending recover(Session& session, const RecoverOptions& options);

// Wishes to the run in progress: wish.cpp

struct WishOptions {
    std::string reason;
    std::string step;    ///< `promote` only: this step and no other; empty: what is waited for.
    std::string digest;  ///< `promote` only: of the plan that is consented to; empty: not said.
    milliseconds timeout{30'000};
};
Ending pause(Session& session, const WishOptions& options);
Ending promote(Session& session, const WishOptions& options);
Ending abort(Session& session, const WishOptions& options);

/// Holds all releases, but none that is under way, until `unlock`: closure.cpp
Ending lock(Session& session, const std::string& why);
Ending unlock(Session& session);

// What is and what was: status.cpp, instances.cpp, history.cpp, audit.cpp, logs.cpp

struct StatusOptions {
    std::string release;
    bool watch = false;
};
Ending status(Session& session, const StatusOptions& options);

Ending instances(Session& session);

struct DoctorOptions {
    bool repair = false;  ///< Gives back what a release that is over still holds.
};
/// doctor.cpp
Ending doctor(Session& session, const DoctorOptions& options);

struct HistoryOptions {
    bool journal = false;
    bool figures = false;
    milliseconds window{std::chrono::hours{24 * 60}};  ///< With `figures`.
    std::uint32_t limit = 0;                           ///< 0: 20 releases, or the whole journal.
    std::string release;
};
Ending history(Session& session, const HistoryOptions& options);

struct ReportOptions {
    std::string release;  ///< Empty: the last.
    std::string format = "markdown";
    std::string out;  ///< A folder for all forms; empty: one to standard output.
};
Ending report(Session& session, const ReportOptions& options);

struct AuditVerifyOptions {
    std::string file;                ///< An exported journal; empty: the one here.
    std::string anchor;              ///< Instead of the spec's.
    std::vector<std::string> heads;  ///< `INDEX:HASH`, as noted elsewhere.
};
Ending audit_verify(Session& session, const AuditVerifyOptions& options);
/// To `file`; empty: to standard output.
Ending audit_export(Session& session, const std::string& file);
struct AuditShowOptions {
    std::uint64_t from = 1;
    std::uint32_t limit = 1000;
};
Ending audit_show(Session& session, const AuditShowOptions& options);

struct LogsOptions {
    std::vector<std::string> sources;
    bool follow = false;
    std::uint32_t lines = 50;
};
Ending logs(Session& session, const LogsOptions& options);

// The machine: up.cpp, processes.cpp

struct UpOptions {
    std::string console;             ///< An address, or `off`; empty: as before.
    std::vector<std::string> hosts;  ///< Under which a proxy hands the console on.
    std::string view;                ///< `anyone` or `token`; empty: as before.
};
Ending up(Session& session, const UpOptions& options);

struct DownOptions {
    bool now = false;
};
Ending down(Session& session, const DownOptions& options);

struct EdgeOptions {
    std::uint32_t workers = 0;
    std::string io = "auto";
    bool access_log = false;
    bool takeover = false;
};
Ending edge_process(Session& session, const EdgeOptions& options);

struct AgentOptions {
    int ready_fd = -1;
};
Ending agent_process(Session& session, const AgentOptions& options);

// The console: console.cpp, console_token.cpp

struct ConsoleOptions {
    std::string listen;              ///< Empty: as the spec says, else a free port of loopback.
    std::vector<std::string> hosts;  ///< Besides the spec's.
    bool kept = false;               ///< By the agent, as `up` has settled it.
};
Ending console(Session& session, const ConsoleOptions& options);

struct TokenOptions {
    std::string role = "view";
    std::chrono::seconds span{std::chrono::hours{8}};
    std::string name;  ///< Empty: the user's.
};
Ending console_token(Session& session, const TokenOptions& options);
Ending console_tokens(Session& session);
Ending console_revoke(Session& session, const std::string& id);

// Load: load.cpp

struct LoadOptions {
    std::string target;  ///< Empty: the spec's listener.
    std::string profile = "demo";
    double scale = 1.0;
    std::optional<std::uint32_t> users;
    std::string duration;
    std::optional<double> posts_a_second;
    std::uint64_t seed = 1;
    bool until_stopped = false;
    bool allow_remote = false;
    std::string report;  ///< A folder.
    std::vector<std::string> requirements;
    std::string database_process;
    std::vector<int> database_pids;
    std::string title;
};
Ending load(Session& session, const LoadOptions& options);

// Before a release: simulate.cpp

struct SimulateOptions {
    std::vector<double> faults;  ///< In points; empty: 0.5, 2, 10 and 99.
    std::uint64_t budget = 0;    ///< 0: the spec's.
    std::uint32_t runs = 200;
    std::uint64_t seed = 1;
    double requests_per_second = 0;  ///< 0: the application's own traffic.
    double error_rate = 0.1;         ///< In per cent, beside `requests_per_second`.
    double clustering = 1;           ///< Likewise.
};
Ending simulate(Session& session, const SimulateOptions& options);

/// On awsbox, in this process's place: returns only where it cannot be started.
struct RehearseOptions {
    std::uint32_t requests = 50;  ///< A second.
    std::uint32_t speed = 20;     ///< What the spec's waits are divided by.
    std::string path;             ///< Empty: the health check's.
};
Ending rehearse(Session& session, const RehearseOptions& options);

// The command line itself: explain.cpp, completion.cpp, reference.cpp, help.cpp

Ending explain(Session& session, const std::string& code);
Ending completion(Session& session, const std::string& shell);
Ending complete(Session& session, const std::string& noun);
Ending reference(Session& session, const std::string& folder);
Ending version(Session& session);
Ending help(Session& session, const std::vector<std::string>& topic);

}  // namespace cli
