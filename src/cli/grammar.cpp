#include "cli/grammar.h"

#include "cli/commands.h"
#include "cli/grammar_parts.h"
#include "cli/grammar_texts.h"
#include "cli/hold.h"
#include "cli/text.h"

#include "base/duration.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <utility>

namespace cli {
namespace {

void add_globals(Reading& reading) {
    CLI::App& app = reading.app;
    Wanted& wanted = reading.wanted;
    app.add_option_function<std::string>(
           "-o,--output",
           [&wanted](const std::string& word) {
               wanted.output = word == "json" ? Output::json : Output::text;
           },
           "Text for people or JSON with a versioned schema")
        ->type_name("text|json")
        ->check(one_of({"text", "json"}));
    value_of(&app, "--spec", wanted.spec, "FILE",
             "The spec; without it crossfade.yaml here or in a folder above");
    value_of(&app, "--state", wanted.state, "DIR",
             "The state folder; without it $CROSSFADE_STATE or .crossfade beside the spec");
    value_of(&app, "--token", wanted.token, "FILE",
             "Acts as who holds the console's token in this file, not as this user");
    value_of(&app, "--diagnostics", wanted.diagnostics, "FILE",
             "Where to write what went wrong, too, as JSON, or as SARIF where its name ends in "
             ".sarif; else it is gone");
    app.add_flag("--no-color", wanted.plain, "No colours; so do NO_COLOR and TERM=dumb");
    app.set_help_flag("-h,--help", "Shows how a command is used");
    app.add_flag_callback(
        "--version", [&wanted] { wanted.command = version; }, "Shows the version and ends");
}

void add_spec_commands(Reading& reading) {
    auto options = std::make_shared<InitOptions>();
    CLI::App* init_command = command_of(reading.app, "init");
    value_of(init_command, "--name", options->name, "NAME",
             "The application's name; without it the folder's");
    init_command->add_flag("--overwrite", options->overwrite, "Replaces a spec that exists");
    on_call(reading, init_command, options, init);
    on_call(reading, command_of(reading.app, "validate"), validate);
    on_call(reading, command_of(reading.app, "schema"), schema);
}

constexpr std::string_view kStrategies = "blue-green|canary|rolling|recreate|publish";
constexpr std::string_view kStrategyMeaning = "Instead of the one that the policy chooses";

void add_strategy(CLI::App* command, std::string& place) {
    value_of(command, "--strategy", place, kStrategies, kStrategyMeaning)
        ->check(one_of({"blue-green", "canary", "rolling", "recreate", "publish"}));
}

void add_release_commands(Reading& reading) {
    auto plan_options = std::make_shared<PlanOptions>();
    CLI::App* plan_command = command_of(reading.app, "plan");
    value_of(plan_command, "--out", plan_options->out, "FILE",
             "Keeps the plan for `deploy --plan`");
    add_strategy(plan_command, plan_options->strategy);
    on_call(reading, plan_command, plan_options, plan);

    auto deploy_options = std::make_shared<DeployOptions>();
    CLI::App* deploy_command = command_of(reading.app, "deploy");
    CLI::Option* kept = value_of(deploy_command, "--plan", deploy_options->plan, "FILE",
                                 "Exactly this plan, refused if the world has moved since");
    add_strategy(deploy_command, deploy_options->strategy);
    deploy_command->get_option("--strategy")->excludes(kept);
    value_of(deploy_command, "--plan-digest", deploy_options->digest, "DIGEST",
             "Refused unless the plan has this digest: the one that was consented to")
        ->needs(kept);
    value_of(deploy_command, "--order", deploy_options->order, "NAME",
             "What this is for, such as a build; given again, it stays with what it began");
    value_of(deploy_command, "--despite", deploy_options->despite, "WHY",
             "Releases in spite of a lock or a freeze; kept in the journal with your name");
    deploy_command->add_flag("-y,--yes", deploy_options->consented,
                             "Does not ask; off a terminal nothing is asked anyway");
    on_call(reading, deploy_command, deploy_options, deploy);

    auto rollback_options = std::make_shared<RollbackOptions>();
    CLI::App* rollback_command = command_of(reading.app, "rollback");
    value_of(rollback_command, "release", rollback_options->release, "RELEASE",
             "An earlier release or its version; without it the one before");
    // Going back is never asked about; the flag is there for scripts that pass it everywhere.
    rollback_command->add_flag("-y,--yes", rollback_options->consented,
                               "Accepted and not needed: going back is not asked about");
    on_call(reading, rollback_command, rollback_options, rollback);

    auto resume_options = std::make_shared<ResumeOptions>();
    CLI::App* resume_command = command_of(reading.app, "resume");
    resume_command->add_flag("--tail", resume_options->tail)->group("");
    on_call(reading, resume_command, resume_options, resume);

    auto recover_options = std::make_shared<RecoverOptions>();
    CLI::App* recover_command = command_of(reading.app, "recover");
    value_of(recover_command, "order", recover_options->order, "ORDER",
             "As `deploy --order` named it; without it the last release");
    recover_command->add_flag("--back", recover_options->back,
                              "Goes back to the old release instead of on");
    on_call(reading, recover_command, recover_options, recover);
}

void add_wish(Reading& reading, std::string_view name,
              Ending (*action)(Session&, const WishOptions&)) {
    auto options = std::make_shared<WishOptions>();
    CLI::App* command = command_of(reading.app, name);
    value_of(command, "--reason", options->reason, "TEXT", "Kept in the journal with your name");
    command
        ->add_option_function<std::string>(
            "--timeout",
            [options](const std::string& word) {
                options->timeout = base::duration_from(word).value_or(options->timeout);
            },
            "How long to wait until the run has taken it up (30s)")
        ->type_name("DURATION")
        ->check(duration());
    if (name == "promote") {
        value_of(command, "--step", options->step, "STEP",
                 "Only this step, so that a late consent skips nothing else");
        value_of(command, "--plan-digest", options->digest, "DIGEST",
                 "Does not count unless the release carries out the plan with this digest");
    }
    on_call(reading, command, options, action);
}

void add_wish_commands(Reading& reading) {
    add_wish(reading, "pause", pause);
    add_wish(reading, "promote", promote);
    add_wish(reading, "abort", abort);
    auto why = std::make_shared<std::string>();
    CLI::App* lock_command = command_of(reading.app, "lock");
    value_of(lock_command, "-m,--message", *why, "WHY", "Told to who wants to release")->required();
    on_call(reading, lock_command, why, lock);
    on_call(reading, command_of(reading.app, "unlock"), unlock);
}

void add_hold_commands(Reading& reading) {
    auto options = std::make_shared<HoldOptions>();
    CLI::App* command = command_of(reading.app, "hold");
    command
        ->add_option_function<std::string>(
            "--for",
            [options](const std::string& word) {
                options->span = base::duration_from(word).value_or(options->span);
            },
            "When it ends by itself (30s, at most 1h)")
        ->type_name("DURATION")
        ->check(duration());
    value_of(command, "--pool", options->pool, "blue|green",
             "Only requests that would go there; without it all")
        ->check(one_of({"blue", "green"}));
    command->add_flag("--status", options->status, "Only shows what is held, and how many wait");
    on_call(reading, command, options, hold);
    on_call(reading, command_of(reading.app, "unhold"), unhold);
}

void add_machine_commands(Reading& reading) {
    auto up_options = std::make_shared<UpOptions>();
    CLI::App* up_command = command_of(reading.app, "up");
    value_of(up_command, "--console", up_options->console, "ADDRESS|off",
             "Where the console listens on loopback, from now on (a free port)");
    value_of(up_command, "--console-host", up_options->hosts, "HOST",
             "Another name, with its port, under which a proxy hands the console on")
        ->expected(1)
        ->take_all();
    value_of(up_command, "--console-view", up_options->view, "anyone|token",
             "Who may look; acting always needs a token (anyone)")
        ->check(one_of({"anyone", "token"}));
    on_call(reading, up_command, up_options, up);
    auto down_options = std::make_shared<DownOptions>();
    CLI::App* down_command = command_of(reading.app, "down");
    down_command->add_flag("--now", down_options->now,
                           "Without draining: requests in flight and sockets are cut");
    on_call(reading, down_command, down_options, down);

    auto edge_options = std::make_shared<EdgeOptions>();
    CLI::App* edge_command = command_of(reading.app, "edge");
    value_of(edge_command, "--workers", edge_options->workers, "COUNT", "Threads");
    value_of(edge_command, "--io", edge_options->io, "auto|epoll|uring",
             "Whether sends go together through io_uring (auto: where the kernel allows it)")
        ->check(one_of({"auto", "epoll", "uring"}));
    edge_command->add_flag("--access-log", edge_options->access_log, "Writes logs/access.log");
    edge_command->add_flag("--takeover", edge_options->takeover,
                           "Takes everything over from the edge that runs here, if one does");
    on_call(reading, edge_command, edge_options, edge_process);

    auto agent_options = std::make_shared<AgentOptions>();
    CLI::App* agent_command = command_of(reading.app, "agent");
    value_of(agent_command, "--ready-fd", agent_options->ready_fd, "FD",
             "Closed when agent and edge answer");
    on_call(reading, agent_command, agent_options, agent_process);
}

void add_console_commands(Reading& reading) {
    auto options = std::make_shared<ConsoleOptions>();
    CLI::App* command = command_of(reading.app, "console");
    value_of(command, "--listen", options->listen, "ADDRESS",
             "A loopback address and a port; without it the spec's, else a free port");
    value_of(command, "--host", options->hosts, "HOST",
             "Another name, with its port, under which a proxy hands the console on")
        ->expected(1)
        ->take_all();
    command->add_flag("--kept", options->kept, "As `up` settled it; started by the agent")
        ->group("");
    command->require_subcommand(0, 1);
    command->callback([&reading, command, options] {
        if (!command->get_subcommands().empty()) return;
        reading.wanted.command = [options](Session& session) { return console(session, *options); };
    });

    auto token = std::make_shared<TokenOptions>();
    CLI::App* token_command = command_of(*command, "console token");
    value_of(token_command, "--role", token->role, "view|operate",
             "What it allows: to look, or also to act (view)")
        ->check(one_of({"view", "operate"}));
    token_command
        ->add_option_function<std::string>(
            "--for",
            [token](const std::string& word) {
                token->span = std::chrono::duration_cast<std::chrono::seconds>(
                    base::duration_from(word).value_or(token->span));
            },
            "How long it holds, up to 90d (8h)")
        ->type_name("DURATION")
        ->check(duration());
    value_of(token_command, "--name", token->name, "NAME",
             "Whose it is, for the journal; without it yours");
    on_call(reading, token_command, token, console_token);
    on_call(reading, command_of(*command, "console tokens"), console_tokens);
    auto id = std::make_shared<std::string>();
    CLI::App* revoke = command_of(*command, "console revoke");
    value_of(revoke, "id", *id, "ID", "As `console tokens` lists it")->required();
    on_call(reading, revoke, id, console_revoke);
}

void add_own_commands(Reading& reading) {
    auto code = std::make_shared<std::string>();
    CLI::App* explain_command = command_of(reading.app, "explain");
    value_of(explain_command, "code", *code, "CODE",
             "Such as CF0302, a release such as r7 or 1.4.2, or a field such as service.health; "
             "without it all codes");
    on_call(reading, explain_command, code, explain);

    auto shell = std::make_shared<std::string>();
    CLI::App* completion_command = command_of(reading.app, "completion");
    value_of(completion_command, "shell", *shell, "bash|zsh|fish", "The shell to complete in")
        ->required()
        ->check(one_of({"bash", "zsh", "fish"}));
    on_call(reading, completion_command, shell, completion);

    auto noun = std::make_shared<std::string>();
    CLI::App* complete_command = command_of(reading.app, "complete");
    value_of(complete_command, "noun", *noun, "releases|instances|codes", "What to list")
        ->required();
    on_call(reading, complete_command, noun, complete);

    auto folder = std::make_shared<std::string>();
    CLI::App* reference_command = command_of(reading.app, "reference");
    value_of(reference_command, "folder", *folder, "DIR", "Where the pages are written")
        ->required();
    on_call(reading, reference_command, folder, reference);

    on_call(reading, command_of(reading.app, "version"), version);

    auto topic = std::make_shared<std::vector<std::string>>();
    CLI::App* help_command = command_of(reading.app, "help");
    value_of(help_command, "topic", *topic, "TOPIC", "A command, or exit-codes");
    on_call(reading, help_command, topic, help);
}

std::unique_ptr<Reading> grammar() {
    auto reading = std::make_unique<Reading>();
    reading->app.require_subcommand(0, 1);
    reading->app.footer(std::string(kDetails));
    add_globals(*reading);
    add_release_commands(*reading);
    add_looking_commands(*reading);
    add_wish_commands(*reading);
    add_spec_commands(*reading);
    add_machine_commands(*reading);
    add_hold_commands(*reading);
    add_console_commands(*reading);
    add_load_command(*reading);
    add_simulate_command(*reading);
    add_rehearse_command(*reading);
    add_own_commands(*reading);
    return reading;
}

CommandText text_of(const CLI::App& app, std::vector<std::string> path) {
    CommandText out{.path = std::move(path),
                    .summary = app.get_description(),
                    .details = app.get_footer(),
                    .group = app.get_group()};
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_group().empty()) continue;
        Spelling spelling{.value = option->get_expected_max() == 0 ? "" : option->get_type_name(),
                          .meaning = option->get_description(),
                          .required = option->get_required(),
                          .repeats = option->get_expected_max() > 1};
        for (const std::string& name : option->get_snames()) spelling.names.push_back("-" + name);
        for (const std::string& name : option->get_lnames()) spelling.names.push_back("--" + name);
        (spelling.names.empty() ? out.positionals : out.options).push_back(std::move(spelling));
    }
    for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
        std::vector<std::string> below = out.path;
        below.push_back(child->get_name());
        out.children.push_back(text_of(*child, std::move(below)));
    }
    return out;
}

Refusal usage(std::string what, std::string fix, const char* code) {
    return Refusal{
        ExitCode::usage,
        {base::Diagnostic{.code = code, .what = std::move(what), .fix = std::move(fix)}}};
}

std::string first_line(std::string text) {
    return text.substr(0, text.find('\n'));
}

// The command that the words had got to when reading failed.
const CLI::App& deepest(const CLI::App& app) {
    const auto used = app.get_subcommands();
    return used.empty() ? app : deepest(*used.back());
}

std::string help_hint(const CLI::App& app) {
    return app.get_parent() == nullptr
               ? std::string("`crossfade help` lists the commands")
               : "`crossfade help " +
                     (app.get_parent()->get_parent() == nullptr
                          ? app.get_name()
                          : app.get_parent()->get_name() + " " + app.get_name()) +
                     "` shows how it is used";
}

Refusal unknown_word(const CLI::App& app, const std::string& word) {
    const CLI::App& at = deepest(app);
    std::vector<std::string> known;
    if (word.starts_with('-')) {
        for (const CLI::App* level = &at; level != nullptr; level = level->get_parent()) {
            for (const CLI::Option* option : level->get_options()) {
                for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
            }
        }
        const std::string meant = nearest(word.substr(0, word.find('=')), known);
        return usage("there is no option " + harmless(word),
                     meant.empty() ? help_hint(at) : "did you mean " + meant + "?", "CF0702");
    }
    for (const CLI::App* child : at.get_subcommands([](const CLI::App*) { return true; })) {
        if (!child->get_group().empty()) known.push_back(child->get_name());
    }
    const std::string meant = nearest(word, known);
    if (known.empty()) {
        return usage("'" + harmless(word) + "' is one word too many", help_hint(at), "CF0703");
    }
    return usage("there is no command '" + harmless(word) + "'",
                 meant.empty() ? help_hint(at) : "did you mean `crossfade " + meant + "`?",
                 "CF0701");
}

}  // namespace

std::vector<std::string> Spelling::choices() const {
    std::vector<std::string> out;
    if (value.find('|') == std::string::npos) return out;
    for (std::size_t at = 0; at <= value.size();) {
        const std::size_t end = std::min(value.find('|', at), value.size());
        out.push_back(value.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

CommandText command_line() {
    return text_of(grammar()->app, {});
}

tl::expected<Wanted, Refusal> read_words(const std::vector<std::string>& words) {
    const std::unique_ptr<Reading> reading = grammar();
    CLI::App& app = reading->app;
    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::CallForHelp&) {
        std::vector<std::string> topic;
        for (const CLI::App* at = &deepest(app); at->get_parent() != nullptr; at = at->get_parent())
            topic.insert(topic.begin(), at->get_name());
        reading->wanted.command = [topic](Session& session) { return help(session, topic); };
    } catch (const CLI::ExtrasError&) {
        return tl::unexpected(unknown_word(app, app.remaining(true).front()));
    } catch (const CLI::ParseError& error) {
        return tl::unexpected(usage(first_line(error.what()), help_hint(deepest(app)), "CF0704"));
    }
    if (!reading->wanted.command) {
        reading->wanted.command = [](Session& session) { return help(session, {}); };
    }
    return reading->wanted;
}

}  // namespace cli
