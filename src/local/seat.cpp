#include "local/seat.h"

#include "base/digest.h"
#include "base/file.h"
#include "release/placeholder.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <utility>

namespace local {

namespace {

constexpr std::uint16_t kFirstPort = 20'000;
constexpr std::uint16_t kPorts = 10'000;
constexpr int kAttempts = 500;
constexpr base::Bytes kSecretMax{64 * 1024};

bool is_free(std::uint16_t port) {
    const base::Fd probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    address.sin_port = htons(port);
    const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    return bind(probe.number(), generic, sizeof address) == 0;
}

}  // namespace

base::Result<base::Secret> secret_from(const std::string& name, const release::SecretSource& source,
                                       const std::filesystem::path& folder) {
    if (source.kind == release::SecretSource::Kind::environment) {
        if (const char* value = std::getenv(source.name.c_str()); value != nullptr) {
            return base::Secret(value);
        }
        return base::fail(
            base::Failure::rejected,
            {.code = "CF0430",
             .what = fmt::format("the secret {} is not to be had", name),
             .why = fmt::format("the variable {} is not set where the agent runs", source.name),
             .fix = "set it, then `crossfade down` and `crossfade up`; or use `from_file`"});
    }
    auto text = base::read_file(folder / source.name, kSecretMax);
    if (!text) {
        return base::fail(
            base::Failure::rejected,
            {.code = "CF0431",
             .what = fmt::format("the secret {} is not to be had", name),
             .why = text.error().diagnostic.what + ": " + text.error().diagnostic.why});
    }
    if (text->ends_with('\n')) text->pop_back();
    return base::Secret(std::move(*text));
}

base::Result<std::string> free_address(const std::filesystem::path& root, std::uint64_t number,
                                       const std::set<std::string>& taken) {
    const base::Digest place = base::sha256(root.native());
    constexpr std::uint64_t kHosts = 254;
    std::set<std::string> ports;
    for (const std::string& address : taken) ports.insert(address.substr(address.rfind(':') + 1));
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const std::uint64_t n = number + static_cast<std::uint64_t>(attempt);
        const auto port = static_cast<std::uint16_t>(kFirstPort + n % kPorts);
        std::string address = fmt::format("127.{}.{}.{}:{}", 64 + place.bytes[0] % 64,
                                          place.bytes[1], 1 + (number - 1) % kHosts, port);
        if (!ports.contains(std::to_string(port)) && is_free(port)) return address;
    }
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0432",
                       .what = "no free port for an instance",
                       .why = fmt::format("{} ports from {} on were tried", kAttempts,
                                          kFirstPort + number % kPorts)});
}

base::Result<Launch> launch_of(const release::Process& process, const Record& record,
                               const std::filesystem::path& artifact,
                               const std::filesystem::path& working_folder) {
    const std::size_t colon = record.address.rfind(':');
    const std::string port = record.address.substr(colon + 1);
    const std::map<std::string, std::string> values{
        {"port", port},
        {"address", record.address.substr(0, colon)},
        {"instance", record.id},
        {"pool", std::string(release::name_of(record.pool))},
        {"artifact", artifact.string()}};
    Launch launch{
        .command = {}, .environment = minimal_environment(), .working_folder = working_folder};
    for (const std::string& word : process.command) {
        auto text = release::expanded(word, values);
        if (!text) return base::fail(text);
        launch.command.push_back(std::move(*text));
    }
    launch.environment["PORT"] = port;
    launch.environment["CROSSFADE_INSTANCE"] = record.id;
    launch.environment["CROSSFADE_RELEASE"] = record.release;
    for (const auto& [name, value] : process.environment) {
        auto text = release::expanded(value, values);
        if (!text) return base::fail(text);
        launch.environment[name] = std::move(*text);
    }
    for (const auto& [name, source] : process.secrets) {
        const auto secret = secret_from(name, source, working_folder);
        if (!secret) return base::fail(secret);
        launch.environment[name] = secret->reveal();
    }
    if (launch.command.empty()) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0433", .what = "the release has no command to run"});
    }
    return launch;
}

std::vector<base::Secret> secrets_of(const release::Process& process,
                                     const std::filesystem::path& working_folder) {
    std::vector<base::Secret> secrets;
    for (const auto& [name, source] : process.secrets) {
        auto secret = secret_from(name, source, working_folder);
        if (secret && !secret->empty()) secrets.push_back(std::move(*secret));
    }
    // A secret within another must not leave the rest of the longer one readable.
    std::sort(secrets.begin(), secrets.end(), [](const base::Secret& a, const base::Secret& b) {
        return a.reveal().size() > b.reveal().size();
    });
    return secrets;
}

std::string scrubbed(std::string text, const std::vector<base::Secret>& secrets) {
    for (const base::Secret& secret : secrets) {
        for (std::size_t at = text.find(secret.reveal()); at != std::string::npos;
             at = text.find(secret.reveal(), at)) {
            text.replace(at, secret.reveal().size(), "***");
        }
    }
    return text;
}

}  // namespace local
