#include "engine/deed.h"

#include "base/json.h"
#include "engine/body.h"
#include "engine/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace engine {

namespace {

std::optional<Request> deed_of(const Record& record) {
    const bool noted = record.kind == name_of(RecordKind::noted);
    if (!noted && record.kind != name_of(RecordKind::request)) return std::nullopt;
    const auto body = base::json_from(record.body);
    if (!body) return std::nullopt;
    return Request{.id = number_in(*body, "id"),
                   .at = record.at,
                   .actor = noted ? record.actor : text_in(*body, "by"),
                   .verb = text_in(*body, "verb"),
                   .argument = text_in(*body, "argument")};
}

bool has(const std::vector<Record>& records, const Request& deed) {
    return std::any_of(records.begin(), records.end(), [&](const Record& each) {
        const auto known = deed_of(each);
        return known && known->id == deed.id;
    });
}

}  // namespace

std::vector<Request> deeds_in(const std::vector<Record>& records) {
    std::vector<Request> out;
    for (const Record& record : records) {
        if (auto deed = deed_of(record)) out.push_back(std::move(*deed));
    }
    return out;
}

std::optional<Request> lock_in(const std::vector<Record>& records,
                               const std::vector<Request>& wishes) {
    std::map<std::uint64_t, Request> known;
    for (Request& deed : deeds_in(records)) known.emplace(deed.id, std::move(deed));
    for (const Request& wish : wishes) known.emplace(wish.id, wish);
    std::optional<Request> held;
    for (const auto& [id, each] : known) {
        if (each.verb == kLock) held = each;
        if (each.verb == kUnlock) held.reset();
    }
    return held;
}

base::Result<void> note(Store& store, const Request& deed, const Scribe& scribe,
                        base::Instant now) {
    const auto lease =
        store.acquire(scribe.holder, fmt::format("note: {}", deed.verb), now, scribe.lease);
    if (!lease) return base::fail(lease);
    const auto write = [&]() -> base::Result<void> {
        const auto records = read_journal(store);
        if (!records) return base::fail(records);
        if (has(*records, deed)) return {};
        const std::optional<Record> last =
            records->empty() ? std::nullopt : std::optional(records->back());
        return store.append(
            record_after(
                last, {.kind = RecordKind::noted,
                       .release = {},
                       .actor = deed.actor,
                       .at = now,
                       .body = base::canonical(
                           {{"id", deed.id}, {"verb", deed.verb}, {"argument", deed.argument}})}),
            lease->fence);
    };
    const auto written = write();
    const auto given = store.release(*lease);
    if (!written) return written;
    return given;
}

}  // namespace engine
