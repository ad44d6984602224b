// How `guard.metrics` is written.

#include "release/placeholder.h"
#include "release/sourced.h"
#include "release/spec_form.h"

#include "base/diagnostic.h"
#include "base/form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>
#include <string>
#include <string_view>
#include <utility>

namespace release {

namespace {

using base::Fields;
using base::Findings;
using base::Form;
using base::Node;

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::size_t kQueryMax = 4'000;

Form<std::string> promql() {
    return base::text({fmt::format("a query in PromQL, at most {} bytes", kQueryMax),
                       R"(^\S[\s\S]*$)", [](std::string_view text) {
                           return !text.empty() && text.size() <= kQueryMax &&
                                  text.front() != ' ' && text.front() != '\n';
                       }});
}

Form<SourceAddress> address(Form<std::string> plain) {
    return base::either<SourceAddress>(
        base::made_of<SourceAddress, std::string>(
            std::move(plain), [](std::string url) { return SourceAddress{std::move(url), {}}; },
            [](const SourceAddress& value) { return value.url; }),
        base::made_of<SourceAddress, SecretSource>(
            secret_form(), [](SecretSource source) { return SourceAddress{{}, std::move(source)}; },
            [](const SourceAddress& value) { return value.secret.value_or(SecretSource{}); }),
        [](const SourceAddress& value) { return !value.secret; });
}

Form<Bound> limit_form() {
    return base::parsed<Bound>(
        {.kind = base::Shape::Kind::text,
         .words = "a limit, like `at most 0.5` or `at least 100`",
         .pattern = R"(^at (most|least) (0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$)"},
        [](std::string_view text) -> tl::expected<Bound, base::Diagnostic> {
            auto bound = bound_from(text);
            if (!bound) return tl::unexpected(std::move(bound.error().diagnostic));
            return *bound;
        },
        [](const Bound& bound) { return to_text(bound); });
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_';
    });
}

Form<PrometheusQueries> prometheus_form() {
    return Fields<PrometheusQueries>("a group of fields")
        .required(
            "server", &PrometheusQueries::server, address(http_url()),
            "Its address, with a prefix if it has one; or a reference to a secret that is it.",
            "http://127.0.0.1:9090")
        .optional(
            "failed", &PrometheusQueries::failed, promql(),
            "How many were bad: one counter, not its rate. `${pool}`, `${release}` (like r12) "
            "and `${version}` stand for those of the release that is asked for. A series "
            "that begins with the first failure needs `or vector(0)`.",
            R"('sum(orders_lost_total{version="${version}"}) or vector(0)')")
        .optional("total", &PrometheusQueries::total, promql(), "How many there were, likewise.",
                  R"('sum(orders_total{version="${version}"})')")
        .optional("gauge", &PrometheusQueries::gauge, promql(),
                  "In place of both: one number, which must keep `limit`.",
                  R"('max(queue_length{version="${version}"})')")
        .form();
}

/// The texts in which releases must be told apart, each with where it stands.
std::vector<std::pair<std::string, std::string_view>> texts_of(const SourcedMetric& metric) {
    std::vector<std::pair<std::string, std::string_view>> texts;
    if (metric.http && !metric.http->secret) texts.emplace_back(metric.http->url, "http");
    if (!metric.prometheus) return texts;
    const PrometheusQueries& queries = *metric.prometheus;
    for (const auto& [text, place] : {std::pair{queries.failed, "prometheus.failed"},
                                      {queries.total, "prometheus.total"},
                                      {queries.gauge, "prometheus.gauge"}}) {
        if (!text.empty()) texts.emplace_back(text, place);
    }
    return texts;
}

void check_told_apart(const SourcedMetric& metric, const Node& node, Findings& findings) {
    for (const auto& [text, place] : texts_of(metric)) {
        auto names = placeholders_in(text, source_placeholder_names());
        const auto& spot = node.nearest(place).spot;
        if (!names) {
            findings.add(spot, std::move(names.error().diagnostic));
        } else if (names->empty()) {
            findings.add(spot,
                         {.code = "CF0141",
                          .what = "this asks for both releases at once",
                          .why = "the numbers of the new release are held against those of "
                                 "the old one",
                          .fix = "tell them apart by `${version}`, `${release}` or `${pool}`, "
                                 "like `{version=\"${version}\"}`"});
        }
    }
}

void check_kind(const SourcedMetric& metric, const Node& node, Findings& findings) {
    if (!metric.prometheus) return;
    const PrometheusQueries& queries = *metric.prometheus;
    const bool counts = !queries.failed.empty() && !queries.total.empty();
    const bool any_count = !queries.failed.empty() || !queries.total.empty();
    const bool is_gauge = !queries.gauge.empty();
    if (counts != is_gauge && any_count != is_gauge && is_gauge == metric.is_gauge()) return;
    findings.add(node.nearest("prometheus").spot,
                 {.code = "CF0142",
                  .what = fmt::format("it is not plain how `{}` is judged", metric.name),
                  .why = "what is counted is compared with the old release and has `failed` and "
                         "`total`; a gauge has `gauge` and `limit`",
                  .fix = "write `failed` and `total`, or `gauge` and `limit: at most …`"});
}

/// Differences of a counter are taken here; of a rate they would mean nothing.
void check_counters(const SourcedMetric& metric, const Node& node, Findings& findings) {
    static const std::regex kRate(R"(\b(i?rate|increase|i?delta)\s*\()");
    if (!metric.prometheus) return;
    for (const auto& [text, place] : {std::pair{metric.prometheus->failed, "prometheus.failed"},
                                      {metric.prometheus->total, "prometheus.total"}}) {
        std::smatch found;
        if (!std::regex_search(text, found, kRate)) continue;
        findings.add(
            node.nearest(place).spot,
            {.code = "CF0143",
             .what = fmt::format("`{}` is no counter", found[1].str()),
             .why = "the judge takes what came in each tick from the counter itself",
             .fix = "write `sum(orders_total{…})` in place of `sum(rate(orders_total{…}[1m]))`"});
    }
}

void check_source(const SourcedMetric& metric, const Node& node, Findings& findings) {
    check_told_apart(metric, node, findings);
    check_kind(metric, node, findings);
    check_counters(metric, node, findings);
}

}  // namespace

std::string to_text(const Bound& bound) {
    std::string number =
        fmt::format("{}.{:06}", bound.millionths / kMillion, bound.millionths % kMillion);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.')) number.pop_back();
    return fmt::format("at {} {}", bound.side == Bound::Side::at_most ? "most" : "least", number);
}

base::Result<Bound> bound_from(std::string_view text) {
    static const std::regex kBound(R"(at (most|least) (0|[1-9][0-9]{0,11})(\.([0-9]{1,6}))?)");
    const std::string whole(text);
    std::smatch parts;
    if (!std::regex_match(whole, parts, kBound)) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0145",
                           .what = fmt::format("`{}` is no limit", text),
                           .why = "a limit is a number with at most six decimals, and its side",
                           .fix = "write it like `at most 0.5` or `at least 100`"});
    }
    std::string decimals = parts[4].str();
    decimals.resize(6, '0');
    return Bound{parts[1] == "most" ? Bound::Side::at_most : Bound::Side::at_least,
                 std::stoull(parts[2].str()) * kMillion + std::stoull(decimals)};
}

const std::vector<std::string>& source_placeholder_names() {
    static const std::vector<std::string> names{"pool", "release", "version"};
    return names;
}

Form<SourcedMetric> sourced_metric_form() {
    const base::NameRule fields{"a group of header fields", "letters, digits, `-` and `_`",
                                "^[A-Za-z0-9_-]+$", is_token};
    return Fields<SourcedMetric>("a group of fields")
        .required("name", &SourcedMetric::name, base::name(), "What verdicts call it.", "orders")
        .maybe("prometheus", &SourcedMetric::prometheus, prometheus_form(),
               "Asked of a Prometheus server, by instant queries.",
               "{server: ..., failed: ..., total: ...}")
        .maybe(
            "http", &SourcedMetric::http, address(http_url()),
            "Or: an address that answers GET with JSON, `{\"failed\": 3, \"total\": 1200}` since "
            "counting began, or `{\"value\": 0.2}` where there is a `limit`; with the same "
            "placeholders.",
            "\"http://127.0.0.1:9100/orders?version=${version}\"")
        .optional("headers", &SourcedMetric::headers, base::map_of(fields, secret_form()),
                  "Sent with each request; their values are secrets.",
                  "{Authorization: {from_file: secrets/prometheus.header}}")
        .maybe("limit", &SourcedMetric::limit, limit_form(),
               "Of a gauge. Beyond it in three ticks on end the release is taken back, unless the "
               "old one is beyond it as well.",
               "at most 100")
        .optional("timeout", &SourcedMetric::timeout,
                  base::duration(std::chrono::milliseconds{100}, std::chrono::seconds{30}),
                  "For one answer. A source that does not answer holds the release.")
        .exactly_one_of({"prometheus", "http"})
        .check(check_source)
        .form();
}

}  // namespace release
