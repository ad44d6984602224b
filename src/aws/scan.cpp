#include "aws/scan.h"

#include "aws/manifest.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/folder_digest.h"
#include "base/result.h"
#include "net/websocket.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>

namespace aws {
namespace {

// Of a key S3 takes 1024 bytes; the prefix has some of them.
constexpr std::size_t kNameBytesMax = 800;

bool can_be_a_key(const std::string& name) {
    return name.size() <= kNameBytesMax && net::is_utf8(name) &&
           std::none_of(name.begin(), name.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

base::Result<Scanned> scanned(const std::filesystem::path& folder, const std::stop_token& stop) {
    Scanned out;
    std::optional<std::string> odd;
    const auto digest = base::digest_of_files(
        folder,
        [&](const base::DigestedFile& file) {
            if (!can_be_a_key(file.name)) odd = file.name;
            std::error_code error;
            out.written.emplace(file.name,
                                std::filesystem::last_write_time(folder / file.name, error));
            out.manifest.files.emplace(
                file.name, Asset{.digest = file.digest, .bytes = file.bytes, .e_tag = {}});
        },
        stop);
    if (!digest) return base::fail(digest);
    if (odd)
        return base::fail(base::Failure::rejected,
                          {.code = "CF0835",
                           .what = fmt::format("the asset {} cannot be an object", *odd),
                           .why = "its name is longer than 800 bytes, no UTF-8, or has control "
                                  "characters",
                           .fix = "give it another name"});
    out.folder = *digest;
    return out;
}

}  // namespace

Scan::Scan(std::filesystem::path folder)
    : folder_(std::move(folder)),
      found_(std::async(std::launch::async, [folder = folder_, stop = stop_.get_token()] {
                 return scanned(folder, stop);
             }).share()) {}

Scan::~Scan() {
    stop_.request_stop();
    found_.wait();
}

base::Result<const Scanned*> Scan::wait(std::chrono::nanoseconds patience) {
    if (found_.wait_for(patience) != std::future_status::ready)
        return base::fail(base::Failure::unavailable,
                          {.code = "CF0836", .what = "the assets are being read"});
    const base::Result<Scanned>& found = found_.get();
    if (!found) return base::fail(found.error());
    return &*found;
}

}  // namespace aws
