#pragma once
// Files as answers (RFC 9110 §13, §14): what to send of a file, to whom, for how long to keep.

#include "base/clock.h"
#include "edge/config.h"
#include "edge/http/forward.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edge {

/// What a request says about the file that it wants.
struct FileAsked {
    std::string_view path;
    std::optional<std::string_view> accept_encoding = {};
    std::optional<std::string_view> if_none_match = {};
    std::optional<std::string_view> if_modified_since = {};
    std::optional<std::string_view> range = {};
    std::optional<std::string_view> if_range = {};
};

/// What the file is.
struct FileFacts {
    std::string_view name;      ///< Without `.br` or `.gz`.
    std::string_view encoding;  ///< `br`, `gzip` or empty.
    std::uint64_t bytes = 0;
    std::int64_t changed_nanos = 0;  ///< Since 1970.
};

/// Some text, then a run of the file's bytes.
struct FilePart {
    std::string text;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;

    friend bool operator==(const FilePart&, const FilePart&) = default;
};

struct FileAnswer {
    int status = 200;
    std::string content_type;
    std::string content_encoding;
    std::string content_range;
    std::string cache_control;
    std::string etag;
    std::string last_modified;
    std::uint64_t content_length = 0;
    std::vector<FilePart> parts;  ///< Empty where the answer has no body.
};

/// Conditions first, then ranges. A Range that is no list of byte ranges is ignored; one of which
/// nothing lies in the file is 416; several become multipart/byteranges.
FileAnswer answer_for(const FileAsked& asked, const FileFacts& facts);

/// Whether a name carries a digest of its content, so that it never changes: `app.3f9ac21b.js`.
bool is_hashed_name(std::string_view name);
std::string_view content_type_of(std::string_view name);
/// The share that Accept-Encoding gives to `coding`, 0..1000.
int quality_of(std::string_view accept_encoding, std::string_view coding);
/// Seconds since 1970 of an HTTP date in its one preferred form.
std::optional<std::int64_t> seconds_of_http_date(std::string_view text);

/// The path below the directory that a request's path means, or nothing for one that no file may
/// have: `..`, NUL, an encoded slash, a hidden name.
std::optional<std::string> relative_path(const Assets& assets, std::string_view path);

void append_file_head(std::string& out, const FileAnswer& answer, const AnswerForm& form);

}  // namespace edge
