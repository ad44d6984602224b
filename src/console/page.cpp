#include "console/page.h"

#include "base/check.h"
#include "base/digest.h"

#include <zlib.h>

#include <algorithm>

namespace console {

std::string gzipped(std::string_view text) {
    constexpr int kGzip = 15 + 16;
    z_stream stream{};
    CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 9, Z_DEFAULT_STRATEGY) ==
          Z_OK);
    std::string out(deflateBound(&stream, text.size()) + 32, '\0');
    std::string in(text);
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

void add_guards(net::FieldList& fields) {
    fields.set("Content-Security-Policy",
               "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
               "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
               "require-trusted-types-for 'script'; trusted-types 'none'");
    fields.set("X-Content-Type-Options", "nosniff");
    fields.set("X-Frame-Options", "DENY");
    fields.set("Referrer-Policy", "no-referrer");
    fields.set("Cross-Origin-Opener-Policy", "same-origin");
    fields.set("Cross-Origin-Resource-Policy", "same-origin");
    fields.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}

Page::Page() {
    for (const PageFile& file : page_files()) {
        files_.push_back({file, gzipped(file.bytes), '"' + base::sha256(file.bytes).brief() + '"'});
    }
}

std::optional<net::Response> Page::answer(const net::Request& request) const {
    const std::string_view path =
        request.path == "/" ? std::string_view("/index.html") : std::string_view(request.path);
    const auto found = std::find_if(files_.begin(), files_.end(),
                                    [path](const Ready& each) { return each.file.path == path; });
    if (found == files_.end()) return std::nullopt;
    net::Response response{.status = 200, .fields = {}, .body = {}};
    response.fields.add("ETag", found->tag);
    // Asked for each time, answered by 304: a new binary's page is seen at once.
    response.fields.add("Cache-Control", "no-cache");
    response.fields.add("Vary", "Accept-Encoding");
    if (request.field("If-None-Match") == found->tag) {
        response.status = 304;
        return response;
    }
    response.fields.add("Content-Type", found->file.type);
    if (request.fields.lists("Accept-Encoding", "gzip")) {
        response.fields.add("Content-Encoding", "gzip");
        response.body = found->gzip;
    } else {
        response.body = found->file.bytes;
    }
    return response;
}

std::size_t Page::bytes_gzipped() const {
    std::size_t bytes = 0;
    for (const Ready& file : files_) bytes += file.gzip.size();
    return bytes;
}

}  // namespace console
