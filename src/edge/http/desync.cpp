#include "edge/http/desync.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

namespace edge {

namespace {

using enum Irregularity;

constexpr std::array<std::string_view, 20> kNames{
    "",
    "GetHeadZeroContentLength",
    "NonCompliantHeader",
    "NonCompliantVersion",
    "SpaceInUri",
    "AmbiguousUri",
    "SuspiciousHeader",
    "EmptyHeader",
    "UndefinedContentLengthSemantics",
    "UndefinedTransferEncodingSemantics",
    "DuplicateContentLength",
    "BothTeClPresent",
    "BadHeader",
    "BadUri",
    "BadMethod",
    "BadVersion",
    "BadContentLength",
    "MultipleContentLength",
    "BadTransferEncoding",
    "MultipleTransferEncodingChunked",
};
static_assert(kNames.size() == static_cast<std::size_t>(multiple_transfer_encoding_chunked) + 1);

constexpr std::string_view kLineBreakers("\r\n\0", 3);

bool is_control(char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
}

bool is_token(char c) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || kMarks.find(c) != std::string_view::npos;
}

/// Its letters alone, in lower case; long s and dotless i count as what they look like.
std::string letters_of(std::string_view name) {
    std::string made;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (c >= 'a' && c <= 'z') made += c;
        if (c >= 'A' && c <= 'Z') made += static_cast<char>(c + ('a' - 'A'));
        if (name.substr(i).starts_with("\xc5\xbf")) made += 's';
        if (name.substr(i).starts_with("\xc4\xb1")) made += 'i';
    }
    return made;
}

enum class Kin : std::uint8_t { none, length, encoding };

/// Which framing field a sloppy parser may take the name for.
Kin kin_of(std::string_view name) {
    constexpr std::size_t kShortest = 14;  // content_length
    constexpr std::size_t kLongest = 64;
    if (name.size() < kShortest || name.size() > kLongest) return Kin::none;
    const std::string letters = letters_of(name);
    if (letters == "contentlength") return Kin::length;
    return letters == "transferencoding" ? Kin::encoding : Kin::none;
}

/// A head as no parser should read it: any line is taken for what it most resembles.
class LenientHead {
public:
    explicit LenientHead(std::string_view bytes) {
        bytes = bytes.substr(0, bytes.find("\r\n\r\n"));
        start_line(bytes.substr(0, bytes.find("\r\n")));
        while (true) {
            const std::size_t end = bytes.find("\r\n");
            if (end == std::string_view::npos) break;
            bytes.remove_prefix(end + 2);
            field(bytes.substr(0, bytes.find("\r\n")));
        }
        framing();
    }

    Irregularity worst() const { return worst_; }

private:
    void found(Irregularity reason) { worst_ = std::max(worst_, reason); }

    void start_line(std::string_view line) {
        if (line.ends_with(' ')) {
            found(non_compliant_version);
            while (line.ends_with(' ')) line.remove_suffix(1);
        }
        const std::size_t first = std::min(line.find(' '), line.size());
        method_ = line.substr(0, first);
        if (!std::all_of(method_.begin(), method_.end(), is_token) ||
            method_.find('_') != std::string_view::npos) {
            found(bad_method);
        }
        std::size_t last = line.rfind(' ');
        if (last == std::string_view::npos || last <= first) last = line.size();
        const std::string_view uri = line.substr(std::min(first + 1, last), last - first - 1);
        version_ = last < line.size() ? line.substr(last + 1) : std::string_view();
        if (uri.find_first_of(kLineBreakers) != std::string_view::npos) {
            found(bad_uri);
        } else if (std::any_of(uri.begin(), uri.end(),
                               [](char c) { return c == '\t' || is_control(c); })) {
            found(ambiguous_uri);
        } else if (uri.find(" HTTP/") != std::string_view::npos) {
            found(bad_version);
        } else if (uri.find(' ') != std::string_view::npos) {
            found(uri.back() == ' ' ? non_compliant_version : space_in_uri);
        }
        if (version_.empty() || version_ == "HTTP/0.9") {
            found(non_compliant_version);
            old_ = true;
        } else if (version_ == "HTTP/1.0") {
            before_encodings_ = true;
        } else if (version_ != "HTTP/1.1") {
            found(version_.starts_with("HTTP/1.") ? non_compliant_version : bad_version);
        }
    }

    void field(std::string_view line) {
        if (line.find_first_of(kLineBreakers) != std::string_view::npos) return found(bad_header);
        const std::size_t colon = std::min(line.find(':'), line.size());
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = net::trimmed(line.substr(std::min(colon + 1, line.size())));
        if (net::trimmed(name).empty()) return found(empty_header);
        const net::FieldId id = net::field_id(name);
        const Kin kin = kin_of(name);
        if (id == net::FieldId::content_length) {
            has_length_ = true;
            length(value);
        } else if (id == net::FieldId::transfer_encoding) {
            has_encoding_ = true;
            encoding(value);
        } else if (kin != Kin::none) {
            found(suspicious_header);
            // With white space around it, it is the field itself to many.
            if (kin == Kin::length && net::field_id(net::trimmed(name)) != net::FieldId::other) {
                length(value);
            } else if (kin == Kin::encoding) {
                encoding(value);
            }
        } else if (!std::all_of(name.begin(), name.end(), is_token) ||
                   std::any_of(value.begin(), value.end(), is_control)) {
            found(non_compliant_header);
        }
    }

    void length(std::string_view value) {
        std::uint64_t number = 0;
        const char* const end = value.data() + value.size();
        const auto [at, error] = std::from_chars(value.data(), end, number);
        if (value.empty() || error != std::errc() || at != end) return found(bad_content_length);
        if (length_) found(*length_ == number ? duplicate_content_length : multiple_content_length);
        length_ = number;
    }

    void encoding(std::string_view value) {
        while (true) {
            const std::size_t comma = std::min(value.find(','), value.size());
            const std::string_view item = value.substr(0, comma);
            const std::string_view coding = net::trimmed(item.substr(0, item.find(';')));
            const auto is = [&](std::string_view known) {
                return net::same_ignoring_case(coding, known);
            };
            if (is("chunked")) {
                if (++chunked_ > 1) found(multiple_transfer_encoding_chunked);
            } else if (!is("gzip") && !is("deflate") && !is("compress") && !is("identity")) {
                found(bad_transfer_encoding);
            }
            if (comma == value.size()) return;
            value.remove_prefix(comma + 1);
        }
    }

    void framing() {
        const bool bodiless = method_ == "GET" || method_ == "HEAD";
        if (has_length_ && has_encoding_) found(both_te_cl_present);
        if (has_encoding_ && (bodiless || old_ || before_encodings_)) {
            found(undefined_transfer_encoding_semantics);
        }
        if (!has_length_ || !length_) return;
        if (bodiless && *length_ == 0) found(get_head_zero_content_length);
        if (old_ || (bodiless && *length_ > 0)) found(undefined_content_length_semantics);
    }

    std::string_view method_;
    std::string_view version_;
    std::optional<std::uint64_t> length_;
    int chunked_ = 0;
    bool has_length_ = false;
    bool has_encoding_ = false;
    bool old_ = false;
    bool before_encodings_ = false;
    Irregularity worst_ = none;
};

/// What a fault is where the bytes do not tell more.
Irregularity usual_reason(net::Fault fault) {
    using net::Fault;
    switch (fault) {
        case Fault::bad_method:
            return bad_method;
        case Fault::bad_target:
        case Fault::start_line_too_long:
            return bad_uri;
        case Fault::bad_version:
        case Fault::unsupported_version:
            return bad_version;
        case Fault::bad_content_length:
            return bad_content_length;
        case Fault::several_content_lengths:
            return multiple_content_length;
        case Fault::length_and_encoding:
            return both_te_cl_present;
        case Fault::bad_transfer_encoding:
        case Fault::unsupported_transfer_encoding:
            return bad_transfer_encoding;
        case Fault::encoding_in_http_1_0:
            return undefined_transfer_encoding_semantics;
        default:
            return bad_header;
    }
}

}  // namespace

Tier tier_of(Irregularity reason) {
    if (reason == none) return Tier::compliant;
    if (reason <= space_in_uri) return Tier::acceptable;
    return reason <= both_te_cl_present ? Tier::ambiguous : Tier::severe;
}

std::string_view name_of(Tier tier) {
    constexpr std::array<std::string_view, 4> kTiers{"Compliant", "Acceptable", "Ambiguous",
                                                     "Severe"};
    return kTiers[static_cast<std::size_t>(tier)];
}

std::string_view name_of(Irregularity reason) {
    return kNames[static_cast<std::size_t>(reason)];
}

Irregularity irregularity_of(const net::RequestHead& head) {
    Irregularity worst = none;
    if (head.method == net::Method::get || head.method == net::Method::head) {
        if (head.framing == net::Framing::chunked) {
            worst = undefined_transfer_encoding_semantics;
        } else if (head.fields.has(net::FieldId::content_length)) {
            worst = head.content_length > 0 ? undefined_content_length_semantics
                                            : get_head_zero_content_length;
        }
    }
    const char* const bytes = head.fields.bytes();
    for (const net::FieldSpan& span : head.fields.spans()) {
        if (span.id != net::FieldId::other) continue;
        // Their first letters, in either case; a token's marks before them are rare.
        const char first = static_cast<char>(bytes[span.name_at] | 0x20);
        if (first != 'c' && first != 't' && first >= 'a' && first <= 'z') continue;
        if (kin_of({bytes + span.name_at, span.name_bytes}) != Kin::none) {
            worst = std::max(worst, suspicious_header);
        }
    }
    return worst;
}

Irregularity irregularity_of(net::Fault fault, std::string_view bytes) {
    const Irregularity read = LenientHead(bytes).worst();
    return read == none ? usual_reason(fault) : read;
}

}  // namespace edge
