#pragma once
// Fields as HTTP/2 says them, for both sides of a connection.

#include "net/fields.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace net::http2 {

inline std::string_view view(const std::uint8_t* bytes, std::size_t size) {
    return {static_cast<const char*>(static_cast<const void*>(bytes)), size};
}

inline const std::uint8_t* bytes_of(std::string_view text) {
    return static_cast<const std::uint8_t*>(static_cast<const void*>(text.data()));
}

/// Fields of a head or trailers as nghttp2 wants them; it copies. What is added must last until
/// then.
class FieldBlock {
public:
    void add(std::string_view name, std::string_view value) {
        fields_.push_back({const_cast<std::uint8_t*>(bytes_of(name)),
                           const_cast<std::uint8_t*>(bytes_of(value)), name.size(), value.size(),
                           NGHTTP2_NV_FLAG_NONE});
    }
    const nghttp2_nv* front() const { return fields_.data(); }
    std::size_t size() const { return fields_.size(); }

private:
    std::vector<nghttp2_nv> fields_;
};

/// What names the connection, and so has no place in HTTP/2 (RFC 9113 §8.2.2).
inline bool names_connection(std::string_view lower_case_name) {
    return lower_case_name == "connection" || lower_case_name == "keep-alive" ||
           lower_case_name == "proxy-connection" || lower_case_name == "transfer-encoding" ||
           lower_case_name == "upgrade";
}

inline std::string lower_case(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return made;
}

}  // namespace net::http2
