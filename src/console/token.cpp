#include "console/token.h"

#include "base/base64.h"
#include "base/file.h"
#include "base/json.h"
#include "net/url.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

namespace console {
namespace {

constexpr std::string_view kPrefix = "cfc_";
constexpr std::size_t kSecretBytes = 32;
constexpr base::Bytes kFileMax{4 * 1024 * 1024};

base::Result<std::string> new_secret() {
    std::array<char, kSecretBytes> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        return base::fail(base::Failure::unavailable,
                          {.code = "CF0904", .what = "the kernel gives no random bytes"});
    }
    std::string text = base::base64({bytes.data(), bytes.size()});
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    while (text.ends_with('=')) text.pop_back();
    return std::string(kPrefix) + text;
}

std::uint64_t number_of(const Token& token) {
    std::uint64_t number = 0;
    if (token.id.size() > 1)
        std::from_chars(token.id.data() + 1, token.id.data() + token.id.size(), number);
    return number;
}

base::Json json_of(const Token& token) {
    return {{"id", token.id},
            {"name", token.name},
            {"maker", token.maker},
            {"role", name_of(token.role)},
            {"sha256", token.hash.hex()},
            {"made", base::to_text(token.made)},
            {"until", base::to_text(token.until)}};
}

base::Result<Token> token_from(const base::Json& json) {
    const auto id = base::member<std::string>(json, "id");
    const auto name = base::member<std::string>(json, "name");
    const auto role = base::member<std::string>(json, "role");
    const auto hash = base::member<std::string>(json, "sha256");
    const auto made = base::member<std::string>(json, "made");
    const auto until = base::member<std::string>(json, "until");
    for (const auto* each : {&id, &name, &role, &hash, &made, &until}) {
        if (!*each) return base::fail(*each);
    }
    const auto known = role_from(*role);
    const auto digest = base::digest_from(*hash);
    const auto from = base::instant_from(*made);
    const auto to = base::instant_from(*until);
    if (!known) return base::fail(known);
    if (!digest) return base::fail(digest);
    if (!from) return base::fail(from);
    if (!to) return base::fail(to);
    return Token{.id = *id,
                 .name = *name,
                 .maker = base::member_or<std::string>(json, "maker", "").value_or(""),
                 .role = *known,
                 .hash = *digest,
                 .made = *from,
                 .until = *to};
}

// Without a branch on what is compared.
bool same(const base::Digest& left, const base::Digest& right) {
    unsigned differs = 0;
    for (std::size_t i = 0; i < left.bytes.size(); ++i)
        differs |= static_cast<unsigned>(left.bytes[i] ^ right.bytes[i]);
    return differs == 0;
}

// Held while the file is read, changed and replaced.
base::Result<base::Fd> lock_of(const std::filesystem::path& file) {
    const std::filesystem::path path = file.string() + ".lock";
    base::Fd lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock || flock(lock.number(), LOCK_EX) != 0)
        return base::fail(base::system_error("cannot lock", path, errno));
    return lock;
}

}  // namespace

std::string_view name_of(Role role) {
    return role == Role::operate ? "operate" : "view";
}

base::Result<Role> role_from(std::string_view name) {
    if (name == "view") return Role::view;
    if (name == "operate") return Role::operate;
    return base::fail(base::Failure::rejected,
                      {.code = "CF0905", .what = "a role is `view` or `operate`"});
}

base::Result<Tokens::Made> Tokens::make(Role role, const std::string& name,
                                        const std::string& maker, std::chrono::seconds span,
                                        base::Instant now) {
    const auto lock = lock_of(file_);
    if (!lock) return base::fail(lock);
    auto tokens = list();
    if (!tokens) return base::fail(tokens);
    std::uint64_t last = 0;
    for (const Token& token : *tokens) last = std::max(last, number_of(token));
    std::erase_if(*tokens, [now](const Token& token) { return token.until <= now; });
    if (tokens->size() >= kTokensMax) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0906",
                           .what = fmt::format("there are {} tokens already", kTokensMax),
                           .fix = "take some back: `crossfade console revoke ID`"});
    }
    auto secret = new_secret();
    if (!secret) return base::fail(secret);
    const Token token{.id = fmt::format("t{}", last + 1),
                      .name = name,
                      .maker = maker,
                      .role = role,
                      .hash = base::sha256(*secret),
                      .made = now,
                      .until = now + span};
    tokens->push_back(token);
    if (const auto stored = store(*tokens); !stored) return base::fail(stored);
    return Made{token, std::move(*secret)};
}

base::Result<void> Tokens::revoke(std::string_view id) {
    const auto lock = lock_of(file_);
    if (!lock) return base::fail(lock);
    auto tokens = list();
    if (!tokens) return base::fail(tokens);
    if (std::erase_if(*tokens, [id](const Token& token) { return token.id == id; }) == 0) {
        return base::fail(base::Failure::not_found,
                          {.code = "CF0907",
                           .what = fmt::format("there is no token {}", id.substr(0, 64)),
                           .fix = "`crossfade console tokens` lists them"});
    }
    return store(*tokens);
}

base::Result<std::vector<Token>> Tokens::list() const {
    const auto text = base::read_file(file_, kFileMax);
    if (!text && text.error().failure == base::Failure::not_found) return std::vector<Token>{};
    if (!text) return base::fail(text);
    const auto json = base::json_from(*text);
    const bool is_list =
        json && json->is_object() && json->contains("tokens") && json->at("tokens").is_array();
    if (!is_list) {
        return base::fail(base::Failure::rejected,
                          {.code = "CF0908",
                           .what = fmt::format("{} cannot be read", file_.native()),
                           .fix = "remove it, and make new tokens"});
    }
    std::vector<Token> tokens;
    for (const base::Json& each : json->at("tokens")) {
        auto token = token_from(each);
        if (!token) return base::fail(token);
        tokens.push_back(std::move(*token));
    }
    return tokens;
}

base::Result<std::optional<Token>> Tokens::find(std::string_view secret, base::Instant now) const {
    const auto tokens = list();
    if (!tokens) return base::fail(tokens);
    const base::Digest hash = base::sha256(secret);
    std::optional<Token> found;
    for (const Token& token : *tokens) {
        if (same(token.hash, hash) && now < token.until) found = token;
    }
    return found;
}

base::Result<void> Tokens::store(const std::vector<Token>& tokens) const {
    base::Json list = base::Json::array();
    for (const Token& token : tokens) list.push_back(json_of(token));
    return base::write_file(
        file_, base::canonical({{"schema", "crossfade.tokens/1"}, {"tokens", list}}) + '\n');
}

}  // namespace console
