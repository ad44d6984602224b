#include "aws/visit.h"

#include "aws/client.h"
#include "aws/codec.h"
#include "aws/manifest.h"
#include "aws/request.h"
#include "aws/shape.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/percent.h"
#include "base/result.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace aws {
namespace {

constexpr std::uint64_t kShortBytes = 256ULL * 1024;

Request request_of(const Site& site, const std::string& name, const char* method) {
    const std::size_t host = site.url.find("://") + 3;
    return {.scheme = site.url.starts_with("http:") ? Scheme::http : Scheme::https,
            .method = method,
            .host = site.url.substr(host),
            .path = base::percent_encoded(site.path + name, "/"),
            .query = {},
            // Compressed on the way, a file has another digest.
            .headers = {{"Accept-Encoding", "identity"}},
            .body = {}};
}

tl::unexpected<base::Error> not_it(const Site& site, const std::string& name, std::string why) {
    return base::fail(
        base::Failure::unavailable,
        {.code = "CF0832",
         .what = fmt::format("{}{}{} is not the file of this release", site.url, site.path, name),
         .why = std::move(why),
         .fix = "see that the path leads to the bucket, and what a cache on the way keeps"});
}

std::string header(const Answer& answer, const char* name) {
    const std::string* const found = find_header(answer.headers, name);
    return found != nullptr ? *found : std::string{};
}

// A cache may call it weak.
std::string bare(const std::string& e_tag) {
    return e_tag.starts_with("W/") ? e_tag.substr(2) : e_tag;
}

}  // namespace

base::Result<void> visit(Transport& transport, const Site& site, const std::string& name,
                         const Asset& asset, base::Deadline deadline) {
    const auto ask = [&](const char* method) {
        return transport.send(request_of(site, name, method), Effect::reads, deadline);
    };
    if (asset.bytes > kShortBytes) {
        const auto head = ask("HEAD");
        if (!head) return not_it(site, name, head.error().line());
        if (head->status != 200) return not_it(site, name, fmt::format("status {}", head->status));
        const std::string digest = header(*head, "x-amz-meta-sha256");
        if (digest == asset.digest.hex()) return {};
        if (!digest.empty()) return not_it(site, name, "its digest is " + digest);
        if (asset.bytes > kVisitBytesMax) {
            if (header(*head, "content-length") == std::to_string(asset.bytes) &&
                !asset.e_tag.empty() && bare(header(*head, "etag")) == asset.e_tag)
                return {};
            return not_it(site, name, "neither digest nor ETag say that it is");
        }
    }
    const auto answer = ask("GET");
    if (!answer) return not_it(site, name, answer.error().line());
    if (answer->status != 200) return not_it(site, name, fmt::format("status {}", answer->status));
    const base::Digest found = base::sha256(answer->body);
    if (found == asset.digest) return {};
    return not_it(site, name,
                  fmt::format("its digest is {}, not {}", found.brief(), asset.digest.brief()));
}

}  // namespace aws
