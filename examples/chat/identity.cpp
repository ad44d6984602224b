#include "chat/identity.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <charconv>

#include "base/check.h"
#include "base/digest.h"

namespace chat {
namespace {

constexpr std::string_view kAlphabet = "ybndrfg8ejkmcpqxot1uwisza345h769";
constexpr std::size_t kIdLength = 26;
constexpr int kIterations = 4'000;

std::string key_of(std::string_view password, std::string_view salt, int iterations) {
    std::array<unsigned char, 32> key{};
    CHECK(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                            reinterpret_cast<const unsigned char*>(salt.data()),
                            static_cast<int>(salt.size()), iterations, EVP_sha256(),
                            static_cast<int>(key.size()), key.data()) == 1);
    std::string text;
    for (const unsigned char byte : key) {
        text += kAlphabet[byte >> 4];
        text += kAlphabet[byte & 15];
    }
    return text;
}

}  // namespace

std::string fresh_id() {
    std::array<unsigned char, kIdLength> bytes{};
    CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
    std::string id;
    id.reserve(kIdLength);
    for (const unsigned char byte : bytes) id += kAlphabet[byte & 31];
    return id;
}

bool is_id(std::string_view text) {
    return text.size() == kIdLength &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == text.npos;
}

std::string digest_of_token(std::string_view token) {
    return base::sha256(token).hex();
}

std::string hash_of_password(std::string_view password) {
    const std::string salt = fresh_id();
    return "pbkdf2$" + std::to_string(kIterations) + "$" + salt + "$" +
           key_of(password, salt, kIterations);
}

bool password_matches(std::string_view password, std::string_view hash) {
    const std::size_t first = hash.find('$');
    const std::size_t second = first == hash.npos ? first : hash.find('$', first + 1);
    const std::size_t third = second == hash.npos ? second : hash.find('$', second + 1);
    if (third == hash.npos) return false;
    int iterations = 0;
    std::from_chars(hash.data() + first + 1, hash.data() + second, iterations);
    if (iterations <= 0) return false;
    const std::string key =
        key_of(password, hash.substr(second + 1, third - second - 1), iterations);
    const std::string_view wanted = hash.substr(third + 1);
    return key.size() == wanted.size() && CRYPTO_memcmp(key.data(), wanted.data(), key.size()) == 0;
}

}  // namespace chat
