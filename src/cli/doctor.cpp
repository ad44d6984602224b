#include "cli/doctor.h"

#include "cli/commands.h"
#include "cli/drive.h"
#include "cli/provider.h"
#include "cli/site.h"
#include "cli/text.h"
#include "cli/who.h"

#include "base/finding.h"
#include "base/json.h"
#include "base/log.h"
#include "engine/history.h"
#include "engine/journal.h"
#include "engine/ticket.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cli {
namespace {

using base::Finding;
using base::Weight;

constexpr const char* kNoSpec = "CF0710";

void add(Checkup& checkup, Weight weight, std::string subject, base::Diagnostic said) {
    checkup.findings.push_back(
        {.weight = weight, .subject = std::move(subject), .said = std::move(said)});
}

void append(Checkup& checkup, std::vector<Finding> more) {
    for (Finding& each : more) checkup.findings.push_back(std::move(each));
}

Finding journal_finding(const base::Result<std::vector<engine::Record>>& records) {
    Finding out{.weight = Weight::error, .subject = "journal", .said = {}};
    if (!records) {
        out.said = records.error().diagnostic;
        return out;
    }
    const engine::Audit audit = engine::verify(*records);
    out.weight = audit.intact ? Weight::ok : Weight::error;
    out.said = {.code = "CF0732",
                .what = audit.intact ? fmt::format("whole: {}", counted(audit.records, "record"))
                                     : fmt::format("record {} does not hold", audit.first_bad),
                .why = audit.finding,
                .fix = audit.intact ? "" : "`crossfade audit verify` says what is known of it"};
    return out;
}

/// What the state says of releases, as far as it can be read; nothing is taken or given back.
Standing standing_of(engine::Store& store, const base::Result<std::vector<engine::Record>>& records,
                     base::Instant now) {
    Standing out;
    if (!records) return out;
    if (!records->empty()) out.last_record = records->back().at;
    auto releases = engine::releases_of(*records);
    const auto lease = store.lease();
    if (!releases || !lease) return out;
    out.releases = std::move(*releases);
    if (*lease && (*lease)->until > now && !is_gone((*lease)->holder)) out.driver = *lease;
    return out;
}

/// A release that is over holds nothing, and whoever is here holds the lease meanwhile.
tl::expected<std::vector<std::string>, Refusal> repaired(Session& session, const Site& site) {
    const auto spec = read_spec(site);
    if (!spec) return tl::unexpected(spec.error());
    // What a release takes of this machine is the agent's, which gives it back itself.
    if (spec->spec.provider == release::Provider::local) return std::vector<std::string>{};
    auto opened = open_application(session, site);
    if (!opened) return refuse(opened.error());
    if (const auto idle = require_idle(session, *opened); !idle)
        return tl::unexpected(idle.error());
    engine::Store& store = opened->store();
    const auto lease = store.acquire(holder_of_process(), "doctor --repair", session.clock.now(),
                                     opened->provider->pace().lease);
    if (!lease && lease.error().failure == base::Failure::conflict)
        return refuse(ExitCode::lease_held, lease.error().diagnostic);
    if (!lease) return refuse(lease.error());
    std::vector<std::string> out;
    // Another release may have begun, and ended in the middle, before the lease was ours.
    const auto records = engine::read_journal(store);
    const auto releases = records ? engine::releases_of(*records) : base::fail(records);
    base::Result<std::vector<std::string>> given = out;
    if (!releases) {
        given = base::fail(releases);
    } else if (!releases->under_way() && !releases->warm_until) {
        const auto noted = store.ask("repair", {}, actor_of_process(), session.clock.now());
        given = noted ? opened->provider->give_back(
                            {lease->fence,
                             engine::token_for("doctor", "give-back", engine::Direction::forward)})
                      : base::fail(noted);
    }
    const auto left = store.release(*lease);
    if (!given) return refuse(given.error());
    if (!left) return refuse(left.error());
    return *given;
}

void look_at_state(Session& session, const Site& site, const release::Spec& spec,
                   Checkup& checkup) {
    const auto provider = open_existing(session, site);
    const bool is_local = spec.provider == release::Provider::local;
    if (!provider && is_local) {
        append(checkup, examine_machine(site.folder, &spec, {}, session.clock));
        const bool is_new = provider.error().failure == base::Failure::not_found;
        if (is_new)
            add(checkup, Weight::ok, "journal", {.code = "CF0711", .what = "none yet"});
        else
            add(checkup, Weight::error, "journal", provider.error().diagnostic);
        return;
    }
    if (!provider) {
        add(checkup, Weight::error, "account", provider.error().diagnostic);
        return;
    }
    const auto records = engine::read_journal((*provider)->store());
    const Standing standing = standing_of((*provider)->store(), records, session.clock.now());
    append(checkup, (*provider)->examine(spec, standing));
    const Finding journal = journal_finding(records);
    // Where nobody may ask anything, once is enough.
    for (const Finding& each : checkup.findings)
        if (each.weight == Weight::error && each.said.code == journal.said.code) return;
    checkup.findings.push_back(journal);
}

void look_at(Session& session, const Site& site, Checkup& checkup) {
    const auto spec = read_spec(site);
    if (!spec) {
        for (const base::Diagnostic& each : spec.error().diagnostics)
            add(checkup, each.code == kNoSpec ? Weight::warning : Weight::error, "spec", each);
        append(checkup, examine_machine(site.folder, nullptr, {}, session.clock));
        return;
    }
    checkup.application = spec->spec.application;
    checkup.place = release::name_of(spec->spec.provider);
    if (spec->spec.aws && !spec->spec.aws->region.empty())
        checkup.place += ", " + spec->spec.aws->region;
    add(checkup, Weight::ok, "spec",
        {.code = kNoSpec,
         .what = fmt::format("{} is valid: version {}", site.spec.filename().string(),
                             to_text(spec->spec.version))});
    look_at_state(session, site, spec->spec, checkup);
}

}  // namespace

Ending doctor(Session& session, const DoctorOptions& options) {
    base::log::only_errors();
    Checkup checkup;
    const auto site = find_site(session);
    if (!site && options.repair) return refuse(ExitCode::usage, site.error().diagnostic);
    if (site && options.repair) {
        auto given = repaired(session, *site);
        if (!given) return tl::unexpected(given.error());
        checkup.given_back = std::move(*given);
    }
    if (site)
        look_at(session, *site, checkup);
    else {
        add(checkup, Weight::warning, "spec", site.error().diagnostic);
        append(checkup, examine_machine(local::Folder(".crossfade"), nullptr, {}, session.clock));
    }
    session.terminal.print(
        session.json() ? base::canonical(checkup_json(checkup)) + '\n'
                       : checkup_text(checkup, Layout{.paint = session.terminal.out_paint(),
                                                      .columns = session.terminal.columns()}));
    return code_of(checkup);
}

}  // namespace cli
