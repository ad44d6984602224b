#include "cli/commands.h"
#include "cli/grammar_parts.h"

namespace cli {

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

void add_rehearse_command(Reading& reading) {
    auto options = std::make_shared<RehearseOptions>();
    CLI::App* command = command_of(reading.app, "rehearse");
    value_of(command, "--requests", options->requests, "RATE",
             "Simulated requests a second while it is released (50)")
        ->check(CLI::Range(1, 1000));
    value_of(command, "--path", options->path, "PATH",
             "What they ask for; without it the health check's");
    value_of(command, "--speed", options->speed, "FACTOR",
             "What the spec's waits are divided by (20)")
        ->check(CLI::Range(1, 1000));
    on_call(reading, command, options, rehearse);
}

}  // namespace cli
