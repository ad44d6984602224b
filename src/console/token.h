#pragma once
// Tokens: what lets a person act. A token is 256 random bits, shown once when it is made; stored is
// its SHA-256, so that whoever reads the state folder cannot use what he finds there.

#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace console {

/// `operate` may all that `view` may.
enum class Role { view, operate };

std::string_view name_of(Role role);
base::Result<Role> role_from(std::string_view name);

/// What is stored of a token.
struct Token {
    std::string id;     ///< `t3`: for lists and for whoever takes it back.
    std::string name;   ///< Whose it is, as its maker says.
    std::string maker;  ///< The user who made it and may have kept it; empty: not known.
    Role role = Role::view;
    base::Digest hash;
    base::Instant made;
    base::Instant until;

    friend bool operator==(const Token&, const Token&) = default;
};

/// The tokens of one application: a file that its owner alone can read, replaced whole. Two makers
/// at one time exclude each other by a lock; any process may look at any time.
class Tokens {
public:
    static constexpr std::size_t kTokensMax = 1000;

    explicit Tokens(std::filesystem::path file) : file_(std::move(file)) {}

    struct Made {
        Token token;
        std::string secret;  ///< `cfc_…`: given to its owner and kept nowhere.
    };
    /// Forgets those that are over on the way.
    base::Result<Made> make(Role role, const std::string& name, const std::string& maker,
                            std::chrono::seconds span, base::Instant now);
    /// `not_found` where no token has this id.
    base::Result<void> revoke(std::string_view id);
    /// All, those that are over included; empty where none was ever made.
    base::Result<std::vector<Token>> list() const;
    /// Whose secret this is, if it is not over. Takes the same time for every wrong one.
    base::Result<std::optional<Token>> find(std::string_view secret, base::Instant now) const;

private:
    base::Result<void> store(const std::vector<Token>& tokens) const;

    std::filesystem::path file_;
};

}  // namespace console
