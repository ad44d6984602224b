#include "load/ledger.h"

#include "base/check.h"

#include <algorithm>
#include <cmath>

namespace load {
namespace {

std::uint64_t micros_between(base::Tick from, base::Tick until) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(until - from).count();
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, micros));
}

double millis(std::uint64_t micros) {
    return static_cast<double>(micros) / 1000.0;
}

}  // namespace

Ended ended_by_status(int status, bool has_version) {
    if (status < 400) return Ended::well;
    if (!has_version) return Ended::edge_answer;
    return status >= 500 ? Ended::harmed : Ended::rejected;
}

Ledger::Ledger(base::Tick start, base::Instant instant)
    : start_(start), instant_(instant), seconds_(1) {}

std::uint16_t Ledger::add_endpoint(std::string name, Kind kind) {
    CHECK(endpoints_.size() < 1000);
    Endpoint endpoint;
    endpoint.outcome.name = std::move(name);
    endpoint.kind = kind;
    endpoints_.push_back(std::move(endpoint));
    return static_cast<std::uint16_t>(endpoints_.size() - 1);
}

base::Instant Ledger::instant_of(base::Tick at) const {
    return instant_ + std::chrono::duration_cast<std::chrono::microseconds>(at - start_);
}

Second& Ledger::second_at(base::Tick at) {
    const auto second = std::chrono::floor<std::chrono::seconds>(at - start_).count();
    const auto index = static_cast<std::size_t>(std::max<std::int64_t>(0, second));
    if (index >= seconds_.size()) seconds_.resize(index + 1);
    return seconds_[index];
}

Ledger::Version& Ledger::version_of(std::string_view name) {
    // Versions come from outside: a server that made up a new one for each answer is bounded.
    constexpr std::size_t kVersionsMax = 200;
    const auto known = versions_.find(name);
    if (known != versions_.end()) return known->second;
    const std::string kept = versions_.size() < kVersionsMax ? std::string(name) : "others";
    Version& version = versions_[kept];
    version.outcome.version = kept;
    return version;
}

void Ledger::count(HttpOutcome& http, Ended ended) const {
    ++http.requests;
    if (is_failure(ended)) ++http.failed;
    switch (ended) {
        case Ended::well:
            ++http.succeeded;
            break;
        case Ended::rejected:
            ++http.rejected;
            break;
        case Ended::harmed:
            ++http.harmed;
            break;
        case Ended::edge_answer:
            ++http.edge_answers;
            break;
        case Ended::refused:
            ++http.refused;
            break;
        case Ended::reset:
            ++http.reset;
            break;
        case Ended::timed_out:
            ++http.timed_out;
            break;
        case Ended::mangled:
            ++http.mangled;
            break;
        case Ended::ours:
            break;
    }
}

void Ledger::record(const Exchanged& exchanged) {
    CHECK(exchanged.endpoint < endpoints_.size());
    if (exchanged.ended == Ended::ours) {
        ++local_errors_;
        return;
    }
    advance(exchanged.at);
    count(http_, exchanged.ended);
    Endpoint& endpoint = endpoints_[exchanged.endpoint];
    Second& second = second_at(exchanged.at);
    ++endpoint.outcome.requests;
    ++second.requests;
    if (is_failure(exchanged.ended)) {
        ++endpoint.outcome.failed;
        ++second.failed;
    }
    const bool harmed = exchanged.ended == Ended::harmed;
    if (harmed) {
        ++endpoint.outcome.harmed;
        ++second.harmed;
    }
    const std::uint64_t latency = micros_between(exchanged.intended, exchanged.at);
    endpoint.latency.add(latency);
    if (endpoint.kind == Kind::api) {
        latency_.add(latency);
        service_.add(micros_between(exchanged.begun, exchanged.at));
        second_latency_.add(latency);
    }
    if (exchanged.version.empty()) return;

    Version& version = version_of(exchanged.version);
    const std::int64_t micros = base::micros_of(instant_of(exchanged.at));
    if (version.outcome.answers++ == 0) version.outcome.first_seen_micros = micros;
    version.outcome.last_seen_micros = micros;
    if (harmed) ++version.outcome.harmed;
    if (exchanged.ended == Ended::rejected) ++version.outcome.rejected;
    if (endpoint.kind == Kind::api) version.latency.add(latency);
    VersionSecond& slice = second.versions[version.outcome.version];
    ++slice.answers;
    if (harmed) ++slice.harmed;
    // A transfer that began before a rollback may end long after it, by right.
    if (endpoint.kind != Kind::transfer) slice.last_micros = micros;
}

void Ledger::delivered(base::Tick at, base::Tick intended) {
    advance(at);
    ++second_at(at).delivered;
    second_delivery_.add(micros_between(intended, at));
}

void Ledger::lagged(base::Tick at, std::chrono::nanoseconds lag) {
    Second& second = second_at(at);
    second.lag_ms = std::max(second.lag_ms, static_cast<double>(lag.count()) / 1e6);
}

void Ledger::advance(base::Tick at) {
    const auto second = std::chrono::floor<std::chrono::seconds>(at - start_).count();
    const auto index = static_cast<std::size_t>(std::max<std::int64_t>(0, second));
    if (index <= open_second_) return;
    Second& done = seconds_[open_second_];
    done.p50_ms = millis(second_latency_.at(0.5));
    done.p99_ms = millis(second_latency_.at(0.99));
    done.delivery_p50_ms = millis(second_delivery_.at(0.5));
    done.delivery_p99_ms = millis(second_delivery_.at(0.99));
    second_latency_.clear();
    second_delivery_.clear();
    open_second_ = index;
    if (index >= seconds_.size()) seconds_.resize(index + 1);
}

const Second& Ledger::last_whole_second() const {
    return seconds_[open_second_ == 0 ? 0 : open_second_ - 1];
}

void Ledger::account(Outcome& outcome) {
    advance(start_ + std::chrono::seconds{open_second_ + 1});
    seconds_.resize(open_second_);
    outcome.http = http_;
    outcome.http.latency = latency_of(latency_);
    outcome.http.service = latency_of(service_);
    outcome.latency_hgrm = latency_.hgrm();
    for (const Endpoint& endpoint : endpoints_) {
        outcome.endpoints.push_back(endpoint.outcome);
        outcome.endpoints.back().latency = latency_of(endpoint.latency);
    }
    for (const auto& [name, version] : versions_) {
        outcome.versions.push_back(version.outcome);
        outcome.versions.back().latency = latency_of(version.latency);
    }
    outcome.seconds = seconds_;
    open_second_ = seconds_.size();
    seconds_.emplace_back();
}

}  // namespace load
