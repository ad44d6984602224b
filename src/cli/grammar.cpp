#include "cli/grammar.h"

#include "cli/commands.h"
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

// While words are read: what the globals were and which command was meant.
struct Reading {
    Wanted wanted;
    CLI::App app{std::string(kSummary), "crossfade"};
};

CLI::Validator one_of(std::vector<std::string> choices) {
    return CLI::Validator(
        [choices](std::string& word) -> std::string {
            if (std::find(choices.begin(), choices.end(), word) != choices.end()) return {};
            std::string list;
            for (const std::string& choice : choices) list += (list.empty() ? "" : ", ") + choice;
            return "'" + word + "' is none of " + list;
        },
        "", "one_of");
}

CLI::Validator duration() {
    return CLI::Validator(
        [](std::string& word) -> std::string {
            const auto length = base::duration_from(word);
            if (length) return {};
            return "'" + word + "' is no length of time; write one like 90s or 10m";
        },
        "", "duration");
}

CLI::App* command_of(CLI::App& parent, std::string_view path) {
    const CommandWords& words = words_of(path);
    const std::string name(path.substr(path.rfind(' ') + 1));
    CLI::App* command = parent.add_subcommand(name, std::string(words.summary));
    command->footer(std::string(words.details));
    command->group(std::string(words.group));
    command->fallthrough();
    command->set_help_flag("-h,--help", "Shows how this command is used");
    return command;
}

// The common shape of a command: an options value, filled by CLI11, handed to a function.
template <typename Options>
void on_call(Reading& reading, CLI::App* command, const std::shared_ptr<Options>& options,
             Ending (*action)(Session&, const Options&)) {
    command->callback([&reading, options, action] {
        reading.wanted.command = [options, action](Session& session) {
            return action(session, *options);
        };
    });
}

void on_call(Reading& reading, CLI::App* command, Ending (*action)(Session&)) {
    command->callback([&reading, action] { reading.wanted.command = action; });
}

void on_call(Reading& reading, CLI::App* command, const std::shared_ptr<std::string>& word,
             Ending (*action)(Session&, const std::string&)) {
    command->callback([&reading, word, action] {
        reading.wanted.command = [word, action](Session& session) {
            return action(session, *word);
        };
    });
}

template <typename T>
CLI::Option* value_of(CLI::App* command, std::string name, T& place, std::string_view type,
                      std::string_view meaning) {
    return command->add_option(std::move(name), place, std::string(meaning))
        ->type_name(std::string(type));
}

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

constexpr std::string_view kStrategies = "blue-green|canary|rolling|publish";
constexpr std::string_view kStrategyMeaning = "Instead of the one that the policy chooses";

void add_strategy(CLI::App* command, std::string& place) {
    value_of(command, "--strategy", place, kStrategies, kStrategyMeaning)
        ->check(one_of({"blue-green", "canary", "rolling", "publish"}));
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
    }
    on_call(reading, command, options, action);
}

void add_wish_commands(Reading& reading) {
    add_wish(reading, "pause", pause);
    add_wish(reading, "promote", promote);
    add_wish(reading, "abort", abort);
}

void add_audit_command(Reading& reading) {
    CLI::App* audit = command_of(reading.app, "audit");
    audit->require_subcommand(1);
    on_call(reading, command_of(*audit, "audit verify"), audit_verify);
    auto options = std::make_shared<AuditShowOptions>();
    CLI::App* show = command_of(*audit, "audit show");
    value_of(show, "--from", options->from, "INDEX", "The first record (1)");
    value_of(show, "--limit", options->limit, "COUNT", "At most so many records (1000)");
    on_call(reading, show, options, audit_show);
}

void add_looking_commands(Reading& reading) {
    auto status_options = std::make_shared<StatusOptions>();
    CLI::App* status_command = command_of(reading.app, "status");
    value_of(status_command, "release", status_options->release, "RELEASE",
             "A release of the past; without it the present");
    status_command->add_flag("-w,--watch", status_options->watch,
                             "Stays until the release ends and ends as it did");
    on_call(reading, status_command, status_options, status);

    on_call(reading, command_of(reading.app, "instances"), instances);

    auto history_options = std::make_shared<HistoryOptions>();
    CLI::App* history_command = command_of(reading.app, "history");
    value_of(history_command, "release", history_options->release, "RELEASE", "Only this one");
    history_command->add_flag("--journal", history_options->journal,
                              "Every record instead of a line a release");
    value_of(history_command, "--limit", history_options->limit, "COUNT",
             "At most so many, the latest (20; the whole journal)");
    on_call(reading, history_command, history_options, history);
    add_audit_command(reading);

    auto logs_options = std::make_shared<LogsOptions>();
    CLI::App* logs_command = command_of(reading.app, "logs");
    value_of(logs_command, "source", logs_options->sources, "INSTANCE",
             "Instances, `agent` or `edge`; without any all of them");
    logs_command->add_flag("-f,--follow", logs_options->follow, "Goes on as lines come");
    value_of(logs_command, "-n,--lines", logs_options->lines, "COUNT",
             "So many lines of each to begin with (50)");
    on_call(reading, logs_command, logs_options, logs);
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

void add_load_command(Reading& reading) {
    auto options = std::make_shared<LoadOptions>();
    CLI::App* command = command_of(reading.app, "load");
    value_of(command, "--target", options->target, "URL", "Without it the spec's listener");
    value_of(command, "--profile", options->profile, "PROFILE",
             "demo, mattermost-450 or smoke (demo)");
    value_of(command, "--scale", options->scale, "FACTOR",
             "Shrinks time and volume alike, such as 0.05 (1)");
    value_of(command, "--users", options->users, "COUNT", "Instead of the profile's");
    value_of(command, "--duration", options->duration, "DURATION", "Instead of the profile's")
        ->check(duration());
    value_of(command, "--posts-a-second", options->posts_a_second, "RATE",
             "Instead of the profile's");
    value_of(command, "--seed", options->seed, "NUMBER", "Of all chance in the run (1)");
    command->add_flag("--until-stopped", options->until_stopped,
                      "Goes on until SIGINT or SIGTERM, then accounts for everything");
    command->add_flag("--allow-remote", options->allow_remote,
                      "Allows a target that is not on this machine");
    value_of(command, "--report", options->report, "DIR",
             "Writes report.html, report.json and junit.xml there");
    value_of(command, "--require", options->requirements, "FIGURE",
             "Such as http.failed==0; ends with 99 when one is not met")
        ->expected(1)
        ->take_all();
    value_of(command, "--database-process", options->database_process, "NAME",
             "Samples the CPU of processes with this name");
    value_of(command, "--database-pids", options->database_pids, "PID",
             "Samples the CPU of these processes, apart by commas, and of their children")
        ->delimiter(',');
    value_of(command, "--title", options->title, "TEXT", "Of the report");
    on_call(reading, command, options, load);
}

void add_simulate_command(Reading& reading) {
    auto options = std::make_shared<SimulateOptions>();
    CLI::App* command = command_of(reading.app, "simulate");
    value_of(command, "--fault", options->faults, "POINTS",
             "More failed requests in a hundred, such as 0.5,2,10,99 (which is the default)")
        ->delimiter(',')
        ->check(CLI::Range(0.01, 100.0));
    value_of(command, "--budget", options->budget, "REQUESTS",
             "That a release may harm; without it guard.harm");
    value_of(command, "--runs", options->runs, "COUNT", "Releases that are drawn of a kind (200)")
        ->check(CLI::Range(1, 10'000));
    value_of(command, "--seed", options->seed, "NUMBER", "The same draws again (1)");
    CLI::Option* traffic = value_of(command, "--requests-per-second", options->requests_per_second,
                                    "NUMBER", "Instead of the traffic that the agent wrote down")
                               ->check(CLI::Range(0.001, 1e7));
    value_of(command, "--error-rate", options->error_rate, "PERCENT",
             "Of these requests that fail anyway (0.1)")
        ->needs(traffic)
        ->check(CLI::Range(0.0, 50.0));
    value_of(command, "--clusters", options->clustering, "SIZE",
             "How many failures come together (1)")
        ->needs(traffic)
        ->check(CLI::Range(1.0, 1e4));
    on_call(reading, command, options, simulate);
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
