#include "report/journal_file.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"

#include <fmt/format.h>

#include <utility>

namespace report {
namespace {

base::Result<engine::Record> record_from(std::string_view line) {
    const auto json = base::json_from(line);
    if (!json) return base::fail(json);
    const auto index = base::member<std::uint64_t>(*json, "index");
    const auto micros = base::member<std::int64_t>(*json, "at_micros");
    const auto release = base::member<std::string>(*json, "release");
    const auto actor = base::member<std::string>(*json, "actor");
    const auto kind = base::member<std::string>(*json, "kind");
    const auto body = base::member<std::string>(*json, "body");
    const auto previous = base::member<std::string>(*json, "previous");
    const auto hash = base::member<std::string>(*json, "hash");
    if (!index) return base::fail(index);
    if (!micros) return base::fail(micros);
    for (const auto* each : {&release, &actor, &kind, &body, &previous, &hash}) {
        if (!*each) return base::fail(*each);
    }
    const auto before = base::digest_from(*previous);
    const auto own = base::digest_from(*hash);
    if (!before) return base::fail(before);
    if (!own) return base::fail(own);
    return engine::Record{.index = *index,
                          .at = base::instant_of_micros(*micros),
                          .release = *release,
                          .actor = *actor,
                          .kind = *kind,
                          .body = *body,
                          .previous = *before,
                          .hash = *own};
}

}  // namespace

std::string journal_lines(const std::vector<engine::Record>& records) {
    std::string out;
    for (const engine::Record& record : records) {
        // The body stays a text: its very bytes are what is hashed.
        out += base::canonical({{"schema", "crossfade.record/1"},
                                {"index", record.index},
                                {"at", base::to_text(record.at)},
                                {"at_micros", base::micros_of(record.at)},
                                {"release", record.release},
                                {"actor", record.actor},
                                {"kind", record.kind},
                                {"body", record.body},
                                {"previous", record.previous.hex()},
                                {"hash", record.hash.hex()}}) +
               '\n';
    }
    return out;
}

base::Result<std::vector<engine::Record>> journal_from_lines(std::string_view lines) {
    std::vector<engine::Record> out;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        auto record = record_from(lines.substr(0, end));
        if (!record) {
            return base::fail(
                base::Failure::rejected,
                {.code = "CF0750",
                 .what = fmt::format("line {} is no record of a journal", out.size() + 1),
                 .why = record.error().line(),
                 .fix = "export the journal again, and compare"});
        }
        out.push_back(std::move(*record));
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
    return out;
}

}  // namespace report
