#include "cli/commands.h"
#include "cli/grammar_parts.h"
#include "cli/metrics.h"

#include "base/duration.h"

namespace cli {
namespace {

void add_audit_command(Reading& reading) {
    CLI::App* audit = command_of(reading.app, "audit");
    audit->require_subcommand(1);
    auto verify = std::make_shared<AuditVerifyOptions>();
    CLI::App* verify_command = command_of(*audit, "audit verify");
    value_of(verify_command, "--head", verify->heads, "INDEX:HASH",
             "A head that was noted elsewhere, as a report prints it")
        ->expected(1)
        ->take_all();
    value_of(verify_command, "--anchor", verify->anchor, "FILE",
             "Heads that were noted there; without it the spec's `audit_anchor`");
    value_of(verify_command, "--file", verify->file, "FILE",
             "An exported journal instead of the one here");
    on_call(reading, verify_command, verify, audit_verify);
    auto file = std::make_shared<std::string>();
    CLI::App* export_command = command_of(*audit, "audit export");
    value_of(export_command, "--out", *file, "FILE", "Without it to standard output");
    on_call(reading, export_command, file, audit_export);
    auto options = std::make_shared<AuditShowOptions>();
    CLI::App* show = command_of(*audit, "audit show");
    value_of(show, "--from", options->from, "INDEX", "The first record (1)");
    value_of(show, "--limit", options->limit, "COUNT", "At most so many records (1000)");
    on_call(reading, show, options, audit_show);
}

void add_history_command(Reading& reading) {
    auto options = std::make_shared<HistoryOptions>();
    CLI::App* command = command_of(reading.app, "history");
    value_of(command, "release", options->release, "RELEASE", "Only this one");
    command->add_flag("--journal", options->journal, "Every record instead of a line a release");
    value_of(command, "--limit", options->limit, "COUNT",
             "At most so many, the latest (20; the whole journal)");
    CLI::Option* figures = command->add_flag(
        "--figures", options->figures, "How often, how well and how long, instead of the releases");
    command
        ->add_option_function<std::string>(
            "--window",
            [options](const std::string& word) {
                options->window = base::duration_from(word).value_or(options->window);
            },
            "Over which time, with --figures (60d)")
        ->type_name("DURATION")
        ->needs(figures)
        ->check(duration());
    on_call(reading, command, options, history);
}

}  // namespace

void add_looking_commands(Reading& reading) {
    auto status_options = std::make_shared<StatusOptions>();
    CLI::App* status_command = command_of(reading.app, "status");
    value_of(status_command, "release", status_options->release, "RELEASE",
             "A release of the past; without it the present");
    status_command->add_flag("-w,--watch", status_options->watch,
                             "Stays until the release ends and ends as it did");
    on_call(reading, status_command, status_options, status);

    on_call(reading, command_of(reading.app, "instances"), instances);
    auto doctor_options = std::make_shared<DoctorOptions>();
    CLI::App* doctor_command = command_of(reading.app, "doctor");
    doctor_command->add_flag("--repair", doctor_options->repair,
                             "Gives back what a release that is over still holds: the bounds and "
                             "processes of its Auto Scaling groups");
    on_call(reading, doctor_command, doctor_options, doctor);
    on_call(reading, command_of(reading.app, "metrics"), metrics);

    add_history_command(reading);

    auto report_options = std::make_shared<ReportOptions>();
    CLI::App* report_command = command_of(reading.app, "report");
    value_of(report_command, "release", report_options->release, "RELEASE",
             "A release, its version or its order; without it the last");
    CLI::Option* report_out =
        value_of(report_command, "--out", report_options->out, "DIR", "Writes all forms there");
    value_of(report_command, "--format", report_options->format, "html|junit|json|markdown",
             "What is printed (markdown)")
        ->check(one_of({"html", "junit", "json", "markdown"}))
        ->excludes(report_out);
    on_call(reading, report_command, report_options, report);
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

}  // namespace cli
