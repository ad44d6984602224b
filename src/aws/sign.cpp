#include "aws/sign.h"

#include "aws/request.h"
#include "aws/scalar.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/percent.h"
#include "base/secret.h"

#include <fmt/core.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

// Proxies and load balancers on the way may add to these or take from them.
constexpr std::array<std::string_view, 8> kUnsignedHeaders = {
    "authorization", "connection",        "expect",  "te",
    "trailer",       "transfer-encoding", "upgrade", "user-agent"};
constexpr std::size_t kDigestBytes = 32;  // of SHA-256
constexpr std::string_view kTraceHeader = "x-amzn-trace-id";

std::string hmac(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    const auto* const out =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(), &size);
    CHECK(out != nullptr);
    return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::string hex_of(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return out;
}

// `20150830T123600Z`; its first eight digits are the day.
std::string moment_text(base::Instant at) {
    std::string text = base::to_text(at).substr(0, 19) + "Z";
    std::erase(text, '-');
    std::erase(text, ':');
    return text;
}

std::string scope_text(const Scope& scope, std::string_view moment) {
    return fmt::format("{}/{}/{}/aws4_request", moment.substr(0, 8), scope.region, scope.service);
}

base::Secret key_of(const Signer& signer, std::string_view moment) {
    const base::Secret first("AWS4" + signer.keys.secret.reveal());
    const base::Secret day(hmac(first.reveal(), moment.substr(0, 8)));
    const base::Secret region(hmac(day.reveal(), signer.scope.region));
    const base::Secret service(hmac(region.reveal(), signer.scope.service));
    return base::Secret(hmac(service.reveal(), "aws4_request"));
}

std::string without_dots(std::string_view path) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view part = path.substr(begin, end - begin);
        if (part == "..") {
            if (!parts.empty()) parts.pop_back();
        } else if (!part.empty() && part != ".") {
            parts.push_back(part);
        }
        begin = end + 1;
    }
    std::string out;
    for (const std::string_view part : parts) out.append("/").append(part);
    if (out.empty() || path.ends_with('/') || path.ends_with("/.") || path.ends_with("/.."))
        out += '/';
    return out;
}

std::string canonical_path(const std::string& path, PathStyle style) {
    switch (style) {
        case PathStyle::normalised:
            return base::percent_encoded(without_dots(path), "/");
        case PathStyle::encoded:
            return base::percent_encoded(path, "/");
        case PathStyle::as_sent:
            break;
    }
    return path.empty() ? "/" : path;
}

std::string canonical_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> sorted;
    std::size_t begin = 0;
    while (begin < query.size()) {
        const std::size_t end = std::min(query.find('&', begin), query.size());
        const std::string_view part = query.substr(begin, end - begin);
        begin = end + 1;
        if (part.empty()) continue;
        const std::size_t equals = std::min(part.find('='), part.size());
        const auto again = [](std::string_view text) {
            return base::percent_encoded(base::percent_decoded(text).value_or(std::string(text)));
        };
        sorted.emplace_back(again(part.substr(0, equals)),
                            equals == part.size() ? "" : again(part.substr(equals + 1)));
    }
    std::sort(sorted.begin(), sorted.end());
    std::string out;
    for (const auto& [name, value] : sorted) {
        if (!out.empty()) out += '&';
        out += name;
        out += '=';
        out += value;
    }
    return out;
}

// Trimmed, each run of white space one space.
std::string collapsed(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        const bool space = letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
        if (!space)
            out += letter;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

struct Headers {
    std::string lines;
    std::string names;
};

Headers canonical_headers(const Request& request, std::string_view unsigned_too) {
    std::map<std::string, std::string> sorted;
    sorted["host"] = collapsed(request.host);
    for (const Field& field : request.headers) {
        std::string name = field.name;
        for (char& letter : name)
            if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
        if (name == kTraceHeader || name == unsigned_too ||
            std::find(kUnsignedHeaders.begin(), kUnsignedHeaders.end(), name) !=
                kUnsignedHeaders.end())
            continue;
        const auto [place, is_new] = sorted.try_emplace(name, collapsed(field.value));
        if (!is_new) place->second += "," + collapsed(field.value);
    }
    Headers out;
    for (const auto& [name, value] : sorted) {
        out.lines += fmt::format("{}:{}\n", name, value);
        if (!out.names.empty()) out.names += ';';
        out.names += name;
    }
    return out;
}

Signature signature_of(const Request& request, const Signer& signer, std::string_view moment,
                       const Headers& headers, const Payload& payload) {
    Signature signature;
    signature.canonical = fmt::format(
        "{}\n{}\n{}\n{}\n{}\n{}", request.method, canonical_path(request.path, signer.path),
        canonical_query(request.query), headers.lines, headers.names, payload.hash);
    signature.to_sign =
        fmt::format("{}\n{}\n{}\n{}", kAlgorithm, moment, scope_text(signer.scope, moment),
                    base::sha256(signature.canonical).hex());
    signature.hex = hex_of(hmac(key_of(signer, moment).reveal(), signature.to_sign));
    return signature;
}

void add_parameter(std::string& query, std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    query.append(name).append("=").append(base::percent_encoded(value));
}

}  // namespace

Payload payload_of(std::string_view body) {
    return {.hash = base::sha256(body).hex(), .shown = false};
}

Payload payload_for_s3(std::string_view body) {
    return {.hash = base::sha256(body).hex(), .shown = true};
}

Payload payload_for_s3(const Request& request) {
    if (const std::string* const checksum = find_header(request.headers, "x-amz-checksum-sha256"))
        if (const auto digest = bytes_of(*checksum); digest && digest->size() == kDigestBytes)
            return {.hash = hex_of(*digest), .shown = true};
    return payload_for_s3(request.body);
}

Payload unsigned_payload() {
    return {.hash = "UNSIGNED-PAYLOAD", .shown = true};
}

Payload streamed_payload() {
    return {.hash = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", .shown = true};
}

Signature sign_headers(Request& request, const Signer& signer, base::Instant at,
                       const Payload& payload) {
    const std::string moment = moment_text(at);
    const bool has_token = !signer.keys.session.empty();
    request.headers.push_back({"X-Amz-Date", moment});
    if (has_token)
        request.headers.push_back({"X-Amz-Security-Token", signer.keys.session.reveal()});
    if (payload.shown) request.headers.push_back({"X-Amz-Content-Sha256", payload.hash});
    const bool beside = signer.token == TokenPlace::beside;
    const Headers headers = canonical_headers(request, beside ? "x-amz-security-token" : "");
    Signature signature = signature_of(request, signer, moment, headers, payload);
    request.headers.push_back(
        {"Authorization", fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}",
                                      kAlgorithm, signer.keys.id, scope_text(signer.scope, moment),
                                      headers.names, signature.hex)});
    return signature;
}

Signature sign_query(Request& request, const Signer& signer, base::Instant at,
                     const Payload& payload, std::chrono::seconds life) {
    const std::string moment = moment_text(at);
    const Headers headers = canonical_headers(request, "");
    const std::string& token = signer.keys.session.reveal();
    const bool beside = signer.token == TokenPlace::beside;
    add_parameter(request.query, "X-Amz-Algorithm", kAlgorithm);
    add_parameter(request.query, "X-Amz-Credential",
                  signer.keys.id + "/" + scope_text(signer.scope, moment));
    add_parameter(request.query, "X-Amz-Date", moment);
    add_parameter(request.query, "X-Amz-SignedHeaders", headers.names);
    add_parameter(request.query, "X-Amz-Expires", std::to_string(life.count()));
    if (!token.empty() && !beside) add_parameter(request.query, "X-Amz-Security-Token", token);
    Signature signature = signature_of(request, signer, moment, headers, payload);
    if (!token.empty() && beside) add_parameter(request.query, "X-Amz-Security-Token", token);
    add_parameter(request.query, "X-Amz-Signature", signature.hex);
    return signature;
}

ChunkSigner::ChunkSigner(const Signer& signer, base::Instant at, std::string head)
    : last_(std::move(head)) {
    const std::string moment = moment_text(at);
    key_ = key_of(signer, moment);
    lines_ =
        fmt::format("{}-PAYLOAD\n{}\n{}\n", kAlgorithm, moment, scope_text(signer.scope, moment));
}

std::string ChunkSigner::frame(std::string_view chunk) {
    const std::string to_sign = fmt::format("{}{}\n{}\n{}", lines_, last_, base::sha256("").hex(),
                                            base::sha256(chunk).hex());
    last_ = hex_of(hmac(key_.reveal(), to_sign));
    return fmt::format("{:x};chunk-signature={}\r\n{}\r\n", chunk.size(), last_, chunk);
}

}  // namespace aws
