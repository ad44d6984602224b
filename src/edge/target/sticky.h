#pragma once
// Who was given a group or a target keeps it: ALB's stickiness, in sealed cookies.
//
//   AWSALBTG      which group; weights are for those who bring none
//   AWSALB        which target (`lb_cookie`)
//   AWSALBAPP-0   which target, while the application's own cookie comes along (`app_cookie`)
//
// A cookie is a wish. A group without weight, and a target that may not be given requests, does
// not get who asks for it: another is chosen and the cookie written anew. So weight 0 and drains
// empty a pool whatever cookies say (P3).

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace edge {

/// What one cookie says.
struct Bond {
    enum class Kind : std::uint8_t { group = 1, target, app, user };
    Kind kind = Kind::group;
    std::uint64_t whom = 0;   ///< See `fingerprint_of`.
    std::uint32_t until = 0;  ///< Seconds since 1970: the configured duration's end.

    friend bool operator==(const Bond&, const Bond&) = default;
};

/// Stands for a group, or a target of it, in every edge process. Never 0.
std::uint64_t fingerprint_of(std::string_view group, std::string_view target = {});

/// Encrypts and authenticates bonds with one key (AES-256-SIV, RFC 5297: no nonce that could be
/// used twice). Safe from any thread.
class Seal {
public:
    static constexpr std::size_t kKeyBytes = 64;

    /// `key` is kKeyBytes long.
    explicit Seal(std::string key);
    ~Seal();
    Seal(const Seal&) = delete;
    Seal& operator=(const Seal&) = delete;

    /// The key in `file`, which is made where there is none: so restarts and takeovers open what
    /// was sealed before. An empty path: a key of this process alone.
    static base::Result<std::shared_ptr<const Seal>> kept_in(const std::filesystem::path& file);

    /// Appends the sealed text: letters, digits, `-` and `_`.
    void append(std::string& out, const Bond& bond) const;
    /// Nothing where it was not sealed with this key.
    std::optional<Bond> open(std::string_view text) const;

private:
    struct Cipher;
    std::unique_ptr<Cipher> cipher_;
};

/// Whom a request wishes for; fingerprints, 0 for nobody.
struct Wish {
    std::uint64_t group = 0;
    std::uint64_t target = 0;
    std::optional<std::uint32_t> bucket = {};  ///< Its user's, where users are divided.
};

}  // namespace edge
