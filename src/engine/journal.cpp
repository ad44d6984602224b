#include "engine/journal.h"

#include "base/json.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <utility>

namespace engine {

namespace {

constexpr std::size_t kPageRecords = 512;

constexpr std::array<std::pair<RecordKind, std::string_view>, 14> kNames{{
    {RecordKind::begun, "begun"},
    {RecordKind::entered, "entered"},
    {RecordKind::intent, "intent"},
    {RecordKind::result, "result"},
    {RecordKind::observed, "observed"},
    {RecordKind::verdict, "verdict"},
    {RecordKind::request, "request"},
    {RecordKind::passed, "passed"},
    {RecordKind::turned, "turned"},
    {RecordKind::interrupted, "interrupted"},
    {RecordKind::resumed, "resumed"},
    {RecordKind::ended, "ended"},
    {RecordKind::closed, "closed"},
    {RecordKind::noted, "noted"},
}};

std::string text_of(const base::Json& body, std::string_view key) {
    return base::member_or<std::string>(body, key, "").value_or("");
}

/// The parts of a body that a person wants, in a fixed order, those that are there.
std::string gist_of(const base::Json& body) {
    std::string out;
    for (const std::string_view key : {"step", "direction", "says", "outcome", "word", "fact",
                                       "verb", "argument", "ending", "cause", "reason", "why"}) {
        const std::string text = text_of(body, key);
        const bool usual = (key == "direction" && text == "do") || text == "none";
        if (text.empty() || usual) continue;
        out += (out.empty() ? "" : " · ") + text;
    }
    return out;
}

}  // namespace

std::string_view name_of(RecordKind kind) {
    for (const auto& [each, name] : kNames) {
        if (each == kind) return name;
    }
    return "";
}

base::Result<RecordKind> record_kind_from(std::string_view name) {
    for (const auto& [kind, each] : kNames) {
        if (each == name) return kind;
    }
    return base::fail(base::Failure::rejected,
                      {.code = "CF0310",
                       .what = fmt::format("`{}` is no kind of journal record", name.substr(0, 64)),
                       .why = "the journal was written by a newer version, or was changed"});
}

base::Digest hash_of(const Record& record) {
    const base::Json content{{"index", record.index},
                             {"at", base::micros_of(record.at)},
                             {"release", record.release},
                             {"actor", record.actor},
                             {"kind", record.kind},
                             {"body", record.body},
                             {"previous", record.previous.hex()}};
    return base::sha256(base::canonical(content));
}

Record record_after(const std::optional<Record>& last, const Entry& entry) {
    Record record;
    record.index = last ? last->index + 1 : 1;
    record.at = entry.at;
    record.release = entry.release;
    record.actor = entry.actor;
    record.kind = name_of(entry.kind);
    record.body = entry.body;
    if (last) record.previous = last->hash;
    record.hash = hash_of(record);
    return record;
}

Audit verify(const std::vector<Record>& records, const std::vector<Head>& known) {
    std::map<std::uint64_t, base::Digest> noted;
    for (const Head& head : known) {
        // Two that contradict each other cannot both be in the journal.
        const auto [at, fresh] = noted.emplace(head.index, head.hash);
        if (!fresh && at->second != head.hash) at->second = base::Digest{};
    }
    Audit audit;
    const auto bad = [&audit](std::uint64_t index, std::string finding) {
        audit.intact = false;
        audit.first_bad = index;
        audit.finding = std::move(finding);
        return audit;
    };
    base::Digest previous;
    for (const Record& record : records) {
        const std::uint64_t expected = audit.records + 1;
        if (record.index != expected) {
            return bad(expected, fmt::format("record {} is missing; record {} stands in its place",
                                             expected, record.index));
        }
        if (record.previous != previous) {
            return bad(expected,
                       fmt::format("record {} does not follow the record before it", expected));
        }
        if (record.hash != hash_of(record)) {
            return bad(expected,
                       fmt::format("record {} was changed after it was written", expected));
        }
        const auto head = noted.find(record.index);
        if (head != noted.end() && head->second != record.hash) {
            return bad(expected, fmt::format("record {} is not the one that was noted", expected));
        }
        previous = record.hash;
        audit.records = record.index;
        audit.head = {record.index, record.hash};
    }
    if (!noted.empty() && noted.rbegin()->first > audit.records) {
        return bad(audit.records + 1,
                   fmt::format("the journal ends at record {}; record {} was noted", audit.records,
                               noted.rbegin()->first));
    }
    return audit;
}

base::Result<std::vector<Record>> read_journal(Store& store) {
    std::vector<Record> all;
    for (;;) {
        const auto page = store.read(all.size() + 1, kPageRecords);
        if (!page) return base::fail(page);
        all.insert(all.end(), page->begin(), page->end());
        if (page->size() < kPageRecords) return all;
    }
}

std::string sentence_of(const Record& record) {
    const auto body = base::json_from(record.body);
    const std::string gist = body ? gist_of(*body) : "unreadable";
    return gist.empty() ? record.kind : fmt::format("{}: {}", record.kind, gist);
}

}  // namespace engine
