#include "cli/anchor.h"
#include "cli/commands.h"
#include "cli/history.h"
#include "cli/provider.h"
#include "cli/site.h"

#include "base/file.h"
#include "base/json.h"
#include "engine/journal.h"
#include "report/journal_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cli {
namespace {

constexpr base::Bytes kJournalMax{1024UL * 1024 * 1024};

base::Diagnostic broken(const engine::Audit& audit) {
    return {
        .code = "CF0732",
        .what = fmt::format("the journal was changed: record {} does not hold", audit.first_bad),
        .why = audit.finding,
        .fix = "compare with a copy of the state folder; releases after record " +
               std::to_string(audit.first_bad == 0 ? 0 : audit.first_bad - 1) +
               " have no proof of what they did"};
}

// An exported journal needs no spec and no state.
base::Result<std::vector<engine::Record>> records_for(const Session& session,
                                                      const std::string& file) {
    if (file.empty()) return journal_of(session);
    const auto text = base::read_file(file, kJournalMax);
    if (!text) return base::fail(text);
    return report::journal_from_lines(*text);
}

// What was noted on the command line and, for the journal here, in the spec's anchor.
base::Result<std::vector<engine::Head>> heads_for(const Session& session,
                                                  const AuditVerifyOptions& options) {
    std::vector<engine::Head> heads;
    for (const std::string& word : options.heads) {
        const auto head = head_from(word);
        if (!head) return base::fail(head);
        heads.push_back(*head);
    }
    std::filesystem::path anchor = options.anchor;
    if (anchor.empty() && options.file.empty()) {
        const auto site = find_site(session);
        if (!site) return base::fail(site);
        if (const auto spec = read_spec(*site)) anchor = anchor_of(*site, spec->spec);
    }
    const auto noted = noted_heads(anchor);
    if (!noted) return base::fail(noted);
    heads.insert(heads.end(), noted->begin(), noted->end());
    return heads;
}

}  // namespace

Ending audit_verify(Session& session, const AuditVerifyOptions& options) {
    const auto records = records_for(session, options.file);
    if (!records) return refuse(records.error());
    const auto heads = heads_for(session, options);
    if (!heads) return refuse(heads.error());
    const engine::Audit audit = engine::verify(*records, *heads);
    if (session.json()) {
        session.terminal.print(base::canonical({{"schema", "crossfade.audit/1"},
                                                {"intact", audit.intact},
                                                {"records", audit.records},
                                                {"head", audit.head.hash.hex()},
                                                {"noted_heads", heads->size()},
                                                {"first_bad", audit.first_bad},
                                                {"finding", audit.finding}}) +
                               '\n');
        if (!audit.intact) return ExitCode::error;
        return ExitCode::done;
    }
    if (!audit.intact) return refuse(ExitCode::error, broken(audit));
    session.terminal.print_line(fmt::format("the journal is whole: {}, head {}:{}",
                                            counted(audit.records, "record"), audit.head.index,
                                            audit.head.hash.hex()));
    session.terminal.say(
        heads->empty()
            ? std::string("no head was noted elsewhere, so a cut end or a chain made anew would "
                          "not show: name one by --head, or set `audit_anchor` in the spec")
            : fmt::format("it has {} that {} noted elsewhere", counted(heads->size(), "head"),
                          heads->size() == 1 ? "was" : "were"));
    return ExitCode::done;
}

Ending audit_show(Session& session, const AuditShowOptions& options) {
    auto records = journal_of(session);
    if (!records) return refuse(records.error());
    std::erase_if(*records, [&](const auto& record) { return record.index < options.from; });
    if (records->size() > options.limit) records->resize(options.limit);
    return show_records(session, *records);
}

Ending audit_export(Session& session, const std::string& file) {
    const auto records = journal_of(session);
    if (!records) return refuse(records.error());
    const std::string lines = report::journal_lines(*records);
    if (file.empty()) {
        session.terminal.print(lines);
        return ExitCode::done;
    }
    if (const auto written = base::write_file(file, lines, 0644); !written)
        return refuse(written.error());
    const engine::Audit audit = engine::verify(*records);
    session.terminal.say(fmt::format("wrote {} to {}; note its head elsewhere: {}:{}",
                                     counted(records->size(), "record"), file, audit.head.index,
                                     audit.head.hash.hex()));
    return ExitCode::done;
}

}  // namespace cli
