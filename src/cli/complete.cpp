// Words that only a present application knows, for the shell's completion. What cannot be told is
// not told: completion never prints errors into a prompt.

#include "cli/codes.h"
#include "cli/commands.h"
#include "cli/site.h"

#include "engine/history.h"
#include "engine/journal.h"

#include <filesystem>
#include <set>
#include <system_error>

namespace cli {
namespace {

std::set<std::string> releases_at(const Site& site) {
    std::set<std::string> words;
    const auto store = open_store(site);
    if (!store) return words;
    const auto records = engine::read_journal(**store);
    if (!records) return words;
    const auto releases = engine::releases_of(*records);
    if (!releases) return words;
    for (const engine::PastRun& run : releases->runs) {
        words.insert(run.id);
        words.insert(to_text(run.release.version));
    }
    return words;
}

std::set<std::string> logs_at(const Site& site) {
    std::set<std::string> words;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(site.folder.logs(), error)) {
        if (entry.path().extension() == ".log") words.insert(entry.path().stem().string());
    }
    return words;
}

}  // namespace

Ending complete(Session& session, const std::string& noun) {
    std::set<std::string> words;
    if (noun == "codes") {
        for (const CodeGroup& group : code_groups()) {
            for (const CodeEntry& entry : group.codes) words.insert(std::string(entry.code));
        }
    } else if (const auto site = find_site(session)) {
        if (noun == "releases") words = releases_at(*site);
        if (noun == "instances") words = logs_at(*site);
    }
    for (const std::string& word : words) session.terminal.print_line(word);
    return ExitCode::done;
}

}  // namespace cli
