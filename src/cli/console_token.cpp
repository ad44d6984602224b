#include "cli/commands.h"
#include "cli/console_file.h"
#include "cli/site.h"
#include "cli/text.h"
#include "console/token.h"

#include "base/json.h"
#include "engine/person.h"

#include <fmt/format.h>

#include <chrono>

namespace cli {
namespace {

constexpr std::chrono::days kSpanMax{90};

base::Result<console::Tokens> tokens_of(const Session& session) {
    const auto site = find_site(session);
    if (!site) return base::fail(site);
    if (const auto made = make_console_folder(site->folder); !made) return base::fail(made);
    return console::Tokens(console_folder(site->folder) / "tokens.json");
}

base::Json json_of(const console::Token& token) {
    return {{"id", token.id},
            {"name", token.name},
            {"maker", token.maker},
            {"role", name_of(token.role)},
            {"made", base::to_text(token.made)},
            {"until", base::to_text(token.until)}};
}

}  // namespace

Ending console_token(Session& session, const TokenOptions& options) {
    auto tokens = tokens_of(session);
    if (!tokens) return refuse(tokens.error());
    const auto role = console::role_from(options.role);
    if (!role) return refuse(ExitCode::usage, role.error().diagnostic);
    if (options.span < std::chrono::seconds{1} || options.span > kSpanMax) {
        return refuse(ExitCode::usage, {.code = "CF0902",
                                        .what = "a token holds from 1s to 90d",
                                        .fix = "make another when it is over"});
    }
    const std::string name = options.name.empty() ? session.actor : options.name;
    const std::string maker = engine::person_of(session.actor).name;
    const auto made = tokens->make(*role, harmless(name), maker, options.span, session.clock.now());
    if (!made) return refuse(made.error());
    if (session.json()) {
        base::Json json = json_of(made->token);
        json["schema"] = "crossfade.token/1";
        json["secret"] = made->secret;
        session.terminal.print(base::canonical(json) + '\n');
        return ExitCode::done;
    }
    session.terminal.say(fmt::format("token {} of {}, role {}, until {} UTC; it is not shown again",
                                     made->token.id, made->token.name, name_of(*role),
                                     date_text(made->token.until)));
    session.terminal.print_line(made->secret);
    return ExitCode::done;
}

Ending console_tokens(Session& session) {
    const auto tokens = tokens_of(session);
    if (!tokens) return refuse(tokens.error());
    const auto list = tokens->list();
    if (!list) return refuse(list.error());
    if (session.json()) {
        base::Json all = base::Json::array();
        for (const console::Token& token : *list) all.push_back(json_of(token));
        session.terminal.print(
            base::canonical({{"schema", "crossfade.tokens/1"}, {"tokens", all}}) + '\n');
        return ExitCode::done;
    }
    if (list->empty()) {
        session.terminal.say("there is no token; `crossfade console token` makes one");
        return ExitCode::done;
    }
    Table table({"TOKEN", "ROLE", "OF", "MADE (UTC)", "BY", "HOLDS"});
    for (const console::Token& token : *list) {
        const bool is_over = token.until <= session.clock.now();
        table.row(
            {token.id, std::string(name_of(token.role)), harmless(token.name),
             date_text(token.made), harmless(token.maker),
             is_over ? "is over" : "ends " + relative_text(token.until, session.clock.now())});
    }
    session.terminal.print(table.text(session.terminal.out_paint(), session.terminal.columns()));
    return ExitCode::done;
}

Ending console_revoke(Session& session, const std::string& id) {
    auto tokens = tokens_of(session);
    if (!tokens) return refuse(tokens.error());
    const auto revoked = tokens->revoke(id);
    if (!revoked) return refuse(revoked.error());
    session.terminal.say(fmt::format("{} is taken back", id));
    return ExitCode::done;
}

}  // namespace cli
