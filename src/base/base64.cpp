#include "base/base64.h"

#include <openssl/evp.h>

#include <cstddef>

namespace base {

std::string base64(std::string_view bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a NUL
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

std::optional<std::string> base64_decoded(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const std::size_t last = text.find_last_not_of('=');
    const std::size_t padding = last == std::string_view::npos ? 0 : text.size() - last - 1;
    const std::string_view digits = text.substr(0, text.size() - padding);
    const bool well_formed =
        padding <= 2 && (text.empty() || last != std::string_view::npos) &&
        digits.find_first_not_of(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") ==
            std::string_view::npos;
    if (!well_formed) return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                       reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    out.resize(static_cast<std::size_t>(length) - padding);
    // Bits that the padding hides must be zero, so that each value has one spelling.
    if (base64(out) != text) return std::nullopt;
    return out;
}

}  // namespace base
