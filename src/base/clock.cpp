#include "base/clock.h"

#include <fmt/format.h>

#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <mutex>

namespace base {

namespace {

std::chrono::nanoseconds read(clockid_t id) {
    timespec now{};
    clock_gettime(id, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

}  // namespace

Instant SystemClock::now() {
    return Instant{std::chrono::duration_cast<std::chrono::microseconds>(read(CLOCK_REALTIME))};
}

Tick SystemClock::tick() {
    return Tick{read(CLOCK_MONOTONIC)};
}

void SystemClock::wait_until(Tick until, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    for (Tick at = tick(); at < until && !stop.stop_requested(); at = tick()) {
        changed.wait_for(lock, stop, until - at, [] { return false; });
    }
}

std::string to_text(Instant instant) {
    const auto day = std::chrono::floor<std::chrono::days>(instant.time_since_epoch());
    const std::chrono::year_month_day date{std::chrono::sys_days{day}};
    const std::chrono::hh_mm_ss time{instant.time_since_epoch() - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count(),
                       time.subseconds().count());
}

Result<Instant> instant_from(std::string_view text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    unsigned micros = 0;
    int read_chars = 0;
    const std::string copy(text);
    const int fields = std::sscanf(copy.c_str(), "%4d-%2u-%2uT%2u:%2u:%2u.%6uZ%n", &year, &month,
                                   &day, &hour, &minute, &second, &micros, &read_chars);
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    if (fields != 7 || read_chars != static_cast<int>(copy.size()) || copy.size() != 27 ||
        !date.ok() || hour > 23 || minute > 59 || second > 59) {
        return fail(Failure::rejected, {.code = "CF0001",
                                        .what = fmt::format("`{}` is no time", text.substr(0, 64)),
                                        .fix = "write it like 2026-11-23T09:30:00.000000Z"});
    }
    return Instant{std::chrono::sys_days{date}.time_since_epoch() + std::chrono::hours{hour} +
                   std::chrono::minutes{minute} + std::chrono::seconds{second} +
                   std::chrono::microseconds{micros}};
}

}  // namespace base
