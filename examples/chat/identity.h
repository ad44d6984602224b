#pragma once
// Ids, tokens and passwords.

#include <string>
#include <string_view>

namespace chat {

/// 26 characters of `[a-z0-9]`, 130 random bits: ids, tokens, connection ids.
std::string fresh_id();
bool is_id(std::string_view text);

/// What is stored of a session's token, so that reading the database opens no session.
std::string digest_of_token(std::string_view token);

/// Salted PBKDF2-SHA256 as `pbkdf2$iterations$salt$key`. Few iterations: this is an example that
/// hundreds of users log in to at once on two cores.
std::string hash_of_password(std::string_view password);
bool password_matches(std::string_view password, std::string_view hash);

}  // namespace chat
