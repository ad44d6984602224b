#pragma once
// The journal's words, its hash chain, and what makes a sequence of records legal.
//
// A record's hash covers its index, instant, release, actor, kind and body and the hash of the
// record before, as canonical JSON. A reader that knows a later head finds every edit, deletion,
// reordering and truncation; without one, everything but a cut tail (P7).

#include "base/result.h"
#include "engine/store.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// What happened. The names are stored: never rename one.
enum class RecordKind {
    begun,        ///< A run starts. Body: the whole plan, its digest, the fence.
    entered,      ///< A step starts; its deadlines count from here.
    intent,       ///< The world is about to be changed: token, what, and with what.
    result,       ///< What came of the last intent: done, or a failure by its kind.
    observed,     ///< A fact on which a later move depends: progress, a share that became real.
    verdict,      ///< What the judge said, with the counts it said it from.
    request,      ///< A person's wish was taken up.
    passed,       ///< A step is complete.
    turned,       ///< The run goes back, and why.
    interrupted,  ///< Its driver stops in good order; traffic stays where it is.
    resumed,      ///< Another driver carries on, under a new lease.
    ended,        ///< The run is over: how, and what it cost.
    closed,       ///< Nothing of it is left to do: the old pool is empty or has a new use.
    noted,        ///< Somebody did something outside of any run: a lock, a token (engine/deed.h).
};

std::string_view name_of(RecordKind kind);
base::Result<RecordKind> record_kind_from(std::string_view name);

/// What a writer says; the chain adds index, previous and hash.
struct Entry {
    RecordKind kind = RecordKind::observed;
    std::string release;
    std::string actor;
    base::Instant at;
    std::string body = "{}";  ///< Canonical JSON.
};

/// The record that follows `last` (none: the journal is empty).
Record record_after(const std::optional<Record>& last, const Entry& entry);

/// The hash that `record` should carry.
base::Digest hash_of(const Record& record);

/// A journal's end, as noted elsewhere: in a report, a build log, another store.
struct Head {
    std::uint64_t index = 0;
    base::Digest hash;
};

/// What `audit verify` says. `first_bad` is the lowest index at which the chain does not hold.
struct Audit {
    bool intact = true;
    std::uint64_t records = 0;
    Head head;
    std::uint64_t first_bad = 0;
    std::string finding;  ///< One sentence; empty when intact.
};

/// Checks a whole journal, from record 1; `known` are heads that it must contain.
Audit verify(const std::vector<Record>& records, const std::vector<Head>& known = {});

/// All records, read in pages.
base::Result<std::vector<Record>> read_journal(Store& store);

/// One record for people, without a line's end: `shift-1: green gets 5 %`.
std::string sentence_of(const Record& record);

}  // namespace engine
