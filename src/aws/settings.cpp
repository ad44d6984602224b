#include "aws/settings.h"

#include "base/file.h"
#include "base/result.h"
#include "base/units.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace aws {
namespace {

constexpr base::Bytes kFileMax{1 << 20};

tl::unexpected<base::Error> broken(std::string what, std::string why) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0812", .what = std::move(what), .why = std::move(why)});
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
        text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
        text.remove_suffix(1);
    return text;
}

std::string small(std::string_view text) {
    std::string out(text);
    for (char& letter : out)
        letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return out;
}

// `profile "a b"` and `profile   a` are one name each.
std::string head_of(std::string_view text) {
    text = trimmed(text);
    const auto space = text.find_first_of(" \t");
    if (space == std::string_view::npos) return std::string(text);
    std::string_view name = trimmed(text.substr(space));
    if (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') &&
        name.back() == name.front())
        name = name.substr(1, name.size() - 2);
    return std::string(text.substr(0, space)) + " " + std::string(name);
}

// A comment after a value begins with white space.
std::string_view without_comment(std::string_view value) {
    for (const std::string_view mark : {" #", " ;", "\t#", "\t;"})
        value = value.substr(0, value.find(mark));
    return trimmed(value);
}

std::string home_of(const Environment& environment) {
    return environment("HOME").value_or("");
}

base::Result<std::map<std::string, Section>> sections_of(const Environment& environment,
                                                         const std::string& variable,
                                                         const std::string& usual) {
    const std::string home = home_of(environment);
    std::string path = environment(variable).value_or(home.empty() ? "" : home + usual);
    if (path.starts_with("~/")) path = home + path.substr(1);
    if (path.empty()) return std::map<std::string, Section>{};
    const auto text = base::read_file(path, kFileMax);
    if (!text && text.error().failure == base::Failure::not_found)
        return std::map<std::string, Section>{};
    if (!text) return broken(path + " cannot be read", text.error().diagnostic.why);
    return sections_from(*text, path);
}

}  // namespace

base::Result<std::map<std::string, Section>> sections_from(std::string_view text,
                                                           const std::string& file) {
    std::map<std::string, Section> out;
    Section* section = nullptr;
    Settings* nested = nullptr;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? "" : text.substr(end + 1);
        const std::string_view said = trimmed(line);
        if (said.empty() || said.front() == '#' || said.front() == ';') continue;
        const auto at = [&](const char* why) {
            return broken(fmt::format("{}:{} cannot be read", file, number), why);
        };
        if (line.front() == '[') {
            const auto close = said.find(']');
            if (close == std::string_view::npos) return at("a section's head has no end");
            section = &out[head_of(said.substr(1, close - 1))];
            nested = nullptr;
            continue;
        }
        if (section == nullptr) return at("it belongs to no section");
        const auto equals = said.find('=');
        const bool is_indented = line.front() == ' ' || line.front() == '\t';
        if (is_indented && nested == nullptr) continue;  // goes on with a value: none of ours
        if (equals == std::string_view::npos) return at("it is neither a head nor `name = value`");
        const std::string key = small(trimmed(said.substr(0, equals)));
        const std::string value(without_comment(said.substr(equals + 1)));
        if (is_indented) {
            (*nested)[key] = value;
            continue;
        }
        nested = value.empty() ? &section->nested[key] : nullptr;
        section->settings[key] = value;
    }
    return out;
}

base::Result<Shared> Shared::read(const Environment& environment, const std::string& profile) {
    Shared out;
    out.is_chosen_ = !profile.empty();
    const auto named = environment("AWS_PROFILE");
    const auto also = environment("AWS_DEFAULT_PROFILE");
    out.name_ = out.is_chosen_ ? profile : named.value_or(also.value_or("default"));
    const auto config = sections_of(environment, "AWS_CONFIG_FILE", "/.aws/config");
    if (!config) return base::fail(config);
    for (const auto& [head, section] : *config) {
        if (head == "default") out.profiles_[head] = section;
        if (head.starts_with("profile ")) out.profiles_[head.substr(8)] = section;
        if (head.starts_with("services ")) out.services_[head.substr(9)] = section;
    }
    const auto credentials =
        sections_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
    if (!credentials) return base::fail(credentials);
    for (const auto& [head, section] : *credentials)
        for (const auto& [key, value] : section.settings) out.profiles_[head].settings[key] = value;
    if ((out.is_chosen_ || named || also) && !out.has_profile(out.name_))
        return broken(fmt::format("there is no profile '{}'", out.name_),
                      "neither the shared config file nor the credentials file has it");
    return out;
}

std::string Shared::setting(const std::string& profile, const std::string& key) const {
    const auto found = profiles_.find(profile);
    if (found == profiles_.end()) return {};
    const auto value = found->second.settings.find(key);
    return value != found->second.settings.end() ? value->second : std::string{};
}

std::string Shared::service_setting(const std::string& service, const std::string& key) const {
    const auto section = services_.find(setting("services"));
    if (section == services_.end()) return {};
    const auto nested = section->second.nested.find(service);
    if (nested == section->second.nested.end()) return {};
    const auto value = nested->second.find(key);
    return value != nested->second.end() ? value->second : std::string{};
}

base::Result<std::string> region_of(const Environment& environment, const Shared& shared,
                                    const std::string& chosen) {
    const auto refused = [](std::string why) {
        return base::fail(
            base::Failure::rejected,
            {.code = "CF0810", .what = "there is no region to work in", .why = std::move(why)});
    };
    std::string region = chosen;
    if (region.empty()) region = environment("AWS_REGION").value_or("");
    if (region.empty()) region = environment("AWS_DEFAULT_REGION").value_or("");
    if (region.empty()) region = shared.setting("region");
    if (region.empty()) return refused("neither the spec, AWS_REGION nor the profile names one");
    const bool fits =
        region.front() != '-' && region.size() <= 63 &&
        std::all_of(region.begin(), region.end(), [](char letter) {
            return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-';
        });
    if (!fits) return refused("'" + region + "' cannot be part of a host's name");
    return region;
}

}  // namespace aws
