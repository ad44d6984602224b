#include "edge/target/sticky.h"

#include "base/check.h"
#include "base/file.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstring>
#include <utility>

namespace edge {

namespace {

constexpr std::size_t kPlainBytes = 13;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kSealedBytes = kTagBytes + kPlainBytes;
constexpr std::size_t kTextBytes = (kSealedBytes * 4 + 2) / 3;
constexpr base::Bytes kKeyFileMax{4096};

using Plain = std::array<unsigned char, kPlainBytes>;
using Sealed = std::array<unsigned char, kSealedBytes>;

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int digit_of(char c) {
    const std::size_t at = kDigits.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

void append_text(std::string& out, const Sealed& sealed) {
    unsigned bits = 0;
    int held = 0;
    for (const unsigned char byte : sealed) {
        bits = bits << 8 | byte;
        held += 8;
        while (held >= 6) {
            held -= 6;
            out += kDigits[bits >> held & 63];
        }
    }
    if (held > 0) out += kDigits[bits << (6 - held) & 63];
}

bool read_text(std::string_view text, Sealed& into) {
    if (text.size() != kTextBytes) return false;
    unsigned bits = 0;
    int held = 0;
    std::size_t at = 0;
    for (const char c : text) {
        const int digit = digit_of(c);
        if (digit < 0) return false;
        bits = bits << 6 | static_cast<unsigned>(digit);
        held += 6;
        if (held < 8 || at == into.size()) continue;
        held -= 8;
        into[at++] = static_cast<unsigned char>(bits >> held & 255);
    }
    return at == into.size();
}

template <typename Number>
void put(unsigned char* at, Number number) {
    for (std::size_t i = 0; i < sizeof number; ++i) {
        at[i] = static_cast<unsigned char>(number >> (8 * i) & 255);
    }
}

template <typename Number>
Number taken(const unsigned char* at) {
    Number made = 0;
    for (std::size_t i = 0; i < sizeof made; ++i) made |= static_cast<Number>(at[i]) << (8 * i);
    return made;
}

struct Free {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Free>;

}  // namespace

struct Seal::Cipher {
    explicit Cipher(std::string secret)
        : key(std::move(secret)), kind(EVP_CIPHER_fetch(nullptr, "AES-256-SIV", nullptr)) {
        CHECK(kind != nullptr && key.size() == kKeyBytes);
    }
    ~Cipher() {
        EVP_CIPHER_free(kind);
        OPENSSL_cleanse(key.data(), key.size());
    }
    Cipher(const Cipher&) = delete;
    Cipher& operator=(const Cipher&) = delete;

    const unsigned char* bytes() const {
        return reinterpret_cast<const unsigned char*>(key.data());
    }

    std::string key;
    EVP_CIPHER* kind;
};

Seal::Seal(std::string key) : cipher_(std::make_unique<Cipher>(std::move(key))) {}

Seal::~Seal() = default;

void Seal::append(std::string& out, const Bond& bond) const {
    Plain plain;
    plain[0] = static_cast<unsigned char>(bond.kind);
    put(plain.data() + 1, bond.whom);
    put(plain.data() + 9, bond.until);
    Sealed sealed;
    const Context context(EVP_CIPHER_CTX_new());
    int bytes = 0;
    const bool done = EVP_EncryptInit_ex2(context.get(), cipher_->kind, cipher_->bytes(), nullptr,
                                          nullptr) == 1 &&
                      EVP_EncryptUpdate(context.get(), sealed.data() + kTagBytes, &bytes,
                                        plain.data(), static_cast<int>(plain.size())) == 1 &&
                      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG,
                                          static_cast<int>(kTagBytes), sealed.data()) == 1;
    CHECK(done);
    append_text(out, sealed);
}

std::optional<Bond> Seal::open(std::string_view text) const {
    Sealed sealed;
    if (!read_text(text, sealed)) return std::nullopt;
    Plain plain;
    const Context context(EVP_CIPHER_CTX_new());
    int bytes = 0;
    const bool genuine =
        EVP_DecryptInit_ex2(context.get(), cipher_->kind, cipher_->bytes(), nullptr, nullptr) ==
            1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagBytes),
                            sealed.data()) == 1 &&
        EVP_DecryptUpdate(context.get(), plain.data(), &bytes, sealed.data() + kTagBytes,
                          static_cast<int>(plain.size())) == 1;
    if (!genuine) return std::nullopt;
    return Bond{.kind = Bond::Kind(plain[0]),
                .whom = taken<std::uint64_t>(plain.data() + 1),
                .until = taken<std::uint32_t>(plain.data() + 9)};
}

base::Result<std::shared_ptr<const Seal>> Seal::kept_in(const std::filesystem::path& file) {
    if (!file.empty() && std::filesystem::exists(file)) {
        auto key = base::read_file(file, kKeyFileMax);
        if (!key) return base::fail(key);
        if (key->size() == kKeyBytes) return std::make_shared<const Seal>(std::move(*key));
    }
    // A file that is no key is replaced: cookies lose their hold once, nobody loses a request.
    std::string key(kKeyBytes, '\0');
    CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(kKeyBytes)) ==
          1);
    if (!file.empty()) {
        if (auto written = base::write_file(file, key); !written) return base::fail(written);
    }
    return std::make_shared<const Seal>(std::move(key));
}

std::uint64_t fingerprint_of(std::string_view group, std::string_view target) {
    // FNV-1a: the same in every process. Two names of one fingerprint would share bearers, no more.
    std::uint64_t hash = 14'695'981'039'346'656'037ULL;
    const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 1'099'511'628'211ULL; };
    for (const char c : group) mix(static_cast<unsigned char>(c));
    mix(0);
    for (const char c : target) mix(static_cast<unsigned char>(c));
    return hash == 0 ? 1 : hash;
}

}  // namespace edge
