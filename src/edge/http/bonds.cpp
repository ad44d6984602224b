#include "edge/http/bonds.h"

#include "edge/http/cookies.h"
#include "edge/target/cohort.h"
#include "net/http1_text.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace edge {

namespace {

using Kind = Stickiness::Kind;

constexpr std::chrono::seconds kLife{7 * 86'400};
constexpr std::chrono::seconds kUserLife{90 * 86'400};

/// The value of either name; browsers drop one or the other.
std::optional<std::string_view> either(const net::Fields& fields, std::string_view name,
                                       std::string_view cross_site) {
    if (const auto value = cookie_of(fields, name)) return value;
    return cookie_of(fields, cross_site);
}

std::uint64_t whom(const Snapshot& snapshot, std::optional<std::string_view> value, Bond::Kind kind,
                   std::uint32_t now) {
    if (!value) return 0;
    const auto bond = snapshot.seal->open(*value);
    return bond && bond->kind == kind && bond->until > now ? bond->whom : 0;
}

std::uint64_t target_of(const net::Fields& fields, const Snapshot& snapshot, std::uint32_t now) {
    std::uint64_t found =
        whom(snapshot, either(fields, "AWSALB", "AWSALBCORS"), Bond::Kind::target, now);
    for (const GroupTargets& group : snapshot.groups) {
        if (found != 0) return found;
        // Both are needed: without its own cookie the application knows nobody either.
        if (group.stickiness.kind != Kind::app_cookie) continue;
        if (!cookie_of(fields, group.stickiness.cookie)) continue;
        found = whom(snapshot, cookie_of(fields, "AWSALBAPP-0"), Bond::Kind::app, now);
    }
    return found;
}

/// Who has no name yet is given one; one that is older than half its life is given again.
void read_user(Brought& into, const net::Fields& fields, const Snapshot& snapshot,
               const Cohort& cohort, std::uint32_t now, base::Random& random) {
    if (cohort.key == Cohort::Key::header) {
        if (const auto value = fields.find(cohort.name)) {
            into.wish.bucket = bucket_of(cohort.salt, *value);
        }
        return;
    }
    const auto value = cookie_of(fields, cohort.name);
    const auto bond = value ? snapshot.seal->open(*value) : std::nullopt;
    const bool known = bond && bond->kind == Bond::Kind::user && bond->until > now;
    const std::uint64_t user = known ? bond->whom : random.next() | 1;
    if (!known || bond->until - now < kUserLife.count() / 2) into.user = user;
    into.wish.bucket = bucket_of(cohort.salt, fmt::format("{}", user));
}

struct Names {
    std::string_view plain;
    std::string_view cross_site;  ///< Empty: none.
};

void put_user(Text& out, const Snapshot& snapshot, const Cohort& cohort, const Given& given) {
    std::string value;
    snapshot.seal->append(
        value, {.kind = Bond::Kind::user,
                .whom = given.user,
                .until = given.epoch_seconds + static_cast<std::uint32_t>(kUserLife.count())});
    out.put(fmt::format("Set-Cookie: {}={}; Max-Age={}; Path=/; HttpOnly; SameSite=Lax\r\n",
                        cohort.name, value, kUserLife.count()));
}

void put_cookie(Text& out, const Snapshot& snapshot, const Names& names, const Bond& bond,
                std::string_view expires) {
    std::string value;
    snapshot.seal->append(value, bond);
    const auto put = [&](std::string_view name, std::string_view more) {
        for (const std::string_view piece :
             {std::string_view("Set-Cookie: "), name, std::string_view("="),
              std::string_view(value), std::string_view("; Expires="), expires,
              std::string_view("; Path=/"), more}) {
            out.put(piece);
        }
        out.put("\r\n");
    };
    put(names.plain, "");
    if (!names.cross_site.empty()) put(names.cross_site, "; SameSite=None; Secure");
}

bool sets(const net::ResponseHead& head, std::string_view cookie) {
    for (const net::Field& field : head.fields) {
        if (field.id == net::FieldId::set_cookie && field.value.size() > cookie.size() &&
            field.value.starts_with(cookie) && field.value[cookie.size()] == '=') {
            return true;
        }
    }
    return false;
}

}  // namespace

Brought brought_by(const net::Fields& fields, const Snapshot& snapshot, std::size_t rule,
                   std::uint32_t epoch_seconds, base::Random& random) {
    Brought made;
    const auto* forward = std::get_if<Forward>(&snapshot.config.rules[rule].action);
    if (forward != nullptr && forward->cohort.key != Cohort::Key::none) {
        read_user(made, fields, snapshot, forward->cohort, epoch_seconds, random);
    }
    if (!fields.has(net::FieldId::cookie)) return made;
    if (forward != nullptr && forward->stickiness.count() > 0) {
        const auto value = either(fields, "AWSALBTG", "AWSALBTGCORS");
        made.wish.group = whom(snapshot, value, Bond::Kind::group, epoch_seconds);
        made.invalid = value && made.wish.group == 0 && !snapshot.seal->open(*value);
    }
    made.wish.target = target_of(fields, snapshot, epoch_seconds);
    return made;
}

void put_bonds(Text& out, const Snapshot& snapshot, const Given& given,
               const net::ResponseHead& head) {
    const base::Instant now{std::chrono::seconds{given.epoch_seconds}};
    const std::string expires = net::http_date(now + kLife);
    const auto until = [&](std::chrono::seconds duration) {
        return given.epoch_seconds + static_cast<std::uint32_t>(duration.count());
    };
    const auto* forward = std::get_if<Forward>(&snapshot.config.rules[given.rule].action);
    if (forward != nullptr && given.user != 0 && forward->cohort.key == Cohort::Key::cookie) {
        put_user(out, snapshot, forward->cohort, given);
    }
    if (forward != nullptr && forward->stickiness.count() > 0) {
        put_cookie(out, snapshot, {"AWSALBTG", "AWSALBTGCORS"},
                   {.kind = Bond::Kind::group,
                    .whom = fingerprint_of(given.group),
                    .until = until(forward->stickiness)},
                   expires);
    }
    for (const GroupTargets& group : snapshot.groups) {
        if (group.name != given.group) continue;
        const Stickiness& sticky = group.stickiness;
        if (sticky.kind == Kind::edge_cookie) {
            put_cookie(
                out, snapshot, {"AWSALB", "AWSALBCORS"},
                {.kind = Bond::Kind::target, .whom = given.target, .until = until(sticky.duration)},
                expires);
        } else if (sticky.kind == Kind::app_cookie && sets(head, sticky.cookie)) {
            put_cookie(
                out, snapshot, {"AWSALBAPP-0", {}},
                {.kind = Bond::Kind::app, .whom = given.target, .until = until(sticky.duration)},
                expires);
        }
    }
}

}  // namespace edge
