#include "base/diagnostic.h"
#include "base/form.h"
#include "release/release.h"
#include "release/spec.h"
#include "release/spec_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

namespace release {

namespace {

using base::Fields;
using base::Findings;
using base::Form;
using base::Node;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Form<std::string> url_path() {
    return base::text(
        {"a path of a URL, beginning with `/`", "^/[^\\s*]*$", [](std::string_view text) {
             return text.starts_with('/') &&
                    text.find_first_of(" \t\n\r\v\f*") == std::string_view::npos;
         }});
}

using StatusRange = std::pair<std::uint16_t, std::uint16_t>;

std::optional<std::uint16_t> status_code(std::string_view text) {
    std::uint16_t number = 0;
    const char* const last = text.data() + text.size();
    const auto read = std::from_chars(text.data(), last, number);
    const bool fits = text.size() == 3 && read.ec == std::errc{} && read.ptr == last &&
                      number >= 100 && number <= 599;
    if (!fits) return {};
    return number;
}

Form<StatusRange> status_range() {
    return base::parsed<StatusRange>(
        {.kind = base::Shape::Kind::text,
         .words = "a range of status codes, like 200-299",
         .pattern = "^[1-5][0-9]{2}-[1-5][0-9]{2}$"},
        [](std::string_view text) -> tl::expected<StatusRange, base::Diagnostic> {
            const std::size_t hyphen = std::min(text.find('-'), text.size());
            const auto low = status_code(text.substr(0, hyphen));
            const auto high = status_code(text.substr(std::min(hyphen + 1, text.size())));
            if (low && high && *low <= *high) return StatusRange{*low, *high};
            return tl::unexpected(base::Diagnostic{
                .code = "CF0132",
                .what = fmt::format("`{}` is no range of status codes", text.substr(0, 32)),
                .fix = "write two codes with a hyphen, the lower first: 200-299"});
        },
        [](const StatusRange& value) { return fmt::format("{}-{}", value.first, value.second); });
}

Form<HealthCheck> health() {
    const base::Lens<HealthCheck, StatusRange> status{
        [](const HealthCheck& check) { return StatusRange{check.status_min, check.status_max}; },
        [](HealthCheck& check, StatusRange range) {
            check.status_min = range.first;
            check.status_max = range.second;
        }};
    const auto full =
        Fields<HealthCheck>("a group of fields")
            .required("path", &HealthCheck::path, url_path(),
                      "Asked with GET. It should be cheap and succeed only when the instance can "
                      "serve.",
                      "/healthz")
            .optional("interval", &HealthCheck::interval,
                      base::duration(milliseconds{100}, minutes{5}), "Between two checks.")
            .optional("timeout", &HealthCheck::timeout,
                      base::duration(milliseconds{10}, minutes{2}),
                      "When a check has failed; not longer than the interval.")
            .optional("healthy_after", &HealthCheck::healthy_after, base::whole(1U, 10U),
                      "So many checks must succeed in a row before an instance takes requests.")
            .optional("unhealthy_after", &HealthCheck::unhealthy_after, base::whole(1U, 10U),
                      "So many must fail in a row before it takes none.")
            .optional("status", status, status_range(), "Answers that count as healthy.")
            .form();
    const auto brief = base::made_of<HealthCheck, std::string>(
        url_path(), [](std::string path) { return HealthCheck{.path = std::move(path)}; },
        [](const HealthCheck& check) { return check.path; });
    return base::either(brief, full);
}

using Setting = std::variant<std::string, SecretSource>;

// What is shorter protects nothing, and is worth showing where it is misspelled: `No`, `1e3`.
constexpr std::size_t kSecretMin = 6;

struct FromWhere {
    std::optional<std::string> variable;
    std::optional<std::string> file;
};

/// A value, or where it is found when an instance starts. People do write secrets there.
Form<Setting> setting() {
    auto form = base::either<Setting>(
        base::made_of<Setting, std::string>(
            base::word(), [](std::string text) { return Setting(std::move(text)); },
            [](const Setting& value) { return std::get<std::string>(value); }),
        base::made_of<Setting, SecretSource>(
            secret_form(), [](SecretSource source) { return Setting(std::move(source)); },
            [](const Setting& value) { return std::get<SecretSource>(value); }),
        [](const Setting& value) { return std::holds_alternative<std::string>(value); });
    form.read = [read = form.read](const Node& node, Findings& findings) {
        const bool is_short = node.is_scalar() && node.text.size() < kSecretMin;
        if (node.kind != Node::Kind::map && !is_short) findings.hide(node);
        return read(node, findings);
    };
    return form;
}

bool is_variable(std::string_view text) {
    return !text.empty() && !is_digit(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_digit(c) || is_letter(c) || c == '_'; }) &&
           !text.starts_with("CROSSFADE_");
}

using Settings = std::map<std::string, Setting>;

Settings settings_of(const Process& process) {
    Settings settings;
    for (const auto& [name, value] : process.environment) settings.emplace(name, value);
    for (const auto& [name, source] : process.secrets) settings.emplace(name, source);
    return settings;
}

void set_settings(Process& process, const Settings& settings) {
    for (const auto& [name, value] : settings) {
        if (const auto* source = std::get_if<SecretSource>(&value))
            process.secrets.emplace(name, *source);
        else
            process.environment.emplace(name, std::get<std::string>(value));
    }
}

}  // namespace

Form<SecretSource> secret_form() {
    const auto found =
        Fields<FromWhere>("a reference to a secret")
            .maybe("from_env", &FromWhere::variable, base::line(),
                   "A variable of whoever starts the instances.", "DATABASE_URL")
            .maybe("from_file", &FromWhere::file, base::line(),
                   "A file whose content is the value, without a last line end; relative to this "
                   "file.",
                   "secrets/api.key")
            .exactly_one_of({"from_env", "from_file"})
            .form();
    auto form = base::made_of<SecretSource, FromWhere>(
        found,
        [](FromWhere where) {
            return where.variable ? SecretSource{SecretSource::Kind::environment, *where.variable}
                                  : SecretSource{SecretSource::Kind::file, *where.file};
        },
        [](const SecretSource& source) {
            return source.kind == SecretSource::Kind::environment ? FromWhere{source.name, {}}
                                                                  : FromWhere{{}, source.name};
        });
    form.read = [read = form.read](const Node& node, Findings& findings) {
        const std::size_t before = findings.count();
        auto source = read(node, findings);
        // What stands there instead of a reference is most likely the secret itself (P11).
        if (findings.count() > before) findings.hide(node);
        return source;
    };
    return form;
}

Form<Service> service_form() {
    const base::Lens<Service, Settings> environment{
        [](const Service& value) { return settings_of(value.process); },
        [](Service& value, const Settings& settings) { set_settings(value.process, settings); }};
    const base::NameRule variables{
        "a group of variables",
        "letters, digits and `_`, not beginning with a digit; those of CROSSFADE_ are reserved",
        "^(?!CROSSFADE_)[A-Za-z_][A-Za-z0-9_]*$", is_variable};
    return Fields<Service>("a group of fields")
        .required(
            "command", [](Service& value) -> auto& { return value.process.command; },
            base::list_of(base::word(), 1, 256),
            "How one instance is started, word by word; no shell is involved. `${port}`, "
            "`${address}`, `${instance}`, `${pool}` and `${artifact}` (the folder with the "
            "artifact) are replaced, here and in the environment; `${port}` must be used.",
            "[\"${artifact}/server\", \"--listen\", \"${address}:${port}\"]")
        .optional("environment", environment, base::map_of(variables, setting()),
                  "Variables of the instances. A secret is not written here but referred to: it "
                  "is looked up when an instance starts and stands in no plan, journal or log.",
                  "{LOG_LEVEL: info, DATABASE_URL: {from_env: DATABASE_URL}}")
        .optional("instances", &Service::instances, base::whole(1U, 1000U),
                  "How many run at the same time.")
        .required("health", &Service::health, health(),
                  "How is found out whether an instance can serve: the path alone, or in full.",
                  "/healthz")
        .optional("boot_deadline", &Service::boot_deadline, base::duration(seconds{1}, hours{1}),
                  "From start to healthy; an instance that takes longer fails the release.")
        .optional("stop_grace", &Service::stop_grace, base::duration(seconds{0}, hours{1}),
                  "From SIGTERM to SIGKILL. An instance is drained before it gets SIGTERM.")
        .optional(
            "requests_wait", &Service::requests_wait, base::duration(seconds{0}, seconds{30}),
            "How long a request waits while no instance can serve, before it is answered 503; "
            "0s: not at all.")
        .check(check_service)
        .form();
}

}  // namespace release
