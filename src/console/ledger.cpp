#include "console/ledger.h"

#include "base/json.h"
#include "base/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

namespace console {
namespace {

// Sixty days of minutes, forty bytes each, twice.
constexpr base::Bytes kFileMax{16 * 1024 * 1024};

std::int64_t minute_of(base::Instant instant) {
    return std::chrono::floor<std::chrono::minutes>(instant.time_since_epoch()).count();
}

// Four numbers apart by spaces.
bool read_numbers(std::string_view line, std::array<std::uint64_t, 4>& into) {
    const char* at = line.data();
    const char* end = line.data() + line.size();
    for (std::uint64_t& number : into) {
        while (at != end && *at == ' ') ++at;
        const auto read = std::from_chars(at, end, number);
        if (read.ec != std::errc()) return false;
        at = read.ptr;
    }
    return at == end;
}

}  // namespace

Ledger::Ledger(std::filesystem::path file, Objective objective)
    : file_(std::move(file)), objective_(objective) {}

std::string Ledger::line_of(const Minute& minute) {
    return fmt::format("{} {} {} {}\n", minute.number, minute.requests, minute.errors,
                       minute.measured_ms);
}

std::int64_t Ledger::oldest(base::Instant now) const {
    return minute_of(now - objective_.window);
}

base::Result<bool> Ledger::take_in(base::Instant now) {
    auto text = base::read_file(file_, kFileMax);
    if (!text && text.error().failure != base::Failure::not_found) return base::fail(text);
    std::string_view rest = text ? std::string_view(*text) : std::string_view();
    bool is_old = false;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        std::array<std::uint64_t, 4> numbers{};
        if (end != std::string_view::npos && read_numbers(rest.substr(0, end), numbers)) {
            const Minute minute{static_cast<std::int64_t>(numbers[0]), numbers[1], numbers[2],
                                numbers[3]};
            if (minute.number < oldest(now))
                is_old = true;
            else
                keep(minute);
        }
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return is_old || (text && !text->empty() && !text->ends_with('\n'));
}

base::Result<void> Ledger::read(base::Instant now) {
    const auto taken = take_in(now);
    if (!taken) return base::fail(taken);
    return {};
}

base::Result<void> Ledger::open(base::Instant now) {
    base::Fd lock(::open((file_.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const bool is_ours = lock && flock(lock.number(), LOCK_EX | LOCK_NB) == 0;
    const auto untidy = take_in(now);
    if (!untidy) return base::fail(untidy);
    if (!is_ours) return {};
    if (*untidy) {
        std::string kept;
        for (const Minute& minute : minutes_) kept += line_of(minute);
        if (const auto written = base::write_file(file_, kept); !written) return written;
    }
    out_ = base::Fd(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
    if (!out_) return base::fail(base::system_error("cannot open", file_, errno));
    lock_ = std::move(lock);
    return {};
}

void Ledger::keep(const Minute& minute) {
    if (!minutes_.empty() && minutes_.back().number == minute.number) {
        minutes_.back().requests += minute.requests;
        minutes_.back().errors += minute.errors;
        minutes_.back().measured_ms += minute.measured_ms;
        return;
    }
    minutes_.push_back(minute);
}

void Ledger::trim(base::Instant now) {
    while (!minutes_.empty() && minutes_.front().number < oldest(now)) minutes_.pop_front();
}

void Ledger::add(const Tick& tick) {
    if (!tick.measured) return;
    const std::int64_t number = minute_of(tick.at);
    if (number != present_.number) {
        flush();
        present_ = Minute{.number = number, .requests = 0, .errors = 0, .measured_ms = 0};
        trim(tick.at);
    }
    for (const PoolTick& pool : tick.pools) {
        present_.requests += pool.requests;
        present_.errors += pool.errors;
    }
    present_.measured_ms +=
        static_cast<std::uint64_t>(std::max<std::int64_t>(tick.span.count(), 0));
}

void Ledger::flush() {
    if (present_.measured_ms == 0) return;
    if (out_) {
        const std::string line = line_of(present_);
        if (write(out_.number(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
            base::log::warn("ledger_not_written", {{"errno", errno}});
    }
    keep(present_);
    present_ = Minute{.number = present_.number, .requests = 0, .errors = 0, .measured_ms = 0};
}

Ledger::Sum Ledger::sum(base::Instant now) const {
    Minute all = present_;
    std::int64_t since = present_.measured_ms > 0 ? present_.number : 0;
    for (const Minute& minute : minutes_) {
        if (minute.number < oldest(now)) continue;
        if (since == 0 || minute.number < since) since = minute.number;
        all.requests += minute.requests;
        all.errors += minute.errors;
        all.measured_ms += minute.measured_ms;
    }
    return {.requests = all.requests,
            .errors = all.errors,
            .measured = std::chrono::seconds{all.measured_ms / 1000},
            .since = since == 0 ? std::nullopt
                                : std::optional(base::Instant{std::chrono::minutes{since}})};
}

std::string Ledger::json(base::Instant now) const {
    const Sum counted = sum(now);
    return base::canonical({{"target_ppm", objective_.target_ppm},
                            {"window_days", objective_.window.count()},
                            {"requests", counted.requests},
                            {"errors", counted.errors},
                            {"measured_seconds", counted.measured.count()},
                            {"since", counted.since ? base::Json(base::to_text(*counted.since))
                                                    : base::Json(nullptr)}});
}

}  // namespace console
