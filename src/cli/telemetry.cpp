#include "cli/telemetry.h"

#include "engine/history.h"
#include "local/fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace cli {
namespace {

// Two collectors that do not answer cost a command three seconds at most.
constexpr std::chrono::milliseconds kCall{1'500};

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string(value);
}

// RFC 3986: `%20` and its kin.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const char* const digits = text.data() + i + 1;
        const bool is_escape = text[i] == '%' && i + 2 < text.size() &&
                               std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2;
        out += is_escape ? static_cast<char>(value) : text[i];
        if (is_escape) i += 2;
    }
    return out;
}

bool is_field(std::string_view name, std::string_view value) {
    const auto is_token = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_';
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), is_token) &&
           value.find_first_of("\r\n") == std::string_view::npos;
}

}  // namespace

std::vector<std::string> headers_from(std::string_view text) {
    std::vector<std::string> headers;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        std::string_view pair = text.substr(0, comma);
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string name = unescaped(pair.substr(0, equals));
        const std::string value = unescaped(pair.substr(equals + 1));
        if (is_field(name, value)) headers.push_back(fmt::format("{}: {}", name, value));
    }
    return headers;
}

Collectors collectors_of_environment() {
    Collectors collectors{.traces = variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"),
                          .headers = headers_from(variable("OTEL_EXPORTER_OTLP_HEADERS")),
                          .parent = report::trace_parent_from(variable("TRACEPARENT")),
                          .events = variable("CROSSFADE_CDEVENTS_URL")};
    std::string base = variable("OTEL_EXPORTER_OTLP_ENDPOINT");
    if (collectors.traces.empty() && !base.empty()) {
        while (base.ends_with('/')) base.pop_back();
        collectors.traces = base + "/v1/traces";
    }
    return collectors;
}

Telemetry::Telemetry(Collectors collectors, base::Clock& clock)
    : collectors_(std::move(collectors)), clock_(clock) {}

void Telemetry::begun(report::Beginning beginning) {
    if (collectors_.events.empty()) return;
    beginning_ = std::jthread([this, told = report::begun_event(beginning)] {
        // Who did not hear of the beginning hears of the end, and then it is said.
        (void)post(collectors_.events, told.json, told.headers);
    });
}

std::vector<std::string> Telemetry::ended(const std::string& application,
                                          const std::vector<engine::Record>& records,
                                          const std::string& run) {
    if (collectors_.traces.empty() && collectors_.events.empty()) return {};
    const auto releases = engine::releases_of(records);
    const auto spans = report::spans_of(records, clock_.now());
    if (!releases || !spans) return {};
    const auto past = std::find_if(releases->runs.begin(), releases->runs.end(),
                                   [&](const engine::PastRun& each) { return each.id == run; });
    const auto span = std::find_if(spans->begin(), spans->end(),
                                   [&](const report::RunSpan& each) { return each.id == run; });
    // A run that was left in the middle is told of by whoever ends it.
    if (past == releases->runs.end() || span == spans->end() || !past->ending) return {};
    const report::Finished finished{application, *past, *span};
    std::vector<std::string> lost;
    if (!collectors_.traces.empty()) {
        const std::string failure = post(
            collectors_.traces, report::otlp_of(finished, collectors_.parent), collectors_.headers);
        if (!failure.empty()) lost.push_back("the collector of traces " + failure);
    }
    if (collectors_.events.empty()) return lost;
    for (const report::Event& event : report::ended_events(finished)) {
        const std::string failure = post(collectors_.events, event.json, event.headers);
        if (failure.empty()) continue;
        lost.push_back("the receiver of CDEvents " + failure);
        break;
    }
    return lost;
}

std::string Telemetry::post(const std::string& url, const std::string& body,
                            std::vector<std::string> headers) {
    const auto answer =
        local::post_json(url, {body, std::move(headers)}, 256, clock_, clock_.deadline_in(kCall));
    if (!answer) return "could not be reached";
    if (answer->status < 200 || answer->status > 299)
        return fmt::format("answered {}", answer->status);
    return {};
}

}  // namespace cli
