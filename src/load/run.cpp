#include "load/run.h"

#include "load/play.h"

#include <fmt/format.h>

#include <sys/resource.h>

#include <algorithm>

namespace load {
namespace {

base::Error bad_target(std::string_view target, std::string why) {
    return {base::Failure::rejected,
            {.code = "CF0607",
             .what = fmt::format("`{}` is no target", target),
             .why = std::move(why),
             .fix = "give http://ADDRESS:PORT, such as http://127.0.0.1:8080"}};
}

bool is_loopback(const net::Address& address) {
    const std::string ip = address.ip();
    return ip.starts_with("127.") || ip == "::1";
}

base::Result<Target> target_from(std::string_view text, bool allow_remote) {
    constexpr std::string_view kScheme = "http://";
    if (!text.starts_with(kScheme))
        return tl::unexpected(bad_target(text, "it does not begin with http://"));
    std::string host(text.substr(kScheme.size()));
    while (host.ends_with('/')) host.pop_back();
    if (host.empty() || host.find('/') != std::string::npos)
        return tl::unexpected(bad_target(text, "it is not an address and a port alone"));
    const bool has_port =
        host.find(':', host.find(']') == std::string::npos ? 0 : host.find(']')) !=
        std::string::npos;
    const auto address = net::Address::parse(has_port ? host : host + ":80");
    if (!address || address->is_unix())
        return tl::unexpected(bad_target(text, address ? "it is a path" : address.error().line()));
    if (!allow_remote && !is_loopback(*address))
        return base::fail(base::Failure::rejected,
                          {.code = "CF0603",
                           .what = fmt::format("{} is another machine", address->ip()),
                           .why = "load is sent to this machine only, unless told otherwise",
                           .fix = "give --allow-remote if the target is yours to load"});
    return Target{.address = *address, .host = host};
}

/// Every socket is a descriptor; the soft limit is usually 1,024.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Users are elsewhere: on a machine that is short of processors the generator must not wait for
/// those it measures. Takes back what it gave; where that is not allowed, nothing changes.
class Priority {
public:
    Priority() : before_(::getpriority(PRIO_PROCESS, 0)) { ::setpriority(PRIO_PROCESS, 0, -10); }
    ~Priority() { ::setpriority(PRIO_PROCESS, 0, before_); }
    Priority(const Priority&) = delete;
    Priority& operator=(const Priority&) = delete;

private:
    int before_;
};

std::string run_id(base::Instant now, std::uint64_t seed) {
    constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::uint64_t number = static_cast<std::uint64_t>(base::micros_of(now)) * 31 + seed;
    std::string id;
    for (int i = 0; i < 8; ++i, number /= kDigits.size()) id += kDigits[number % kDigits.size()];
    std::reverse(id.begin(), id.end());
    return id;
}

}  // namespace

base::Result<Outcome> run(const Options& options, base::Clock& clock, std::stop_token stop) {
    const auto target = target_from(options.target, options.allow_remote);
    if (!target) return base::fail(target);
    const auto profile = adjusted(options.profile, {});
    if (!profile) return base::fail(profile);
    raise_descriptor_limit();
    const Priority priority;
    net::Loop loop(clock);
    Play play(loop, options, *target, run_id(clock.now(), options.seed));
    return play.perform(stop);
}

}  // namespace load
