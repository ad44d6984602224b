#include "cli/drive.h"

#include "cli/anchor.h"
#include "cli/notifier.h"
#include "cli/telemetry.h"
#include "cli/view_source.h"
#include "cli/watch.h"
#include "cli/who.h"

#include "base/log.h"
#include "local/sources.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace cli {
namespace {

base::Diagnostic busy(const engine::Lease& lease, base::Instant now) {
    return {.code = "CF0720",
            .what = fmt::format("someone else is changing this application: {}", lease.purpose),
            .why = fmt::format("{} has the lease since {} UTC ({})", lease.holder,
                               clock_text(lease.since), relative_text(lease.since, now)),
            .fix =
                "watch it by `crossfade status --watch`; stop it by `crossfade abort`; if its "
                "process is gone, the lease ends " +
                relative_text(lease.until, now) + " and `crossfade resume` takes over"};
}

std::string resume_hint(std::string_view run) {
    return fmt::format(
        "interrupted: {} is left at its last verified weight; `crossfade resume` goes on, "
        "`crossfade abort` goes back\n",
        run);
}

// Whoever retires the old pool is told when, as no command waits for that.
void arrange_tail(Session& session, Opened& opened, const engine::Outcome& outcome) {
    const auto told = opened.provider->retire_at(outcome.retire_at);
    if (told) {
        if (!told->empty()) session.terminal.say(*told);
        return;
    }
    if (!outcome.retire_at) return;
    session.terminal.say(
        fmt::format("the old instances stay until the next release: {}", told.error().line()));
}

Ending end_of(Session& session, const engine::Outcome& outcome, const std::string& run) {
    const ExitCode code = exit_code_of(outcome.ending, outcome.cause);
    if (outcome.ending == engine::Ending::interrupted) {
        std::string hint = resume_hint(run);
        hint.pop_back();
        session.terminal.say(hint);
    }
    if (outcome.diagnostic && code != ExitCode::done) return refuse(code, *outcome.diagnostic);
    return code;
}

// A head that cannot be noted is told, and changes nothing of how the release ended.
void note_end(Session& session, Opened& opened, const release::Spec& spec) {
    const std::filesystem::path anchor = anchor_of(opened.site, spec);
    if (anchor.empty()) return;
    const auto last = opened.store().last();
    if (!last || !*last) return;
    if (const auto noted = note_head(anchor, **last, session.clock.now()); !noted)
        session.terminal.say(noted.error().line());
}

struct Carried {
    std::string id;  ///< Of the run that is watched.
    const release::Spec& spec;
};

// Before the run that is watched begins, the engine finishes what the one before left.
Ending carry_through(Session& session, Opened& opened, Ports& ports, engine::Run& run,
                     const Carried& carried) {
    const std::string& id = carried.id;
    const Interrupt interrupt(resume_hint(id));
    engine::Outcome outcome;
    ViewSource source(opened.site, opened.store(), ports.traffic(), ports.fleet(), session.clock);
    if (const auto read = source.read(); !read) return refuse(read.error());
    Telemetry telemetry(collectors_of_environment(), session.clock);
    if (find_run(source.releases(), id) == nullptr)
        telemetry.begun(
            {.application = carried.spec.application, .run = id, .at = session.clock.now()});
    {
        Notifier notifier(carried.spec.policy.notices, opened.site.home, session.clock);
        Watch watch(session);
        outcome = run.carry_through(interrupt.token(), [&](const engine::Status& status) {
            opened.provider->look_after();
            if (status.run != id) return;
            notifier.see(status);
            watch.show(source.around(status));
        });
        if (const auto last = source.look()) watch.show(*last);
        if (outcome.ending == engine::Ending::interrupted) notifier.hurry();
    }
    note_end(session, opened, carried.spec);
    if (source.read() && outcome.ending != engine::Ending::interrupted) {
        for (const std::string& lost :
             telemetry.ended(carried.spec.application, source.records(), id))
            session.terminal.say("not told: " + lost);
    }
    if (outcome.ending == engine::Ending::succeeded ||
        outcome.ending == engine::Ending::rolled_back ||
        outcome.ending == engine::Ending::timed_out)
        arrange_tail(session, opened, outcome);
    return end_of(session, outcome, id);
}

}  // namespace

ExitCode exit_code_of(engine::Ending ending, engine::Cause cause) {
    switch (ending) {
        case engine::Ending::succeeded:
            return ExitCode::done;
        case engine::Ending::rolled_back:
            return cause == engine::Cause::gate ? ExitCode::refused : ExitCode::rolled_back;
        case engine::Ending::timed_out:
            return ExitCode::timed_out;
        case engine::Ending::stuck:
            return ExitCode::rollback_failed;
        case engine::Ending::refused:
            return cause == engine::Cause::gate ? ExitCode::refused : ExitCode::error;
        case engine::Ending::interrupted:
            return ExitCode::interrupted;
        case engine::Ending::displaced:
            return ExitCode::lease_held;
    }
    return ExitCode::error;
}

namespace {

base::Result<void> read_history(Opened& opened) {
    auto records = engine::read_journal(opened.store());
    if (!records) return base::fail(records);
    auto releases = engine::releases_of(*records);
    if (!releases) return base::fail(releases);
    opened.records = *std::move(records);
    opened.releases = *std::move(releases);
    return {};
}

}  // namespace

base::Result<Opened> open_application(const Session& session, Site site) {
    auto provider = open_provider(session, site);
    if (!provider) return base::fail(provider);
    Opened opened{std::move(site), std::move(*provider), {}, {}};
    if (const auto read = read_history(opened); !read) return base::fail(read);
    return opened;
}

base::Result<std::optional<engine::Lease>> present_driver(engine::Store& store, base::Instant now) {
    const auto lease = store.lease();
    if (!lease) return base::fail(lease);
    if (!*lease || (*lease)->until <= now) return std::optional<engine::Lease>{};
    if (!is_gone((*lease)->holder)) return *lease;
    // Taken in the dead holder's name and given back: whoever comes next takes it in its own.
    const auto taken =
        store.acquire((*lease)->holder, (*lease)->purpose, now, std::chrono::milliseconds{1000});
    if (!taken) return base::fail(taken);
    if (const auto given = store.release(*taken); !given) return base::fail(given);
    return std::optional<engine::Lease>{};
}

namespace {

/// Who drives the application, once nobody retires an old pool any more or that takes too long.
base::Result<std::optional<engine::Lease>> driver_but_of_tail(Session& session, Opened& opened) {
    constexpr std::chrono::seconds kTailPatience{30};
    constexpr std::chrono::milliseconds kLook{200};
    const base::Deadline deadline = session.clock.deadline_in(kTailPatience);
    for (bool waited = false;;) {
        auto driver = present_driver(opened.store(), session.clock.now());
        if (!driver || (!*driver && !waited)) return driver;
        if (const auto read = read_history(opened); !read) return base::fail(read);
        const bool patient = session.clock.tick() < deadline.at && !session.stop.stop_requested();
        if (!*driver || opened.under_way() != nullptr || !patient) return driver;
        if (!std::exchange(waited, true)) {
            session.terminal.say("waits until the old instances of the last release have ended");
        }
        session.clock.wait_until(session.clock.tick() + kLook, session.stop);
    }
}

}  // namespace

tl::expected<void, Refusal> require_idle(Session& session, Opened& opened) {
    const auto driver = driver_but_of_tail(session, opened);
    const base::Instant now = session.clock.now();
    if (!driver) return refuse(driver.error());
    if (*driver) return refuse(ExitCode::lease_held, busy(**driver, now));
    if (const engine::PastRun* run = opened.under_way(); run != nullptr) {
        return refuse(
            ExitCode::lease_held,
            {.code = "CF0721",
             .what = fmt::format("release {} ({}) has not ended and nobody drives it", run->id,
                                 to_text(run->release.version)),
             .why = fmt::format("{} began it at {} UTC and its process has ended", run->actor,
                                date_text(run->begun)),
             .fix = "`crossfade resume` goes on with it, `crossfade abort` takes it back"});
    }
    return {};
}

base::Result<release::Release> candidate(const Opened& opened, const release::Spec& spec,
                                         std::string id) {
    const Site& site = opened.site;
    const auto digest = [&](const std::string& name, const std::string& path,
                            const char* code) -> base::Result<base::Digest> {
        auto found = base::digest_of(path);
        if (found || found.error().failure != base::Failure::not_found) return found;
        return base::fail(base::Failure::not_found,
                          {.code = code,
                           .what = fmt::format("the {} {} does not exist", name, path),
                           .why = fmt::format("the spec names it as `{}`", name),
                           .fix = fmt::format("build it, or correct `{}` in {}", name,
                                              site.spec.filename().string())});
    };
    release::Process process = spec.service.process;
    opened.provider->add_to(process, spec);
    release::Release release{
        .id = std::move(id),
        .version = spec.version,
        .artifact = {},
        .config = release::config_digest(process),
        .assets = {},
        .artifact_source = (site.home / spec.artifact).lexically_normal().string(),
        .assets_source = {},
        .process = std::move(process)};
    const auto artifact = digest("artifact", release.artifact_source, "CF0730");
    if (!artifact) return base::fail(artifact);
    release.artifact = *artifact;
    if (spec.assets.empty()) return release;
    release.assets_source = (site.home / spec.assets).lexically_normal().string();
    const auto assets = digest("assets", release.assets_source, "CF0731");
    if (!assets) return base::fail(assets);
    release.assets = *assets;
    return release;
}

base::Result<release::Present> present_of(Opened& opened, Ports& ports, base::Clock& clock) {
    const auto instances = ports.fleet().list(clock.deadline_in(opened.provider->pace().call));
    if (instances) return engine::present_of(opened.releases, *instances);
    // Before anything serves there is nothing to ask about.
    if (!opened.releases.current) return engine::present_of(opened.releases, {});
    return base::fail(instances);
}

Ending carry_out(Session& session, Opened& opened, const Errand& errand) {
    base::log::only_errors();
    const SpecText& spec = errand.spec;
    const release::Plan& plan = errand.plan;
    const base::Digest digest = release::digest_of(plan);
    if (const auto kept = opened.provider->keep_spec(spec, digest); !kept)
        return refuse(kept.error());
    const std::string despite =
        errand.despite.empty() ? "" : fmt::format(" despite a lock or freeze: {}", errand.despite);
    const engine::Driver driver{.actor = session.actor + despite,
                                .holder = holder_of_process(),
                                .pace = opened.provider->pace(),
                                .commanded = session.begun,
                                .order = errand.order};
    const auto refused = [](const base::Error& error) {
        return error.failure == base::Failure::conflict
                   ? refuse(ExitCode::lease_held, error.diagnostic)
                   : refuse(error);
    };
    const auto configured = opened.provider->configure(spec.spec, plan, driver.holder);
    if (!configured) return refused(configured.error());
    const auto ports = opened.provider->ports(spec.spec, Use::drives);
    if (!ports) return refuse(ports.error());
    local::Sources sources(opened.site.home, session.clock);
    engine::World world = (*ports)->world();
    world.sources = &sources;
    auto run = engine::Run::begin(world, plan, driver);
    if (!run) return refused(run.error());
    opened.provider->forget_specs_but(digest);
    return carry_through(session, opened, **ports, *run, {plan.id, spec.spec});
}

Ending carry_on(Session& session, Opened& opened) {
    base::log::only_errors();
    if (opened.releases.runs.empty()) return ExitCode::done;
    const engine::PastRun& last = opened.releases.runs.back();
    auto spec = opened.provider->kept_spec(last.plan);
    if (!spec) {
        const auto present = read_spec(opened.site);
        if (!present) return tl::unexpected(present.error());
        spec = *present;
    }
    if (const auto up = opened.provider->ensure_up(); !up) return refuse(up.error());
    const auto ports = opened.provider->ports(spec->spec, Use::drives);
    if (!ports) return refuse(ports.error());
    const engine::Driver driver{.actor = session.actor,
                                .holder = holder_of_process(),
                                .pace = opened.provider->pace(),
                                .commanded = session.begun};
    local::Sources sources(opened.site.home, session.clock);
    engine::World world = (*ports)->world();
    world.sources = &sources;
    auto run = engine::Run::resume(world, driver);
    if (!run) {
        if (run.error().failure == base::Failure::not_found) {
            session.terminal.say("nothing is left to do");
            return ExitCode::done;
        }
        if (run.error().failure == base::Failure::conflict)
            return refuse(ExitCode::lease_held, run.error().diagnostic);
        return refuse(run.error());
    }
    return carry_through(session, opened, **ports, *run, {last.id, spec->spec});
}

}  // namespace cli
