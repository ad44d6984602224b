#include "chat/options.h"

#include <charconv>
#include <functional>
#include <map>

#include "base/duration.h"

namespace chat {
namespace {

tl::unexpected<base::Error> refuse(std::string what) {
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0803", .what = std::move(what), .fix = "see crossfade-chat --help"});
}

bool read_share(std::string_view text, double& share) {
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), share);
    return error == std::errc{} && at == text.data() + text.size() && share >= 0 && share <= 1;
}

/// `1MB/s`, `64KB/s`, `100B/s`.
bool read_rate(std::string_view text, std::uint64_t& rate) {
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
    const std::string_view unit = text.substr(static_cast<std::size_t>(at - text.data()));
    if (error != std::errc{}) return false;
    if (unit == "KB/s") rate *= 1024;
    if (unit == "MB/s") rate *= 1024 * 1024;
    return unit == "B/s" || unit == "KB/s" || unit == "MB/s";
}

/// `0.1/s`
bool read_frequency(std::string_view text, double& frequency) {
    constexpr std::string_view kUnit = "/s";
    if (!text.ends_with(kUnit)) return false;
    text.remove_suffix(kUnit.size());
    return read_share(text, frequency);
}

/// `300ms`, or `20ms..60ms`.
bool read_latency(std::string_view text, Faults& faults) {
    constexpr std::string_view kTo = "..";
    const std::size_t to = text.find(kTo);
    const auto least = base::duration_from(text.substr(0, to));
    const auto most =
        to == std::string_view::npos ? least : base::duration_from(text.substr(to + kTo.size()));
    if (!least || !most || *most < *least) return false;
    faults.latency = *least;
    faults.latency_max = *most;
    return true;
}

bool read_fault(std::string_view name, std::string_view value, Faults& faults) {
    if (name == "error-rate") return read_share(value, faults.error_rate);
    if (name == "leak") return read_rate(value, faults.leak_bytes_a_second);
    if (name == "crash-on-boot" && value.empty()) return faults.crash_on_boot = true;
    if (name == "refuse-websockets" && value.empty()) return faults.refuse_websockets = true;
    if (name == "drop-websockets") return read_frequency(value, faults.drops_a_second);
    if (name == "latency") return read_latency(value, faults);
    const auto length = base::duration_from(value);
    if (!length) return false;
    if (name == "slow-start") faults.slow_start = *length;
    if (name == "crash-after") faults.crash_after = *length;
    return name == "slow-start" || name == "crash-after";
}

}  // namespace

base::Result<Faults> faults_from(std::string_view text) {
    Faults faults;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view one = text.substr(0, comma);
        const std::size_t equals = std::min(one.find('='), one.size());
        const std::string_view value = one.substr(std::min(equals + 1, one.size()));
        if (!read_fault(one.substr(0, equals), value, faults)) {
            return refuse("`" + std::string(one) + "` is no fault");
        }
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return faults;
}

base::Result<Options> options_from(std::span<const char* const> arguments,
                                   const char* environment_database) {
    Options options;
    std::string database = environment_database ? environment_database : "chat.db";
    std::string bus = "on";
    std::string grace = "drain";
    std::string fault;
    const std::map<std::string_view, std::string*> wanted{
        {"--listen", &options.listen}, {"--version", &options.version},
        {"--database", &database},     {"--files", &options.files},
        {"--assets", &options.assets}, {"--instance", &options.instance},
        {"--motd", &options.motd},     {"--bus", &bus},
        {"--grace", &grace},           {"--fault", &fault},
    };
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const auto option = wanted.find(arguments[i]);
        if (option == wanted.end()) {
            return refuse("`" + std::string(arguments[i]) + "` is no option");
        }
        if (i + 1 == arguments.size()) {
            return refuse("`" + std::string(arguments[i]) + "` needs a value");
        }
        *option->second = arguments[i + 1];
    }
    if (bus != "on" && bus != "off") return refuse("--bus is on or off");
    if (grace != "drain" && grace != "1s") return refuse("--grace is drain or 1s");
    const auto faults = faults_from(fault);
    if (!faults) return base::fail(faults);
    options.bus = bus == "on";
    options.grace = grace == "1s" ? Options::Grace::one_second : Options::Grace::drain;
    options.faults = *faults;
    options.database = base::Secret(std::move(database));
    return options;
}

}  // namespace chat
