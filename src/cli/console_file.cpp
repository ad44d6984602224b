#include "cli/console_file.h"

#include "base/file.h"
#include "base/json.h"

#include <sys/stat.h>

#include <cerrno>
#include <csignal>

namespace cli {
namespace {

constexpr base::Bytes kFileMax{64 * 1024};
constexpr std::chrono::milliseconds kLook{20};

std::filesystem::path settings_file(const local::Folder& folder) {
    return console_folder(folder) / "settings.json";
}

std::filesystem::path address_file(const local::Folder& folder) {
    return console_folder(folder) / "address.json";
}

base::Result<base::Json> read_json(const std::filesystem::path& file) {
    const auto text = base::read_file(file, kFileMax);
    if (!text) return base::fail(text);
    return base::json_from(*text);
}

}  // namespace

std::filesystem::path console_folder(const local::Folder& folder) {
    return folder.root() / "console";
}

base::Result<void> make_console_folder(const local::Folder& folder) {
    if (const auto made = folder.create(); !made) return made;
    const std::filesystem::path path = console_folder(folder);
    if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
    return base::fail(base::system_error("cannot make folder", path, errno));
}

std::string to_text(const ConsoleFile& file) {
    return base::canonical({{"schema", "crossfade.console-settings/1"},
                            {"serve", file.serve},
                            {"listen", file.listen},
                            {"hosts", file.hosts},
                            {"view", name_of(file.view)},
                            {"spec", file.spec.string()}});
}

base::Result<ConsoleFile> read_console_file(const local::Folder& folder) {
    const auto json = read_json(settings_file(folder));
    if (!json && json.error().failure == base::Failure::not_found) return ConsoleFile{};
    if (!json) return base::fail(json);
    ConsoleFile file;
    file.serve = base::member_or<bool>(*json, "serve", true).value_or(true);
    file.listen = base::member_or<std::string>(*json, "listen", "").value_or("");
    const base::Json hosts = json->value("hosts", base::Json::array());
    for (const base::Json& host : hosts) {
        if (host.is_string()) file.hosts.push_back(host.get<std::string>());
    }
    // What is not understood is the stricter one.
    const std::string view = base::member_or<std::string>(*json, "view", "").value_or("");
    file.view = view == "anyone" ? console::View::anyone : console::View::token;
    file.spec = base::member_or<std::string>(*json, "spec", "").value_or("");
    return file;
}

base::Result<void> write_console_file(const local::Folder& folder, const ConsoleFile& file) {
    const auto present = read_console_file(folder);
    if (present && to_text(*present) == to_text(file)) return {};
    return base::write_file(settings_file(folder), to_text(file));
}

base::Result<ConsoleAddress> read_console_address(const local::Folder& folder) {
    const auto json = read_json(address_file(folder));
    if (!json) return base::fail(json);
    const auto listen = base::member<std::string>(*json, "listen");
    const auto pid = base::member<std::int64_t>(*json, "pid");
    const auto settled = base::member<std::string>(*json, "settled");
    if (!listen) return base::fail(listen);
    if (!pid) return base::fail(pid);
    if (!settled) return base::fail(settled);
    const auto digest = base::digest_from(*settled);
    if (!digest) return base::fail(digest);
    return ConsoleAddress{*listen, static_cast<int>(*pid), *digest};
}

base::Result<void> write_console_address(const local::Folder& folder,
                                         const ConsoleAddress& address) {
    return base::write_file(address_file(folder),
                            base::canonical({{"schema", "crossfade.console-address/1"},
                                             {"listen", address.listen},
                                             {"pid", address.pid},
                                             {"settled", address.settled.hex()}}));
}

std::optional<ConsoleAddress> console_address(const local::Folder& folder, const ConsoleFile& file,
                                              base::Clock& clock, base::Deadline deadline) {
    if (!file.serve) return std::nullopt;
    const base::Digest settled = base::sha256(to_text(file));
    while (true) {
        auto address = read_console_address(folder);
        if (address && address->settled == settled && kill(address->pid, 0) == 0) return *address;
        if (clock.tick() >= deadline.at) return std::nullopt;
        clock.wait_until(clock.tick() + kLook, {});
    }
}

}  // namespace cli
