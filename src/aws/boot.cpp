#include "aws/boot.h"

#include "aws/boot_text.h"
#include "base/digest.h"
#include "base/result.h"
#include "release/placeholder.h"
#include "release/pool.h"
#include "release/release.h"

#include <fmt/format.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace aws {
namespace {

/// EC2's limit, before base64.
constexpr std::size_t kUserDataBytesMax = 16 * 1024;

/// A character that no shell text needs, so that what stands for a variable can be found again.
constexpr char kMark = '\x01';

/// `text` for the shell, its placeholders as variables: `'--listen='"$CROSSFADE_ADDRESS"`.
base::Result<std::string> shell_text(const std::string& text, const BootPlace& place) {
    const auto marked = [](const char* name) {
        return kMark + ("\"$CROSSFADE_" + std::string(name) + '"') + kMark;
    };
    const auto filled = release::expanded(text, {{"port", std::to_string(place.port)},
                                                 {"address", marked("ADDRESS")},
                                                 {"instance", marked("INSTANCE")},
                                                 {"pool", marked("POOL")},
                                                 {"artifact", marked("ARTIFACT")}});
    if (!filled) return base::fail(filled);
    std::string out;
    std::string_view rest = *filled;
    for (bool is_variable = false;; is_variable = !is_variable) {
        const std::size_t end = rest.find(kMark);
        const std::string_view part = rest.substr(0, end);
        if (is_variable) {
            out += part;
        } else if (!part.empty() || filled->empty()) {
            out += shell_quoted(part);
        }
        if (end == std::string_view::npos) return out;
        rest.remove_prefix(end + 1);
    }
}

}  // namespace

std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char each : text) {
        if (each == '\'') {
            out += R"('\'')";
        } else {
            out += each;
        }
    }
    return out + "'";
}

std::string artifact_key(const BootPlace& place, const base::Digest& artifact) {
    return fmt::format("{}/artifacts/{}", place.prefix, artifact.hex());
}

std::string config_key(const BootPlace& place, const base::Digest& config) {
    return fmt::format("{}/configs/{}", place.prefix, config.hex());
}

base::Result<std::string> run_script(const release::Release& release, const BootPlace& place) {
    std::string out = "#!/bin/sh\nset -eu\n";
    for (const auto& [name, value] : release.process.environment) {
        const auto text = shell_text(value, place);
        if (!text) return base::fail(text);
        out += fmt::format("export {}={}\n", name, *text);
    }
    for (const auto& [name, source] : release.process.secrets) {
        if (source.kind != release::SecretSource::Kind::file)
            return base::fail(
                base::Failure::rejected,
                {.code = "CF0823",
                 .what = fmt::format("no instance has the variable {} for the secret {}",
                                     source.name, name),
                 .why = "an instance of EC2 starts with its own environment alone",
                 .fix =
                     "let it lie in a file of the image: `" + name + ": {from_file: /etc/...}`"});
        out += fmt::format("{0}=$(cat {1})\nexport {0}\n", name, shell_quoted(source.name));
    }
    out += "exec";
    for (const std::string& word : release.process.command) {
        const auto text = shell_text(word, place);
        if (!text) return base::fail(text);
        out += ' ' + *text;
    }
    return out + '\n';
}

base::Result<std::string> boot_script(const release::Release& release, release::Pool pool,
                                      const base::Digest& config, const BootPlace& place) {
    const std::string suffix = place.region.starts_with("cn-") ? ".cn" : "";
    const std::string name = std::filesystem::path(release.artifact_source).filename().string();
    std::string out = fmt::format("#!/bin/sh\n# Release {} of {}, by Crossfade.\nset -u\n",
                                  release.id, place.application);
    const auto set = [&out](std::string_view variable, std::string_view value) {
        out += fmt::format("{}={}\n", variable, shell_quoted(value));
    };
    set("application", place.application);
    set("region", place.region);
    set("bucket", place.bucket);
    set("s3_of_region", fmt::format("https://s3.{}.amazonaws.com{}", place.region, suffix));
    set("artifact_key", artifact_key(place, release.artifact));
    set("artifact_digest", release.artifact.hex());
    set("artifact_name", name);
    set("config_key", config_key(place, config));
    set("config_digest", config.hex());
    set("pool", release::name_of(pool));
    set("port", std::to_string(place.port));
    set("user", place.user);
    set("stop_grace", std::to_string(place.stop_grace.count()));
    out += kBootText;
    if (out.size() <= kUserDataBytesMax) return out;
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0824",
         .what = "the boot script of an instance is longer than EC2 takes",
         .why = fmt::format("{} bytes, {} are allowed", out.size(), kUserDataBytesMax),
         .fix = "shorten the names of bucket and artifact"});
}

}  // namespace aws
