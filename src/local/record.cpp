#include "local/record.h"

#include "base/file.h"
#include "base/json.h"
#include "local/wire.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

namespace local {

namespace {

constexpr base::Bytes kRecordMax{1024 * 1024};
constexpr std::array kPhases{
    std::pair{Phase::waiting, "waiting"}, std::pair{Phase::running, "running"},
    std::pair{Phase::leaving, "leaving"}, std::pair{Phase::stopping, "stopping"}};

/// Takes members one after the other and remembers the first that is wrong.
class Members {
public:
    explicit Members(const base::Json& json) : json_(json) {}

    template <typename T>
    T take(std::string_view key) {
        auto found = base::member<T>(json_, key);
        if (found) return std::move(*found);
        if (!error) error = found.error();
        return T{};
    }
    base::Instant instant(std::string_view key) {
        return base::instant_of_micros(take<std::int64_t>(key));
    }

    std::optional<base::Error> error;

private:
    const base::Json& json_;
};

}  // namespace

std::string_view name_of(Phase phase) {
    for (const auto& [value, name] : kPhases) {
        if (value == phase) return name;
    }
    return "";
}

base::Result<Phase> phase_from(std::string_view name) {
    for (const auto& [value, text] : kPhases) {
        if (text == name) return value;
    }
    return base::fail(base::Failure::rejected,
                      {.code = "CF0428", .what = fmt::format("`{}` is no phase", name)});
}

std::string to_json(const Record& record) {
    base::Json json{{"id", record.id},
                    {"pool", release::name_of(record.pool)},
                    {"release", record.release},
                    {"artifact", record.artifact},
                    {"address", record.address},
                    {"phase", name_of(record.phase)},
                    {"since", base::micros_of(record.since)},
                    {"due", base::micros_of(record.due)},
                    {"restarts", record.restarts},
                    {"failures_in_row", record.failures_in_row},
                    {"stop_grace_ms", record.stop_grace.count()},
                    {"reason", record.reason}};
    if (record.process) {
        json["process"] = {{"pid", record.process->pid},
                           {"start_ticks", record.process->start_ticks},
                           {"boot", record.process->boot}};
    }
    return base::canonical(json);
}

base::Result<Record> record_from(std::string_view text) {
    const auto json = base::json_from(text);
    if (!json) return base::fail(json);
    Members members(*json);
    Record record;
    record.id = members.take<std::string>("id");
    record.release = members.take<std::string>("release");
    record.artifact = members.take<std::string>("artifact");
    record.address = members.take<std::string>("address");
    record.since = members.instant("since");
    record.due = members.instant("due");
    record.restarts = static_cast<std::uint32_t>(members.take<std::uint64_t>("restarts"));
    record.failures_in_row =
        static_cast<std::uint32_t>(members.take<std::uint64_t>("failures_in_row"));
    record.stop_grace = std::chrono::milliseconds(members.take<std::int64_t>("stop_grace_ms"));
    record.reason = members.take<std::string>("reason");
    const auto pool = pool_from(members.take<std::string>("pool"));
    const auto phase = phase_from(members.take<std::string>("phase"));
    if (members.error) return base::fail(*members.error);
    if (!pool) return base::fail(pool);
    if (!phase) return base::fail(phase);
    record.pool = *pool;
    record.phase = *phase;
    if (json->contains("process")) {
        Members process(json->at("process"));
        record.process = Identity{.pid = static_cast<pid_t>(process.take<std::int64_t>("pid")),
                                  .start_ticks = process.take<std::uint64_t>("start_ticks"),
                                  .boot = process.take<std::string>("boot")};
        if (process.error) return base::fail(*process.error);
    }
    return record;
}

base::Result<void> Records::write(const Record& record) const {
    return base::write_file(folder_ / fmt::format("{}.json", record.id), to_json(record));
}

base::Result<void> Records::remove(const std::string& id) const {
    const std::filesystem::path file = folder_ / fmt::format("{}.json", id);
    if (unlink(file.c_str()) == 0 || errno == ENOENT) return {};
    return base::fail(base::system_error("cannot remove", file, errno));
}

base::Result<std::vector<Record>> Records::read() const {
    std::vector<Record> records;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
        const std::string name = entry.path().filename();
        if (!name.ends_with(".json") || name.starts_with('.')) continue;
        const auto text = base::read_file(entry.path(), kRecordMax);
        if (!text) return base::fail(text);
        auto record = record_from(*text);
        if (!record) {
            return base::fail(
                base::Failure::rejected,
                {.code = "CF0429",
                 .what = fmt::format("{} cannot be read", entry.path().native()),
                 .why = record.error().line(),
                 .fix = "see whether a process with this name runs, end it, remove the file"});
        }
        records.push_back(std::move(*record));
    }
    if (error) return base::fail(base::system_error("cannot list", folder_, error.value()));
    const auto number = [](const Record& record) {
        return std::atoll(record.id.c_str() + record.id.find('-') + 1);
    };
    std::sort(records.begin(), records.end(),
              [&number](const Record& a, const Record& b) { return number(a) < number(b); });
    return records;
}

}  // namespace local
