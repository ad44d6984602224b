#include "net/multipart.h"

#include "net/fields.h"

#include <algorithm>
#include <optional>

namespace net {

namespace {

constexpr std::size_t kBoundaryMax = 70;  // RFC 2046 §5.1.1
constexpr std::size_t kHeadBytesMax = 8 * 1024;
constexpr std::uint32_t kPartsMax = 1000;

/// A parameter of a field value such as `form-data; name="a\"b"`, unquoted.
std::optional<std::string> parameter(std::string_view value, std::string_view wanted) {
    std::size_t at = value.find(';');
    while (at != std::string_view::npos && at < value.size()) {
        const std::size_t equals = value.find('=', at);
        if (equals == std::string_view::npos) return std::nullopt;
        const std::string_view name = trimmed(value.substr(at + 1, equals - at - 1));
        std::string text;
        std::size_t end = equals + 1;
        if (end < value.size() && value[end] == '"') {
            for (++end; end < value.size() && value[end] != '"'; ++end) {
                // Browsers escape a quote as %22 and leave backslashes alone, others quote.
                const bool escaped = value[end] == '\\' && end + 1 < value.size() &&
                                     (value[end + 1] == '"' || value[end + 1] == '\\');
                if (escaped) ++end;
                text += value[end];
            }
            if (end == value.size()) return std::nullopt;
            end = value.find(';', end);
        } else {
            end = value.find(';', equals);
            text = trimmed(
                value.substr(equals + 1, end == std::string_view::npos ? end : end - equals - 1));
        }
        if (same_ignoring_case(name, wanted)) return text;
        at = end;
    }
    return std::nullopt;
}

/// How much of the end of `bytes` may be the beginning of `delimiter`.
std::size_t possible_front(std::string_view bytes, std::string_view delimiter) {
    for (std::size_t n = std::min(bytes.size(), delimiter.size() - 1); n > 0; --n) {
        if (bytes.substr(bytes.size() - n) == delimiter.substr(0, n)) return n;
    }
    return 0;
}

/// Reads a part's head (without its empty line); false when it is none.
bool read_head(std::string_view text, PartHead& head) {
    while (!text.empty()) {
        const std::size_t end = text.find("\r\n");
        const std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 2);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) return false;
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (same_ignoring_case(line.substr(0, colon), "Content-Disposition")) {
            head.name = parameter(value, "name").value_or("");
            head.file_name = parameter(value, "filename").value_or("");
        } else if (same_ignoring_case(line.substr(0, colon), "Content-Type")) {
            head.content_type = value;
        }
    }
    return true;
}

}  // namespace

std::string_view name_of(MultipartFault fault) {
    switch (fault) {
        case MultipartFault::none:
            return "none";
        case MultipartFault::bad_boundary:
            return "bad_boundary";
        case MultipartFault::bad_delimiter:
            return "bad_delimiter";
        case MultipartFault::bad_head:
            return "bad_head";
        case MultipartFault::head_too_long:
            return "head_too_long";
        case MultipartFault::too_many_parts:
            return "too_many_parts";
        case MultipartFault::no_name:
            return "no_name";
    }
    return "";
}

std::string boundary_of(std::string_view content_type) {
    const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
    if (!same_ignoring_case(type, "multipart/form-data")) return {};
    return parameter(content_type, "boundary").value_or("");
}

// The preamble is treated as if a line break stood in front of it, so that a delimiter at the very
// beginning is found like any other.
MultipartParser::MultipartParser(std::string_view boundary)
    : delimiter_("\r\n--" + std::string(boundary)), held_("\r\n") {
    if (boundary.empty() || boundary.size() > kBoundaryMax) fail(MultipartFault::bad_boundary);
}

bool MultipartParser::fail(MultipartFault fault) {
    fault_ = fault;
    stage_ = Stage::failed;
    return false;
}

bool MultipartParser::feed(std::string_view bytes, PartHandler& handler) {
    while (!bytes.empty()) {
        switch (stage_) {
            case Stage::preamble:
            case Stage::bytes:
                bytes = search(bytes, handler);
                break;
            case Stage::after_delimiter:
                bytes = after_delimiter(bytes);
                break;
            case Stage::head:
                bytes = head_bytes(bytes, handler);
                break;
            case Stage::epilogue:
                return true;
            case Stage::failed:
                return false;
        }
    }
    return stage_ != Stage::failed;
}

/// Looks for the next delimiter, handing on what certainly stands in front of it.
std::string_view MultipartParser::search(std::string_view bytes, PartHandler& handler) {
    const auto hand_on = [&](std::string_view content) {
        if (stage_ == Stage::bytes && !content.empty()) handler.on_part_bytes(content);
    };
    if (!held_.empty()) {
        // What was held is a front of the delimiter; with enough new bytes it is decided.
        const std::size_t old = held_.size();
        const std::size_t take = std::min(bytes.size(), delimiter_.size());
        std::string joined = held_ + std::string(bytes.substr(0, take));
        const std::size_t at = joined.find(delimiter_);
        if (at == std::string::npos) {
            const std::size_t keep = possible_front(joined, delimiter_);
            // All of the new bytes may belong to a front that began in what was held.
            if (take < bytes.size() && keep <= take) {
                hand_on(std::string_view(joined).substr(0, old));
                held_.clear();
                return bytes;
            }
            hand_on(std::string_view(joined).substr(0, joined.size() - keep));
            held_ = joined.substr(joined.size() - keep);
            return bytes.substr(take);
        }
        hand_on(std::string_view(joined).substr(0, at));
        if (stage_ == Stage::bytes) handler.on_part_end();
        held_.clear();
        stage_ = Stage::after_delimiter;
        return bytes.substr(at + delimiter_.size() - old);
    }
    const std::size_t at = bytes.find(delimiter_);
    if (at == std::string_view::npos) {
        const std::size_t keep = possible_front(bytes, delimiter_);
        hand_on(bytes.substr(0, bytes.size() - keep));
        held_ = bytes.substr(bytes.size() - keep);
        return {};
    }
    hand_on(bytes.substr(0, at));
    if (stage_ == Stage::bytes) handler.on_part_end();
    stage_ = Stage::after_delimiter;
    return bytes.substr(at + delimiter_.size());
}

/// `--` closes the last part, CRLF (after optional white space) opens the next.
std::string_view MultipartParser::after_delimiter(std::string_view bytes) {
    held_ += bytes.front();
    bytes.remove_prefix(1);
    const std::string_view line = held_;
    if (line == "--") {
        stage_ = Stage::epilogue;
        held_.clear();
    } else if (line.ends_with("\r\n")) {
        if (line.find_first_not_of(" \t\r\n") != std::string_view::npos) {
            fail(MultipartFault::bad_delimiter);
            return {};
        }
        if (++parts_ > kPartsMax) {
            fail(MultipartFault::too_many_parts);
            return {};
        }
        stage_ = Stage::head;
        held_.clear();
    } else if (line.size() > 128 ||
               (line != "-" && line.find_first_not_of(" \t\r") != std::string_view::npos)) {
        fail(MultipartFault::bad_delimiter);
        return {};
    }
    return bytes;
}

std::string_view MultipartParser::head_bytes(std::string_view bytes, PartHandler& handler) {
    held_ += bytes.front();
    bytes.remove_prefix(1);
    if (held_.size() > kHeadBytesMax) {
        fail(MultipartFault::head_too_long);
        return {};
    }
    if (held_ != "\r\n" && !held_.ends_with("\r\n\r\n")) return bytes;
    PartHead head;
    if (held_ == "\r\n" || !read_head(std::string_view(held_).substr(0, held_.size() - 4), head)) {
        fail(MultipartFault::bad_head);
        return {};
    }
    if (head.name.empty()) {
        fail(MultipartFault::no_name);
        return {};
    }
    held_.clear();
    stage_ = Stage::bytes;
    handler.on_part(head);
    return bytes;
}

}  // namespace net
