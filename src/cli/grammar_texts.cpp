#include "cli/grammar_texts.h"

#include "base/check.h"

#include <algorithm>
#include <array>

namespace cli {
namespace {

constexpr std::string_view kRelease = "Release";
constexpr std::string_view kLook = "Look";
constexpr std::string_view kSteer = "Steer a release in progress";
constexpr std::string_view kSpec = "Spec";
constexpr std::string_view kMachine = "This machine";
constexpr std::string_view kMore = "More";
constexpr std::string_view kHidden;

constexpr std::array kCommands{
    CommandWords{
        "plan", kRelease, "Shows what a deploy would do, step by step, and changes nothing",
        "The plan says which rule chose the strategy, what every step waits for and how long "
        "that is by configuration, and what the way back is. It has a digest: kept with "
        "--out, `deploy --plan` carries out exactly what was reviewed and refuses when the "
        "world has moved since.\n"
        "\n"
        "  crossfade plan\n"
        "  crossfade plan --out release.plan && crossfade deploy --plan release.plan"},
    CommandWords{
        "deploy", kRelease, "Brings the spec's release and stays until it has ended",
        "Ends with 0 when the new release serves, with 5 when it was taken back and users are "
        "safe on the old one, and with 6 when a person is needed. SIGTERM and SIGINT leave "
        "traffic at the last verified weight and end with 75; `resume` goes on. With --order, "
        "a command that is given again does not begin another release: it carries on with the one "
        "that it began, looks on where another process drives that, and ends as it does.\n"
        "\n"
        "  crossfade deploy\n"
        "  crossfade deploy --strategy blue-green --yes\n"
        "  crossfade deploy --plan release.plan\n"
        "  crossfade deploy --plan release.plan --plan-digest $APPROVED --order $BUILD_TAG"},
    CommandWords{
        "rollback", kRelease, "Goes back to an earlier release that ended well",
        "While the release before still stands warm this is one write to the router: new "
        "requests are back within a second. After that its instances boot first. Nothing is "
        "asked. A release in progress is taken back by `abort`.\n"
        "\n"
        "  crossfade rollback\n"
        "  crossfade rollback 1.0.0"},
    CommandWords{
        "resume", kRelease, "Continues a release that is paused or that nobody drives",
        "Whatever ended the process that drove a release, the journal knows how far it got; "
        "agent and edge are started first where they do not run. A release that another "
        "process drives is only told to end its pause."},
    CommandWords{
        "recover", kRelease, "Brings a release to its end, whoever drives it, and ends as it does",
        "For pipelines whose agent was lost or whose build was aborted: it carries on with a "
        "release that nobody drives, ends the pause of one that another process drives, and tells "
        "how one ended that is over. Where nothing was begun it ends with 0. With --back it takes "
        "back what has not ended, and ends with 0 when that is done.\n"
        "\n"
        "  crossfade recover\n"
        "  crossfade recover jenkins-chat-42\n"
        "  crossfade recover jenkins-chat-42 --back"},
    CommandWords{
        "status", kLook, "Shows what serves, what a release is doing and whose move it is",
        "Set weight stands beside the share of requests that the data plane really observed. "
        "With --watch it stays until the release has ended and ends with its exit code, "
        "whoever drives it.\n"
        "\n"
        "  crossfade status --watch\n"
        "  crossfade status r12\n"
        "  crossfade status --output json"},
    CommandWords{"instances", kLook, "Lists instances with state, reason, requests and sockets",
                 ""},
    CommandWords{
        "doctor", kLook, "Looks for what would make a release fail, and says what to do",
        "Reads only. Each finding is ok, a warning or an error and has a code; what cannot be told "
        "is a warning, never ok. Ends with 0 where nothing is an error, with 4 where the "
        "provider accepts no credentials, else with 1. --repair is refused with 7 while a release "
        "is under way: it takes the lease, and gives back only what releases themselves took.\n"
        "\n"
        "  crossfade doctor\n"
        "  crossfade doctor --repair\n"
        "  crossfade doctor --output json | jq '.findings[] | select(.weight != \"ok\")'"},
    CommandWords{"metrics", kLook, "Prints what Prometheus scrapes, for its textfile collector",
                 "The console serves the same under /metrics. What could not be read is left out, "
                 "and never 0. Active time and time that a person was waited for stand apart.\n"
                 "\n"
                 "  crossfade metrics > /var/lib/node_exporter/crossfade.prom"},
    CommandWords{"history", kLook, "Lists releases with strategy, ending, length, harm and actor",
                 "With --figures it tells what DORA asks, as far as a journal knows it: how many "
                 "releases a week, how many failed, how long users had to wait until a bad one was "
                 "gone, and how many were made to mend the one before (an estimate: right after "
                 "one that failed). When a change was committed it does not know. User-minutes are "
                 "open sockets on releases that failed, over time. How well users were served is "
                 "what the console has counted; times without one are not measured.\n"
                 "\n"
                 "  crossfade history\n"
                 "  crossfade history --figures --window 30d\n"
                 "  crossfade history --journal r12"},
    CommandWords{
        "report", kLook, "Tells what became of a release, for people, JUnit and programs",
        "With --out it writes index.html with report.css beside it, which Jenkins shows under its "
        "content-security policy, report.html (the same in one file), junit.xml, report.json and "
        "report.md.\n"
        "\n"
        "  crossfade report r12 --out report\n"
        "  crossfade report --format markdown | gh pr comment --body-file -"},
    CommandWords{"audit", kLook, "Reads the journal and checks its hash chain",
                 "  crossfade audit verify\n"
                 "  crossfade audit show --from 120 --limit 20"},
    CommandWords{"audit verify", kLook, "Finds any record that was edited, dropped or moved",
                 "Ends with 1 and names the first record at which the chain does not hold. Who can "
                 "write the journal could make the whole chain anew: that is found by a head that "
                 "was noted elsewhere, in a report, by --head or in the spec's `audit_anchor`.\n"
                 "\n"
                 "  crossfade audit verify --head 120:9f3c…\n"
                 "  crossfade audit verify --file chat.journal --anchor chat.heads"},
    CommandWords{"audit export", kLook, "Writes the journal as lines that prove themselves",
                 "  crossfade audit export --out chat.journal"},
    CommandWords{"audit show", kLook, "Prints records with their hashes", ""},
    CommandWords{"logs", kLook, "Prints what instances, agent and edge wrote",
                 "  crossfade logs -f\n"
                 "  crossfade logs edge -n 200"},
    CommandWords{"pause", kSteer, "Holds the release at its present weight until `resume`", ""},
    CommandWords{"promote", kSteer, "Skips what the release is waiting for: holds and consents",
                 ""},
    CommandWords{
        "abort", kSteer, "Stops the release in progress and goes back to the old one",
        "Returns when the run has taken it up; `status --watch` follows it to its end. What "
        "has already succeeded is taken back by `rollback`."},
    CommandWords{"lock", kSteer, "Lets no release begin until `unlock`, and says why",
                 "What is under way goes on, and going back is never locked.\n"
                 "\n"
                 "  crossfade lock -m 'the database moves tonight'"},
    CommandWords{"unlock", kSteer, "Lets releases begin again", ""},
    CommandWords{"simulate", kSpec,
                 "Tells how long a canary takes, and whom a bad one harms, on your own traffic",
                 "Draws releases against the traffic of the last day, as the agent wrote it down, "
                 "and carries each through as the spec says. Changes nothing.\n"
                 "\n"
                 "  crossfade simulate\n"
                 "  crossfade simulate --budget 50 --fault 1,5\n"
                 "  crossfade simulate --requests-per-second 300 --error-rate 0.2"},
    CommandWords{
        "rehearse", kSpec, "Carries the release out against a stand-in for AWS on this machine",
        "With `provider: aws`. Makes the account that the spec names on awsbox, releases the "
        "version before and then this one under simulated traffic, and tells stages, time, "
        "failed requests and calls. Nothing of AWS is asked, and no key of yours is used. "
        "Gates, notices, freezes and the anchor are left out. Needs Python and Crossfade's "
        "repository, or CROSSFADE_AWSBOX naming a checkout.\n"
        "\n"
        "  crossfade rehearse\n"
        "  crossfade rehearse --requests 200 --path /api/v1/ping"},
    CommandWords{"init", kSpec, "Writes a commented crossfade.yaml into this folder", ""},
    CommandWords{"validate", kSpec, "Checks the spec and tells every finding with its line",
                 "Reads files only: no network, no state.\n"
                 "\n"
                 "  crossfade validate --spec staging.yaml"},
    CommandWords{"schema", kSpec, "Prints the JSON Schema of crossfade.yaml for editors",
                 "  crossfade schema > crossfade.schema.json"},
    CommandWords{
        "up", kMachine, "Starts agent, edge and console, and the first release if there is none",
        "They outlive this command. Repeating it is harmless; a spec whose listener, routes "
        "or health checks have changed is given to the edge. What is said of the console holds "
        "until it is said otherwise. Agent and edge of another build than this command's are "
        "replaced; no request "
        "or plaintext WebSocket notices."},
    CommandWords{"down", kMachine, "Drains and stops all instances, the edge and the agent",
                 "What served is remembered: the next `up` brings it back."},
    CommandWords{
        "console", kMachine, "Serves the page that shows a release, until it is stopped",
        "`up` does so by itself; this is for an application whose `up` is elsewhere, or for a "
        "second address. It listens on loopback alone: reach it from elsewhere by `ssh -L`, or "
        "through a proxy that encrypts.\n"
        "\n"
        "  crossfade console --listen 127.0.0.1:9000"},
    CommandWords{"console token", kMachine, "Makes a token that lets its owner look, or act",
                 "It is printed once, and only its digest is kept.\n"
                 "\n"
                 "  crossfade console token --role operate --for 8h --name ada"},
    CommandWords{"console tokens", kMachine, "Lists tokens: whose, for what, until when", ""},
    CommandWords{"console revoke", kMachine, "Takes a token back at once", ""},
    CommandWords{
        "hold", kMachine, "Lets new requests wait at the edge instead of failing",
        "For work that no instance may serve through, such as a migration with a lock. What is in "
        "flight ends where it began. It ends by itself, and `unhold` ends it sooner. Each request "
        "waits no longer than 30 s, and so many and so much of them as the edge's limits allow; "
        "beyond, the answer is 503 with Retry-After. WebSockets that are open "
        "stay open.\n"
        "\n"
        "  crossfade hold --for 20s && ./migrate && crossfade unhold\n"
        "  crossfade hold --status"},
    CommandWords{"unhold", kMachine, "Lets the requests go that wait", ""},
    CommandWords{"load", kMachine,
                 "Plays users against the application and accounts for everything",
                 "Open loop, with intended start times; every message, socket and request is "
                 "accounted for. Ends with 99 when a requirement is not met and with 98 when the "
                 "machine was too busy for the figures to mean anything.\n"
                 "\n"
                 "  crossfade load --profile demo --report report --require http.failed==0\n"
                 "  crossfade load --profile mattermost-450 --scale 0.05"},
    CommandWords{"explain", kMore,
                 "Explains a code: what it means, why it happens, what to do; or a release: what "
                 "was compared, and why it went on or back",
                 "  crossfade explain CF0302\n"
                 "  crossfade explain r7"},
    CommandWords{"completion", kMore, "Prints the completion script of a shell",
                 "  source <(crossfade completion bash)\n"
                 "  crossfade completion fish > ~/.config/fish/completions/crossfade.fish"},
    CommandWords{"version", kMore, "Shows the version", ""},
    CommandWords{"help", kMore, "Shows how a command is used",
                 "  crossfade help deploy\n"
                 "  crossfade help exit-codes"},
    CommandWords{"edge", kHidden, "Runs the data plane; started by `up`", ""},
    CommandWords{"agent", kHidden, "Runs the supervisor of instances; started by `up`", ""},
    CommandWords{"complete", kHidden, "Lists words for completion", ""},
    CommandWords{"reference", kHidden, "Writes docs/reference", ""},
};

}  // namespace

const std::string_view kDetails =
    "Begin with `crossfade init`, then `crossfade up`; from then on `crossfade deploy` for each "
    "release.";

const CommandWords& words_of(std::string_view path) {
    const auto found = std::find_if(kCommands.begin(), kCommands.end(),
                                    [&](const CommandWords& words) { return words.path == path; });
    CHECK(found != kCommands.end());
    return *found;
}

}  // namespace cli
