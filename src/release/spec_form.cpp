#include "release/spec_form.h"

#include "base/diagnostic.h"
#include "base/form.h"
#include "release/names.h"
#include "release/spec.h"
#include "release/stage.h"
#include "release/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace release {

namespace {

using base::Choice;
using base::Fields;
using base::Form;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::chrono::days kGateMax{30};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The enumerators of E with what they mean, in the order of its names.
template <typename E>
Form<E> choice_of(std::vector<std::pair<E, std::string>> meanings) {
    std::vector<Choice<E>> choices;
    for (auto& [value, meaning] : meanings)
        choices.push_back({std::string(name_in_table(value)), value, std::move(meaning)});
    return base::choice(std::move(choices));
}

template <typename T, typename Parse>
Form<T> from_text(std::string words, std::string pattern, Parse parse,
                  std::string (*print)(const T&)) {
    return base::parsed<T>(
        {.kind = base::Shape::Kind::text, .words = std::move(words), .pattern = std::move(pattern)},
        [parse](std::string_view text) -> tl::expected<T, base::Diagnostic> {
            auto value = parse(text);
            if (!value) return tl::unexpected(std::move(value.error().diagnostic));
            return std::move(*value);
        },
        print);
}

// semver.org's own expression; `\d` would take other scripts' digits in some engines.
const std::string kIdentifiers = "(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)";
const std::string kVersion = "(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-" +
                             kIdentifiers + "(\\." + kIdentifiers +
                             ")*)?(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?";

Form<Version> version() {
    return from_text<Version>("a version, like 1.4.2", "^" + kVersion + "$", version_from,
                              [](const Version& value) { return to_text(value); });
}

Form<VersionRange> range() {
    const std::string one = "(<|<=|=|>=|>)" + kVersion;
    return from_text<VersionRange>("comparisons of versions, like `>=1.4.0 <2.0.0`",
                                   "^" + one + "( " + one + "){0,7}$", range_from,
                                   [](const VersionRange& value) { return to_text(value); });
}

Form<std::string> route_path() {
    return base::text({"a path of a URL, beginning with `/`; a `*` at its end stands for any rest",
                       "^/[^\\s*]*[*]?$", [](std::string_view text) {
                           const std::size_t star = text.find('*');
                           return text.starts_with('/') &&
                                  text.find_first_of(" \t\n\r\v\f") == std::string_view::npos &&
                                  (star == std::string_view::npos || star + 1 == text.size());
                       }});
}

Form<std::string> listen_address() {
    return base::text(
        {"an address and a port, like 127.0.0.1:8080 or [::1]:8080",
         "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+\\]|localhost):[1-9][0-9]{0,4}$",
         [](std::string_view text) {
             const std::size_t colon = text.rfind(':');
             if (colon == std::string_view::npos) return false;
             const std::string_view host = text.substr(0, colon);
             const std::string_view port = text.substr(colon + 1);
             const bool four = std::count(host.begin(), host.end(), '.') == 3 &&
                               is_digit(host.back()) && is_digit(host.front()) &&
                               host.find("..") == std::string_view::npos &&
                               std::all_of(host.begin(), host.end(),
                                           [](char c) { return is_digit(c) || c == '.'; });
             const bool six =
                 host.size() > 2 && host.front() == '[' && host.back() == ']' &&
                 host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
             return (four || six || host == "localhost") && !port.empty() && port.size() <= 5 &&
                    port.front() != '0' && std::all_of(port.begin(), port.end(), is_digit);
         }});
}

Form<Route> route() {
    using Header = std::pair<std::string, std::string>;
    const auto header =
        Fields<Header>("a group of fields")
            .required("name", &Header::first, base::line(), "In any case.", "X-Beta")
            .required("value", &Header::second, base::line(), "Compared letter by letter.", "\"1\"")
            .form();
    return Fields<Route>("a group of fields")
        .required("path", &Route::path, route_path(), "Which requests; `*` stands for any rest.",
                  "/api/*")
        .maybe("header", &Route::header, header, "Only requests with this header.",
               "{name: X-Beta, value: \"1\"}")
        .optional("to", &Route::assets,
                  base::choice<bool>({{"service", false, "the instances"},
                                      {"assets", true, "the published assets"}}),
                  "Who answers.")
        .optional(
            "sockets", &Route::sockets,
            base::choice<SocketMode>(
                {{"drain", SocketMode::drain,
                  "closed with 1012 when their instance leaves, so that clients reconnect"},
                 {"swap", SocketMode::swap, "kept open while the instance behind them is replaced"},
                 {"mattermost", SocketMode::mattermost,
                  "as swap, for servers that number their events as Mattermost does"}}),
            "What becomes of WebSockets in a release.")
        .optional(
            "replay", &Route::replay,
            base::choice<Replay>(
                {{"never", Replay::never, "only requests of which no instance saw a byte"},
                 {"safe", Replay::safe,
                  "also those of idempotent methods, like GET and PUT, with their bodies"},
                 {"handed", Replay::handed, "also those that an instance gives back with 379"},
                 {"always", Replay::always,
                  "all, for applications that know a request which they have seen"}}),
            "Which requests are sent to another instance when one fails before it answers.")
        .optional(
            "events", &Route::take_up_events,
            base::choice<bool>({{"end", false, "they end with their instance"},
                                {"take_up", true,
                                 "another instance is asked for what follows the last one, by "
                                 "`Last-Event-ID`; the user's stream stays open"}}),
            "What becomes of server-sent events in a release.")
        .form();
}

Form<Tls> tls() {
    const auto certificate =
        Fields<Certificate>("a group of fields")
            .required("certificate", &Certificate::certificate, base::line(),
                      "A PEM file with the certificate and those that lead to its root; relative "
                      "to this file.",
                      "tls/chat.pem")
            .required("key", &Certificate::key, base::line(), "Its private key, PEM.",
                      "tls/chat.key")
            .form();
    return Fields<Tls>("a group of fields")
        .required("listen", &Tls::listen, listen_address(), "Where encrypted connections come in.",
                  "0.0.0.0:8443")
        .required(
            "certificates", &Tls::certificates, base::list_of(certificate, 1, 100),
            "The one whose name fits is shown, else the first. Renewed files are used without "
            "a restart.",
            "[{certificate: tls/chat.pem, key: tls/chat.key}]")
        .optional("minimum", &Tls::only_1_3,
                  base::choice<bool>({{"1.2", false, "TLS 1.2 and 1.3"}, {"1.3", true, "TLS 1.3"}}),
                  "The oldest version that is spoken.")
        .optional("http2", &Tls::http2, base::truth(), "Whether HTTP/2 is offered.")
        .form();
}

Form<Compatibility> compatibility() {
    const auto edge =
        Fields<Edge>("a group of fields")
            .required("from", &Edge::from, range(), "The version that runs.",
                      "\">=10.11.17 <11.0.0\"")
            .required("to", &Edge::to, range(), "The version that is wanted.", "\"<11.7.3\"")
            .required("why", &Edge::why, base::line(), "Shown when it is refused.",
                      "a migration was renumbered")
            .form();
    return Fields<Compatibility>("a group of fields")
        .optional("schema", &Compatibility::schema,
                  base::choice<SchemaChange>(
                      {{"none", SchemaChange::none, "this version does not change it"},
                       {"expand", SchemaChange::expand,
                        "it adds to it, and the version before works on the result"},
                       {"contract", SchemaChange::contract,
                        "it takes away what the version before needs: never split, and no way "
                        "back once it is done"}}),
                  "What this version does to the database's schema.")
        .optional(
            "fan_out", &Compatibility::fan_out,
            base::choice<FanOut>(
                {{"shared", FanOut::shared, "an event reaches the users of all instances"},
                 {"none", FanOut::none, "it reaches those of its own instance only: never split"}}),
            "Whether instances share events with each other.")
        .optional(
            "overlap", &Compatibility::overlap,
            base::choice<Overlap>({{"allowed", Overlap::allowed, "they may"},
                                   {"none", Overlap::none,
                                    "they must not (a single writer, a lock on the schema): always "
                                    "`recreate`"}}),
            "Whether two releases may run at the same time.")
        .optional("forbidden", &Compatibility::forbidden, base::list_of(edge, 0, 100),
                  "Ways from version to version that are refused.")
        .maybe("minor_jump_max", &Compatibility::minor_jump_max, base::whole(1U, 1000U),
               "How many minor versions one release may go up.", "1")
        .form();
}

}  // namespace

// A URL stands in plans and journals as it is.
Form<std::string> http_url() {
    auto form = base::text({"a URL, beginning with http:// or https://, without a password",
                            "^https?://[^\\s@/]+(/[^\\s]*)?$", [](std::string_view text) {
                                const bool http = text.starts_with("http://");
                                if (!http && !text.starts_with("https://")) return false;
                                text.remove_prefix(http ? 7 : 8);
                                const std::string_view host = text.substr(0, text.find('/'));
                                return !host.empty() && host.find('@') == std::string_view::npos &&
                                       text.find_first_of(" \t\n\r\v\f") == std::string_view::npos;
                            }});
    form.read = [read = form.read](const base::Node& node, base::Findings& findings) {
        auto url = read(node, findings);
        if (!url) findings.hide(node);
        return url;
    };
    return form;
}

Form<Hook> hook_form() {
    return Fields<Hook>("a group of fields")
        .required("name", &Hook::name, base::name(), "Unique among the hooks.", "smoke-test")
        .required("stage", &Hook::stage,
                  choice_of<Stage>({{Stage::preflight, "before anything changes"},
                                    {Stage::publish_assets, "before assets are published"},
                                    {Stage::prepare, "before the artifact is fetched"},
                                    {Stage::scale_up, "before new instances start"},
                                    {Stage::test, "on the new instances, before any user"},
                                    {Stage::shift, "before the first user is shifted"},
                                    {Stage::bake, "when all traffic is on the new release"},
                                    {Stage::drain, "before the old release's sockets are moved"},
                                    {Stage::retire, "before the old instances end"},
                                    {Stage::replace, "before the first instance is replaced"}}),
                  "It is called when this stage begins.", "TEST")
        .optional("command", &Hook::command, base::list_of(base::word(), 1, 256),
                  "Run in this file's folder, word by word, with CROSSFADE_* variables. Exit 0 is "
                  "success, 75 means ask again later, anything else is failure.",
                  "[./smoke-test.sh]")
        .optional("url", &Hook::url, http_url(),
                  "Or: called with POST and JSON; the answer's `state` is succeeded, failed or "
                  "in_progress. It stands in plans and in the journal, so it holds no password.",
                  "http://127.0.0.1:9000/check")
        .optional("timeout", &Hook::timeout, base::duration(milliseconds{100}, hours{1}),
                  "For one call.")
        .optional("deadline", &Hook::deadline, base::duration(seconds{1}, hours{24}),
                  "For all calls together, as long as it is in progress.")
        .exactly_one_of({"command", "url"})
        .check(check_hook)
        .form();
}

namespace {

Form<ChangeKind> change_kind() {
    return choice_of<ChangeKind>({{ChangeKind::first, "the application's first release"},
                                  {ChangeKind::major, "a major version"},
                                  {ChangeKind::minor, "a minor version"},
                                  {ChangeKind::patch, "a patch"},
                                  {ChangeKind::rebuild, "another artifact under the same version"},
                                  {ChangeKind::config, "nothing but the config"},
                                  {ChangeKind::assets, "nothing but the assets"}});
}

Form<StrategyKind> any_strategy() {
    return choice_of<StrategyKind>(
        {{StrategyKind::blue_green, "all users at once, beside the old release"},
         {StrategyKind::canary, "a few users first, then more"},
         {StrategyKind::rolling, "instance by instance"},
         {StrategyKind::recreate, "requests wait while the old one ends"},
         {StrategyKind::publish, "assets alone"}});
}

}  // namespace

Form<Gate> gate_form() {
    return Fields<Gate>("a group of fields")
        .required("name", &Gate::name, base::name(), "Unique among the gates.", "go-live")
        .optional("stage", &Gate::stage,
                  choice_of<Stage>({{Stage::preflight, "before anything changes"},
                                    {Stage::publish_assets, "before assets are published"},
                                    {Stage::prepare, "before the artifact is fetched"},
                                    {Stage::scale_up, "before new instances start"},
                                    {Stage::test, "before the new instances are tested"},
                                    {Stage::shift, "before the first user is shifted"},
                                    {Stage::bake, "when all traffic is on the new release"},
                                    {Stage::drain, "before the old release's sockets are moved"},
                                    {Stage::retire, "before the old instances end"},
                                    {Stage::replace, "before the first instance is replaced"}}),
                  "It waits before this stage; where a strategy lacks it, before the first step "
                  "that users could notice.")
        .optional("owner", &Gate::owner, base::line(), "Who is asked.", "release team")
        .optional("deadline", &Gate::deadline, base::duration(seconds{1}, kGateMax),
                  "How long it waits.")
        .optional("at_deadline", &Gate::at_deadline,
                  choice_of<GateDefault>(
                      {{GateDefault::abort, "go back"}, {GateDefault::promote, "go on"}}),
                  "What happens when nobody has answered.")
        .optional(
            "second_person", &Gate::second_person, base::truth(),
            "Whether somebody else than who began the release has to consent. What the kernel "
            "or a token proves counts, not what a process says of itself.")
        .optional("changes", &Gate::changes, base::list_of(change_kind(), 0, 7),
                  "It stands in releases of these changes; left out: in all.", "[major]")
        .optional("strategies", &Gate::strategies, base::list_of(any_strategy(), 0, 5),
                  "It stands in releases by these strategies; left out: by all. Who releases can "
                  "choose another by `--strategy`, but not another change.",
                  "[blue-green]")
        .check(check_gate)
        .form();
}

namespace {

Fields<Spec> spec_fields() {
    return Fields<Spec>("a group of fields")
        .required("application", &Spec::application, base::name(), "What is released.", "chat")
        .required("version", &Spec::version, version(), "Of the release, as semver.org has it.",
                  "1.4.2")
        .required("artifact", &Spec::artifact, base::line(),
                  "What instances run: a file, a folder or a .tar.gz; relative to this file.",
                  "build/server.tar.gz")
        .optional("assets", &Spec::assets, base::line(),
                  "A folder with static files, published before the first instance that refers to "
                  "them.",
                  "web/dist")
        .optional("provider", &Spec::provider,
                  choice_of<Provider>({{Provider::local, "this machine"},
                                       {Provider::aws, "ALB, Auto Scaling, S3, CloudFront"}}),
                  "Where it runs.")
        .maybe("aws", &Spec::aws, aws_form(),
               "With `provider: aws`: what is there for good, and never made by a release.",
               "{bucket: chat-releases, rule: arn:..., ...}")
        .optional("listen", &Spec::listen, listen_address(),
                  "Where users connect; with `provider: local` a loopback address.")
        .maybe("tls", &Spec::tls, tls(), "A second way in, encrypted.",
               "{listen: \"0.0.0.0:8443\", certificates: [...]}")
        .required("service", &Spec::service, service_form(), "The instances.",
                  "{command: [...], health: /healthz}")
        .optional("routes", &Spec::routes, base::list_of(route(), 1, 200),
                  "Which requests go where; the first that matches wins. Left out: `/static/*` to "
                  "the assets, if there are any, and all else to the service.",
                  "[{path: /static/*, to: assets}, {path: /*}]")
        .optional("strategy", &Spec::strategy, strategy_form(), "How a release goes.",
                  "{patch: canary, keep_warm: 30m}")
        .optional("guard", &Spec::guard, guard_form(),
                  "When a release is bad and is taken back by itself.",
                  "{error_rate_max: 1%, p99_max: 500ms}")
        .optional("compatibility", &Spec::compatibility, compatibility(),
                  "What versions of the application can bear.", "{schema: expand}")
        .optional("hooks", &Spec::hooks, base::list_of(hook_form(), 0, 100),
                  "What is called on the way.",
                  "[{name: smoke-test, stage: TEST, command: [./smoke-test.sh]}]")
        .optional("gates", &Spec::gates, base::list_of(gate_form(), 0, 100),
                  "Where a person has to consent.", "[{name: go-live, owner: release team}]")
        .optional(
            "freezes", [](Spec& spec) -> auto& { return spec.policy.freezes; },
            base::list_of(freeze_form(), 0, 100),
            "When no release may begin; going back is never frozen.",
            "[{from: 2026-12-20T18:00Z, until: 2027-01-04T06:00Z, why: holidays}]")
        .optional(
            "notices", [](Spec& spec) -> auto& { return spec.policy.notices; },
            base::list_of(notice_form(), 0, 20),
            "Who is told when a release begins, needs a person, goes back or is done.",
            "[{kind: mattermost, url: {from_file: secrets/hook.url}}]")
        .optional(
            "audit_anchor", [](Spec& spec) -> auto& { return spec.policy.anchor; }, base::line(),
            "A file to which the journal's head is added whenever a release ends, best where who "
            "releases may add but not change; `audit verify` holds the journal against it. "
            "Relative to this file.",
            "/var/log/crossfade/chat.heads");
}

}  // namespace

const Form<Spec>& spec_form() {
    static const Form<Spec> form = spec_fields().check(check_across).form();
    return form;
}

}  // namespace release
