#include "local/manifest.h"

#include "base/file.h"
#include "base/json.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>

namespace local {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 13> kTextEndings{
    ".js",  ".mjs", ".css",  ".html", ".svg", ".json",       ".txt",
    ".map", ".xml", ".wasm", ".md",   ".csv", ".webmanifest"};
constexpr std::size_t kWorthBytes = 1024;

}  // namespace

base::Result<Manifest> manifest_of(const fs::path& folder) {
    Manifest manifest;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        const fs::file_status status = at->symlink_status();
        if (fs::is_directory(status)) continue;
        const std::string name = fs::relative(at->path(), folder, error);
        if (!fs::is_regular_file(status)) {
            return base::fail(base::Failure::rejected,
                              {.code = "CF0452",
                               .what = fmt::format("the asset {} is no plain file", name),
                               .fix = "put a copy of what it points to in its place"});
        }
        const auto digest = base::digest_of(at->path());
        if (!digest) return base::fail(digest);
        manifest.files.emplace(name, *digest);
    }
    if (error) return base::fail(base::system_error("cannot list", folder, error.value()));
    return manifest;
}

std::string to_json(const Manifest& manifest) {
    base::Json files = base::Json::object();
    for (const auto& [name, digest] : manifest.files) files[name] = digest.hex();
    return base::canonical({{"files", files}, {"added", manifest.added}});
}

base::Result<Manifest> manifest_from(std::string_view text) {
    constexpr std::size_t kManifestMax = 256 * 1024 * 1024;
    const auto json = base::json_from(text, kManifestMax);
    if (!json) return base::fail(json);
    Manifest manifest;
    const base::Json files = json->value("files", base::Json::object());
    for (const auto& [name, hex] : files.items()) {
        if (!hex.is_string()) continue;
        const auto digest = base::digest_from(hex.get<std::string>());
        if (!digest) return base::fail(digest);
        manifest.files.emplace(name, *digest);
    }
    for (const auto& name : json->value("added", base::Json::array())) {
        if (name.is_string()) manifest.added.insert(name.get<std::string>());
    }
    return manifest;
}

std::string compressed(const std::string& name, std::string_view content) {
    const bool is_text = std::any_of(kTextEndings.begin(), kTextEndings.end(),
                                     [&](std::string_view end) { return name.ends_with(end); });
    if (!is_text || content.size() < kWorthBytes) return "";
    z_stream stream{};
    constexpr int kGzip = 15 + 16;
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 9, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        return "";
    }
    std::string in(content);
    std::string out(deflateBound(&stream, in.size()), '\0');
    const auto bytes = [](std::string& text) {
        return static_cast<Bytef*>(static_cast<void*>(text.data()));
    };
    stream.next_in = bytes(in);
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = bytes(out);
    stream.avail_out = static_cast<uInt>(out.size());
    const int outcome = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    const bool pays = out.size() < content.size() - content.size() / 10;
    return outcome == Z_STREAM_END && pays ? out : "";
}

}  // namespace local
