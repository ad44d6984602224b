#include "release/policy.h"
#include "release/spec_form.h"

#include "base/diagnostic.h"
#include "base/form.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace release {
namespace {

using base::Fields;
using base::Form;

// To the minute: `2026-12-20T18:00Z`.
Form<base::Instant> minute_of_a_day() {
    return base::parsed<base::Instant>(
        {.kind = base::Shape::Kind::text,
         .words = "a minute in UTC, like 2026-12-20T18:00Z",
         .pattern =
             "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]Z$"},
        [](std::string_view text) -> tl::expected<base::Instant, base::Diagnostic> {
            const bool shaped = text.size() == 17 && text.ends_with('Z');
            auto instant = base::instant_from(
                shaped ? std::string(text.substr(0, 16)) + ":00.000000Z" : std::string(text));
            if (instant && shaped) return *instant;
            return tl::unexpected(base::Diagnostic{.code = "CF0001",
                                                   .what = "this is no minute of a day",
                                                   .fix = "write it like 2026-12-20T18:00Z"});
        },
        [](const base::Instant& instant) { return base::to_text(instant).substr(0, 16) + "Z"; });
}

void check_freeze(const Freeze& freeze, const base::Node& node, base::Findings& findings) {
    if (freeze.from < freeze.until) return;
    findings.add(node.nearest("until").spot, {.code = "CF0135",
                                              .what = "a freeze ends before it begins",
                                              .fix = "let `until` be later than `from`"});
}

}  // namespace

Form<Freeze> freeze_form() {
    return Fields<Freeze>("a group of fields")
        .required("from", &Freeze::from, minute_of_a_day(), "When it begins.", "2026-12-20T18:00Z")
        .required("until", &Freeze::until, minute_of_a_day(), "When it is over.",
                  "2027-01-04T06:00Z")
        .required("why", &Freeze::why, base::line(), "Told to who wants to release.", "holidays")
        .check(check_freeze)
        .form();
}

Form<Notice> notice_form() {
    return Fields<Notice>("a group of fields")
        .optional("kind", &Notice::kind,
                  base::choice<Notice::Kind>(
                      {{"mattermost", Notice::Kind::mattermost, "an incoming webhook"},
                       {"slack", Notice::Kind::slack, "an incoming webhook"},
                       {"webhook", Notice::Kind::webhook,
                        "JSON (`crossfade.notice/1`), signed with the key by HMAC-SHA256"}}),
                  "What is at the other end.")
        .required("url", &Notice::url, secret_form(), "Where to; who knows it can write there.",
                  "{from_file: secrets/hook.url}")
        .maybe("key", &Notice::key, secret_form(), "Of the signature of a `webhook`.",
               "{from_env: HOOK_KEY}")
        .form();
}

const Freeze* freeze_at(const std::vector<Freeze>& freezes, base::Instant now) {
    const auto found = std::find_if(freezes.begin(), freezes.end(), [&](const Freeze& each) {
        return each.from <= now && now < each.until;
    });
    return found == freezes.end() ? nullptr : &*found;
}

}  // namespace release
