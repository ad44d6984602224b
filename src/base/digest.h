#pragma once
// SHA-256 (FIPS 180-4) of bytes, files and folders.

#include "base/result.h"

#include <array>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace base {

struct Digest {
    std::array<std::uint8_t, 32> bytes{};

    /// 64 lower-case hexadecimal digits.
    std::string hex() const;
    /// The first 12 digits, for people.
    std::string brief() const { return hex().substr(0, 12); }

    friend auto operator<=>(const Digest&, const Digest&) = default;
};

Digest sha256(std::string_view bytes);
Result<Digest> digest_from(std::string_view hex);

/// The digest of a stream, in constant memory.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(std::string_view bytes);
    /// May be called once.
    Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Of a file: its bytes. Of a folder: names, executable bits and contents of all files below it
/// in byte order of their paths, so that the same tree has the same digest on every machine.
/// Rejects what is neither (sockets, devices); symbolic links count by their text.
Result<Digest> digest_of(const std::filesystem::path& path);

}  // namespace base
