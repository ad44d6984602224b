#include "cli/workplace.h"

#include "base/file.h"
#include "base/json.h"

#include <algorithm>
#include <regex>
#include <string_view>
#include <system_error>
#include <utility>

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr base::Bytes kFileMax{256 * 1024};

// Lines, with those that a backslash goes on with joined; without comments.
std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::string line;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string part = text.substr(at, end - at);
        at = end + 1;
        if (part.ends_with('\r')) part.pop_back();
        const std::size_t first = part.find_first_not_of(" \t");
        if (first == std::string::npos || part[first] == '#') continue;
        line += part.substr(line.empty() ? 0 : first);
        if (line.ends_with('\\')) {
            line.back() = ' ';
            continue;
        }
        lines.push_back(std::exchange(line, {}));
    }
    return lines;
}

/// What follows the word at the line's front; empty for another line.
std::string rest_after(const std::string& line, std::string_view word) {
    if (!line.starts_with(word)) return {};
    const std::size_t at = line.find_first_not_of(" \t=", word.size());
    return at == std::string::npos || at == word.size() ? std::string{} : line.substr(at);
}

std::vector<std::string> list_in(const std::string& text) {
    const auto json = base::json_from(text);
    std::vector<std::string> words;
    if (!json || !json->is_array()) return words;
    for (const base::Json& word : *json) {
        if (!word.is_string()) return {};
        words.push_back(word.get<std::string>());
    }
    return words;
}

// Nothing where it is not seen how the program is told its port: a spec needs that.
std::vector<std::string> adapted(std::vector<std::string> words, const std::string& port) {
    if (words.empty()) return {};
    for (std::string& word : words) word = plain_word(word);
    words.front() = "${artifact}/" + fs::path(words.front()).filename().string();
    bool told = false;
    for (std::size_t i = 1; i < words.size() && !told; ++i) told = put_port(words[i], port);
    return told ? words : std::vector<std::string>{};
}

std::optional<Startup> dockerfile_in(const fs::path& folder) {
    const auto text = base::read_file(folder / "Dockerfile", kFileMax);
    if (!text) return {};
    std::vector<std::string> entry;
    std::vector<std::string> words;
    Startup startup{.file = "Dockerfile", .command = {}, .health = {}};
    std::string port;
    for (const std::string& line : lines_of(*text)) {
        if (const std::string list = rest_after(line, "ENTRYPOINT"); !list.empty())
            entry = list_in(list);
        if (const std::string list = rest_after(line, "CMD"); !list.empty()) words = list_in(list);
        if (const std::string exposed = rest_after(line, "EXPOSE"); !exposed.empty())
            port = exposed.substr(0, exposed.find_first_not_of("0123456789"));
        std::smatch url;
        const std::string check = rest_after(line, "HEALTHCHECK");
        if (std::regex_search(check, url, std::regex("https?://[^/\\s\"']+(/[^\\s\"'|;]*)")))
            startup.health = url[1].str();
    }
    entry.insert(entry.end(), words.begin(), words.end());
    startup.command = adapted(std::move(entry), port);
    return startup.command.empty() ? std::nullopt : std::optional(startup);
}

std::optional<Startup> unit_in(const fs::path& folder) {
    std::vector<fs::path> units;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".service") units.push_back(entry.path());
    }
    if (units.size() != 1) return {};
    const auto text = base::read_file(units.front(), kFileMax);
    if (!text) return {};
    for (const std::string& line : lines_of(*text)) {
        std::string start = rest_after(line, "ExecStart");
        // Quotes and specifiers are systemd's own language.
        if (start.empty() || start.find_first_of("\"'%$") != std::string::npos) continue;
        start.erase(0, start.find_first_not_of("@-:+!"));
        std::vector<std::string> words;
        for (std::size_t at = 0; at < start.size();) {
            const std::size_t end = std::min(start.find_first_of(" \t", at), start.size());
            if (end > at) words.push_back(start.substr(at, end - at));
            at = end + 1;
        }
        auto command = adapted(std::move(words), "");
        if (command.empty()) continue;
        return Startup{
            .file = units.front().filename().string(), .command = std::move(command), .health = {}};
    }
    return {};
}

}  // namespace

std::string plain_word(const std::string& word) {
    std::string out;
    for (std::size_t i = 0; i < word.size(); ++i) {
        out += word[i];
        if (word[i] == '$' && i + 1 < word.size() && word[i + 1] == '{') out += '$';
    }
    return out;
}

bool put_port(std::string& word, const std::string& port) {
    const std::regex form("^(.*[:=])?" + (port.empty() ? "[1-9][0-9]{1,4}" : port) + "$");
    std::smatch match;
    if (!std::regex_match(word, match, form)) return false;
    std::string before = match[1].str();
    for (const std::string_view any : {"0.0.0.0:", "[::]:", "127.0.0.1:", "localhost:"}) {
        if (before.ends_with(any))
            before.replace(before.size() - any.size(), any.size(), "${address}:");
    }
    word = before + "${port}";
    return true;
}

std::optional<Startup> startup_in(const fs::path& folder) {
    if (auto found = dockerfile_in(folder)) return found;
    return unit_in(folder);
}

}  // namespace cli
