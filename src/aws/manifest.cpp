#include "aws/manifest.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace aws {
namespace {

// Of a file: its digest, its size, its ETag. As lists, for there are many.
constexpr std::size_t kParts = 3;

tl::unexpected<base::Error> odd(std::string why) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0837",
                       .what = "a manifest of assets is none of ours",
                       .why = std::move(why),
                       .fix = "see who else writes into the state bucket"});
}

}  // namespace

std::string to_json(const Manifest& manifest) {
    base::Json files = base::Json::object();
    for (const auto& [name, asset] : manifest.files)
        files[name] = {asset.digest.hex(), asset.bytes, asset.e_tag};
    return base::canonical({{"files", std::move(files)}});
}

base::Result<Manifest> manifest_from(std::string_view text) {
    const auto json = base::json_from(text, kManifestBytesMax);
    if (!json) return odd(json.error().line());
    const auto files = json->find("files");
    if (!json->is_object() || files == json->end() || !files->is_object())
        return odd("it names no files");
    Manifest out;
    for (const auto& [name, parts] : files->items()) {
        const bool fits = parts.is_array() && parts.size() == kParts && parts[0].is_string() &&
                          parts[1].is_number_unsigned() && parts[2].is_string();
        if (!fits) return odd("what it says of a file is not digest, size and ETag");
        const auto digest = base::digest_from(parts[0].get<std::string>());
        if (!digest) return odd(digest.error().line());
        out.files.emplace(name, Asset{.digest = *digest,
                                      .bytes = parts[1].get<std::uint64_t>(),
                                      .e_tag = parts[2].get<std::string>()});
    }
    return out;
}

}  // namespace aws
