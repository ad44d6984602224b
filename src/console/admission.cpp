#include "console/admission.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace console {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool is_ours(const Door& door, std::string_view host) {
    return std::find(door.hosts.begin(), door.hosts.end(), lower(host)) != door.hosts.end();
}

}  // namespace

std::string_view name_of(View view) {
    return view == View::anyone ? "anyone" : "token";
}

Door door_of(std::uint16_t port, const std::vector<std::string>& hosts, View view) {
    Door door{.hosts = {fmt::format("127.0.0.1:{}", port), fmt::format("localhost:{}", port),
                        fmt::format("[::1]:{}", port)},
              .view = view};
    for (const std::string& host : hosts) door.hosts.push_back(lower(host));
    return door;
}

std::string_view bearer_of(const net::FieldList& fields) {
    constexpr std::string_view kScheme = "Bearer ";
    const std::string_view value = fields.find("Authorization").value_or(std::string_view{});
    if (value.size() <= kScheme.size() ||
        !net::same_ignoring_case(value.substr(0, kScheme.size()), kScheme))
        return {};
    return net::trimmed(value.substr(kScheme.size()));
}

std::optional<Turned> check_host(const Door& door, const net::FieldList& fields) {
    if (is_ours(door, fields.find("Host").value_or(std::string_view{}))) return std::nullopt;
    return Turned{421, "CF0910",
                  "this console is not known by that name; `up --console-host` adds one"};
}

std::optional<Turned> check_source(const Door& door, const net::FieldList& fields) {
    if (!fields.has(kActField))
        return Turned{403, "CF0911", fmt::format("the field {} is missing", kActField)};
    const auto site = fields.find("Sec-Fetch-Site");
    if (site && *site != "same-origin" && *site != "none")
        return Turned{403, "CF0912", "the request comes from a page of another site"};
    const auto origin = fields.find("Origin");
    if (!origin) return std::nullopt;  // no browser
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin->starts_with(scheme) && is_ours(door, origin->substr(scheme.size())))
            return std::nullopt;
    }
    return Turned{403, "CF0912", "the request comes from a page of another site"};
}

std::optional<Turned> check_view(const Door& door, const Caller& caller, bool has_bearer) {
    if (caller.token) return std::nullopt;
    if (has_bearer) return Turned{401, "CF0913", "the token is wrong, was taken back, or is over"};
    if (door.view == View::anyone) return std::nullopt;
    return Turned{401, "CF0914", "looking needs a token here: `crossfade console token`"};
}

std::optional<Turned> check_operate(const Caller& caller, bool has_bearer) {
    if (caller.may_operate()) return std::nullopt;
    if (caller.token) return Turned{403, "CF0915", "the token's role is view: it may only look"};
    if (has_bearer) return Turned{401, "CF0913", "the token is wrong, was taken back, or is over"};
    return Turned{401, "CF0916",
                  "acting needs a token: `crossfade console token --role operate --for 8h`"};
}

}  // namespace console
