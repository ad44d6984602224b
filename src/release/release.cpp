#include "release/release.h"
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/json.h"
#include "base/result.h"
#include "release/codec.h"

namespace release {

bool same(const Release& a, const Release& b) {
    return a.artifact == b.artifact && a.config == b.config && a.assets == b.assets;
}

base::Digest config_digest(const Process& process) {
    return base::sha256(base::canonical(encode(process)));
}

std::string release_to_json(const Release& release) {
    return base::canonical(encode(release));
}

base::Result<Release> release_from_json(std::string_view text) {
    const auto json = base::json_from(text);
    if (!json) return base::fail(json);
    Release release;
    Reader reader(*json, "");
    members(reader, release);
    reader.finish();
    if (reader.wrong)
        return base::fail(
            base::Failure::rejected,
            {.code = "CF0204", .what = "this is no release as JSON", .why = *reader.wrong});
    return release;
}

}  // namespace release
