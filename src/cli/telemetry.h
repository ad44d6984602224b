#pragma once
// Tells collectors of a release: a trace over OTLP/HTTP and CDEvents over HTTP, where the
// environment names them. It comes after the release, takes a few seconds at most and changes
// nothing of how it ended.

#include "base/clock.h"
#include "base/result.h"
#include "engine/store.h"
#include "report/telemetry.h"

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cli {

/// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or OTEL_EXPORTER_OTLP_ENDPOINT with /v1/traces behind it;
/// OTEL_EXPORTER_OTLP_HEADERS; TRACEPARENT; CROSSFADE_CDEVENTS_URL. Empty: nobody is told.
struct Collectors {
    std::string traces;
    std::vector<std::string> headers;  ///< `Name: value`; often a token, so never told (P11).
    std::optional<report::TraceParent> parent;
    std::string events;
};

Collectors collectors_of_environment();

/// `a=b,c=d%20e` as header fields; what could not be one is left out.
std::vector<std::string> headers_from(std::string_view text);

class Telemetry {
public:
    Telemetry(Collectors collectors, base::Clock& clock);

    /// Returns at once.
    void begun(report::Beginning beginning);
    /// Waits for the other ends, not for long; gives what was not told, without any address.
    std::vector<std::string> ended(const std::string& application,
                                   const std::vector<engine::Record>& records,
                                   const std::string& run);

private:
    /// Empty when it was taken.
    std::string post(const std::string& url, const std::string& body,
                     std::vector<std::string> headers);

    Collectors collectors_;
    base::Clock& clock_;
    std::jthread beginning_;
};

}  // namespace cli
