#include "cli/commands.h"
#include "cli/console_file.h"
#include "cli/drive.h"
#include "cli/plan.h"
#include "cli/ports.h"
#include "cli/who.h"
#include "console/console.h"
#include "local/machine.h"

#include "base/json.h"
#include "base/log.h"

#include <fmt/format.h>

#include <chrono>

namespace cli {
namespace {

constexpr std::chrono::milliseconds kLook{50};
// It follows what is settled within a quarter of a second.
constexpr std::chrono::seconds kConsoleDeadline{5};

// Gives the edge a spec that may have changed, unless a release is in progress: that one has its
// own.
base::Result<bool> configure(Session& session, Opened& opened, local::Machine& machine,
                             const release::Spec& spec) {
    const auto driver = present_driver(opened.store(), session.clock.now());
    if (!driver) return base::fail(driver);
    if (*driver || opened.under_way() != nullptr) return false;
    const auto lease = opened.store().acquire(holder_of_process(), "up", session.clock.now(),
                                              engine::Pace{}.lease);
    if (!lease) return base::fail(lease);
    const engine::Ticket ticket{lease->fence,
                                engine::token_for(fmt::format("up-{}", lease->fence), "configure",
                                                  engine::Direction::forward)};
    const auto configured =
        machine.configure(spec, opened.site.home, ticket, session.clock.deadline_in(kCallDeadline));
    const auto given = opened.store().release(*lease);
    if (!configured) return base::fail(configured);
    if (!given) return base::fail(given);
    return true;
}

// After a `down`, the agent brings back what served: wait until one can answer.
base::Result<std::uint32_t> healthy_instances(Session& session, Opened& opened,
                                              const release::Spec& spec) {
    LocalPorts ports(opened.site, spec, opened.store(), session.clock);
    const base::Deadline until = session.clock.deadline_in(spec.service.boot_deadline);
    while (true) {
        const auto list = ports.fleet().list(session.clock.deadline_in(kCallDeadline));
        if (!list) return base::fail(list);
        std::uint32_t healthy = 0;
        std::uint32_t starting = 0;
        for (const engine::Instance& instance : *list) {
            if (instance.pool != opened.releases.active) continue;
            if (instance.state == engine::InstanceState::healthy) ++healthy;
            if (instance.state == engine::InstanceState::starting) ++starting;
        }
        const bool all = healthy > 0 && starting == 0;
        if (all || session.clock.tick() >= until.at) return healthy;
        session.clock.wait_until(session.clock.tick() + kLook, session.stop);
    }
}

Ending first_release(Session& session, Opened& opened, const SpecText& spec) {
    session.terminal.say(fmt::format("nothing serves yet: releasing {} {}", spec.spec.application,
                                     to_text(spec.spec.version)));
    const auto plan = plan_now(session, opened, spec.spec, "");
    if (!plan) return tl::unexpected(plan.error());
    return carry_out(session, opened, {spec, *plan});
}

// What was said of the console before holds where nothing is said now.
base::Result<ConsoleFile> settle_console(const Site& site, const UpOptions& options) {
    if (const auto made = make_console_folder(site.folder); !made) return base::fail(made);
    auto file = read_console_file(site.folder);
    if (!file) return file;
    file->spec = site.spec;
    if (!options.hosts.empty()) file->hosts = options.hosts;
    if (!options.view.empty())
        file->view = options.view == "token" ? console::View::token : console::View::anyone;
    if (!options.console.empty()) {
        file->serve = options.console != "off";
        file->listen = file->serve ? options.console : "";
    }
    // Refused here, where a person reads it, and not in the log of a process that is kept.
    if (!file->listen.empty()) {
        const auto address = console::loopback_address(file->listen);
        if (!address) return base::fail(address);
    }
    if (const auto settled = write_console_file(site.folder, *file); !settled)
        return base::fail(settled);
    return file;
}

// The console shows the first release, too, so it is told of before that begins.
std::string tell_console(Session& session, const Opened& opened, const ConsoleFile& file) {
    const auto address = console_address(opened.site.folder, file, session.clock,
                                         session.clock.deadline_in(kConsoleDeadline));
    if (address) {
        if (!session.json())
            session.terminal.print_line(fmt::format("console: {}", address->url()));
        return address->url();
    }
    if (file.serve)
        session.terminal.say("the console does not answer yet: `crossfade logs console` tells why");
    return "";
}

void tell_address(Session& session, const Opened& opened, const release::Spec& spec,
                  std::uint32_t healthy, const std::string& console) {
    const std::string version =
        opened.releases.current ? to_text(opened.releases.current->version) : "";
    if (session.json()) {
        session.terminal.print(base::canonical({{"schema", "crossfade.up/1"},
                                                {"application", spec.application},
                                                {"serving", version},
                                                {"healthy", healthy},
                                                {"address", spec.listen},
                                                {"open", open_address(spec)},
                                                {"console", console}}) +
                               '\n');
        return;
    }
    session.terminal.print_line(fmt::format("{} {} serves on {} ({} healthy)", spec.application,
                                            version, open_address(spec),
                                            counted(healthy, "instance")));
}

}  // namespace

Ending up(Session& session, const UpOptions& options) {
    base::log::only_errors();
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    const auto spec = read_spec(*site);
    if (!spec) return tl::unexpected(spec.error());
    if (spec->spec.provider == release::Provider::aws)
        return refuse(ExitCode::usage,
                      {.code = "CF0754",
                       .what = "nothing of an application on AWS runs on this machine",
                       .fix = "`crossfade deploy` releases it, the first time, too"});
    auto opened = open_application(session, std::move(*site));
    if (!opened) return refuse(opened.error());
    const auto console = settle_console(opened->site, options);
    if (!console) return refuse(exit_code_of(console.error()), console.error().diagnostic);
    if (const auto started = opened->provider->ensure_up(); !started)
        return refuse(started.error());
    local::Machine machine(opened->site.folder, session.program, session.clock);
    const auto renewed = machine.renew(session.clock.deadline_in(kStartDeadline));
    if (!renewed) return refuse(renewed.error());
    const std::string console_url = tell_console(session, *opened, *console);
    if (!opened->releases.current && opened->under_way() == nullptr)
        return first_release(session, *opened, *spec);
    const auto configured = configure(session, *opened, machine, spec->spec);
    if (!configured) return refuse(configured.error());
    if (!*configured) {
        session.terminal.say(
            "a release has not ended: `crossfade status` shows it, "
            "`crossfade resume` goes on where nobody drives it");
    }
    const auto healthy = healthy_instances(session, *opened, spec->spec);
    if (!healthy) return refuse(healthy.error());
    tell_address(session, *opened, spec->spec, *healthy, console_url);
    if (*healthy > 0) return ExitCode::done;
    return refuse(ExitCode::timed_out,
                  {.code = "CF0733",
                   .what = "no instance got healthy in time",
                   .fix = "`crossfade instances` tells why, `crossfade logs` what they wrote"});
}

}  // namespace cli
