#include "local/instances.h"

#include "base/log.h"
#include "local/artifact.h"
#include "local/log_file.h"
#include "local/seat.h"

#include <fmt/format.h>

#include <csignal>

namespace local {

namespace {

constexpr std::chrono::seconds kCall{2};

template <typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};

std::chrono::milliseconds left_until(base::Instant due, base::Instant now) {
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(due - now),
                    std::chrono::milliseconds(0));
}

}  // namespace

/// One process's descriptor on the loop.
struct Instances::Watched final : net::Watcher {
    Watched(Instances& all, std::string instance, base::Fd fd)
        : owner(all), id(std::move(instance)), descriptor(std::move(fd)) {
        key = owner.loop_.watch(descriptor.number(), *this, net::Trigger::listener);
    }
    ~Watched() override { owner.loop_.forget(key); }

    void on_ready(net::Ready) override { owner.on_end(id); }

    Instances& owner;
    std::string id;
    base::Fd descriptor;
    net::WatchKey key;
};

Instances::Instances(net::Loop& loop, const Folder& folder, EdgeAdmin& edge,
                     std::function<void()> changed)
    : loop_(loop),
      folder_(folder),
      edge_(edge),
      changed_(std::move(changed)),
      files_(folder.instances()) {}

Instances::~Instances() = default;

base::Deadline Instances::soon() const {
    return loop_.clock().deadline_in(kCall);
}

Record* Instances::find(const std::string& id) {
    const auto found = std::find_if(records_.begin(), records_.end(),
                                    [&id](const Record& record) { return record.id == id; });
    return found == records_.end() ? nullptr : &*found;
}

base::Result<void> Instances::store(const Record& record) {
    if (auto written = files_.write(record); !written) return written;
    if (Record* known = find(record.id)) {
        *known = record;
    } else {
        records_.push_back(record);
    }
    return {};
}

base::Result<void> Instances::adopt(const Wish& wish) {
    auto read = files_.read();
    if (!read) return base::fail(read);
    records_ = std::move(*read);
    for (const Record& record : std::vector<Record>(records_)) {
        if (const auto* part = wish.of(record.pool).part_of(record.release)) {
            processes_[record.id] = part->release.process;
        }
        if (!record.process) continue;
        auto descriptor = watch(*record.process);
        if (descriptor) {
            base::log::info("adopted", {{"instance", record.id}, {"pid", record.process->pid}});
            watch_process(record, std::move(*descriptor));
            // The signal may not have been sent before we died.
            if (record.phase == Phase::stopping) signal_group(*record.process, SIGTERM);
        } else {
            note_end(record, how_it_ended(record, reap(*record.process)));
        }
    }
    return {};
}

base::Result<void> Instances::carry_out(const Action& action, Wish& wish, const EdgeView& view) {
    const auto with = [this](const std::string& id, auto&& effect) -> base::Result<void> {
        Record* record = find(id);
        if (record == nullptr) return {};
        return effect(*record);
    };
    return std::visit(
        Overloaded{
            [&](const Create& create_it) { return create(create_it, wish); },
            [&](const Start& each) {
                return with(each.id, [&](Record& record) { return start(record, wish); });
            },
            [&](const Register& each) {
                return with(each.id, [&](Record& record) { return enlist(record, view); });
            },
            [&](const Leave& each) {
                return with(each.id, [&](Record& record) { return leave(record, each, wish); });
            },
            [&](const Drain& each) {
                return with(each.id, [&](Record& record) { return drain(record, wish); });
            },
            [&](const Stop& each) {
                return with(each.id, [&](Record& record) { return stop(record, each.reason); });
            },
            [&](const Kill& each) {
                return with(each.id, [&](Record& record) -> base::Result<void> {
                    base::log::warn("killed", {{"instance", record.id}, {"why", "grace is over"}});
                    signal_group(*record.process, SIGKILL);
                    record.due = loop_.clock().now() + std::chrono::seconds(1);
                    return {};
                });
            },
            [&](const Remove& each) { return remove(each.id, view); },
            [&](const Forget& each) { return forget(each, view); }},
        action);
}

base::Result<void> Instances::create(const Create& action, Wish& wish) {
    std::set<std::string> taken;
    for (const Record& record : records_) taken.insert(record.address);
    const std::uint64_t number = wish.next_instance;
    const auto address = free_address(folder_.root(), number, taken);
    if (!address) return base::fail(address);
    // The number first: one that was given out is never given out again.
    ++wish.next_instance;
    if (auto kept = base::write_file(folder_.wish(), to_json(wish)); !kept) return kept;
    const base::Instant now = loop_.clock().now();
    const engine::Capacity* part = wish.of(action.pool).part_of(action.release);
    return store({.id = fmt::format("{}-{}", release::name_of(action.pool), number),
                  .pool = action.pool,
                  .release = action.release,
                  .artifact = part == nullptr ? "" : part->release.artifact.hex(),
                  .address = *address,
                  .phase = Phase::waiting,
                  .process = std::nullopt,
                  .since = now,
                  .due = now,
                  .stop_grace = wish.of(action.pool).manners.stop_grace,
                  .reason = ""});
}

base::Result<void> Instances::start(Record& record, const Wish& wish) {
    const engine::Capacity* part = wish.of(record.pool).part_of(record.release);
    if (part == nullptr) return {};
    Record starting = record;
    starting.since = loop_.clock().now();
    processes_[record.id] = part->release.process;
    const auto ran = run(starting, part->release);
    if (ran) return {};
    // As if it had ended at once, so that the next attempt waits.
    starting.phase = Phase::running;
    note_end(starting, ran.error().line());
    return {};
}

base::Result<void> Instances::run(Record record, const release::Release& release) {
    const std::filesystem::path artifact =
        Artifacts(folder_.artifacts()).folder_of(release.artifact);
    auto launch = launch_of(release.process, record, artifact, folder_.root().parent_path());
    if (!launch) return base::fail(launch);
    auto log = open_log(folder_.log_of(record.id));
    if (!log) return base::fail(log);
    launch->output = log->number();
    auto held = hold(*launch);
    if (!held) return base::fail(held);
    record.process = held->identity();
    record.phase = Phase::running;
    auto running = store(record);
    if (running) running = held->let_go();
    if (!running) {
        signal_group(held->identity(), SIGKILL);
        reap(held->identity());
        return running;
    }
    base::log::info("started", {{"instance", record.id},
                                {"release", record.release},
                                {"address", record.address},
                                {"pid", record.process->pid}});
    watch_process(record, held->take_watch());
    return {};
}

base::Result<void> Instances::enlist(const Record& record, const EdgeView& view) {
    const auto target =
        view ? view->find(record.id) : std::map<std::string, Target>::const_iterator{};
    if (view && target != view->end()) {
        // What stands there is what it was before it was started again.
        if (!target->second.leaving()) {
            return edge_.drain(record.pool, record.id, std::chrono::milliseconds(0), 0, soon());
        }
        auto gone = edge_.forget(record.pool, record.id, soon());
        if (!gone) return gone;
    }
    return edge_.add(record, soon());
}

base::Result<void> Instances::leave(Record& record, const Leave& action, const Wish& wish) {
    const Manners& manners = wish.of(record.pool).manners;
    Record leaving = record;
    leaving.phase = Phase::leaving;
    leaving.due = loop_.clock().now() + manners.drain_deadline;
    leaving.stop_grace = manners.stop_grace;
    leaving.reason = action.reason;
    if (auto stored = store(leaving); !stored) return stored;
    base::log::info("leaving", {{"instance", leaving.id}, {"why", action.reason}});
    return {};
}

base::Result<void> Instances::drain(const Record& record, const Wish& wish) {
    return edge_.drain(record.pool, record.id, left_until(record.due, loop_.clock().now()),
                       wish.of(record.pool).manners.drain_sockets_a_second, soon());
}

base::Result<void> Instances::stop(Record& record, const std::string& reason) {
    Record stopping = record;
    stopping.phase = Phase::stopping;
    stopping.due = loop_.clock().now() + record.stop_grace;
    stopping.reason = reason;
    if (auto stored = store(stopping); !stored) return stored;
    base::log::info("stopping", {{"instance", stopping.id}, {"why", reason}});
    if (stopping.process) signal_group(*stopping.process, SIGTERM);
    return {};
}

base::Result<void> Instances::remove(const std::string& id, const EdgeView& view) {
    if (auto removed = files_.remove(id); !removed) return removed;
    const auto record = std::find_if(records_.begin(), records_.end(),
                                     [&id](const Record& each) { return each.id == id; });
    const release::Pool pool = record->pool;
    base::log::info("gone", {{"instance", id}, {"how", record->reason}});
    records_.erase(record);
    watched_.erase(id);
    processes_.erase(id);
    return forget({pool, id}, view);
}

base::Result<void> Instances::forget(const Forget& action, const EdgeView& view) {
    if (!view) return {};
    const auto target = view->find(action.id);
    if (target == view->end()) return {};
    if (target->second.state == "drained") return edge_.forget(action.pool, action.id, soon());
    if (target->second.state == "draining") return {};
    return edge_.drain(action.pool, action.id, std::chrono::milliseconds(0), 0, soon());
}

void Instances::stop_all() {
    for (const Record& each : std::vector<Record>(records_)) {
        if (each.phase == Phase::stopping) continue;
        if (const auto stopped = stop(*find(each.id), "the machine goes down now"); !stopped) {
            base::log::error("stop_failed",
                             {{"instance", each.id}, {"why", stopped.error().line()}});
        }
    }
}

void Instances::watch_process(const Record& record, base::Fd descriptor) {
    watched_[record.id] = std::make_unique<Watched>(*this, record.id, std::move(descriptor));
}

void Instances::on_end(const std::string& id) {
    const std::string ended_id = id;  // `id` is the watcher's, which goes
    Record* record = find(ended_id);
    const auto watcher = watched_.find(ended_id);
    if (watcher != watched_.end()) {
        loop_.forget(watcher->second->key);
        loop_.dispose(std::move(watcher->second));
        watched_.erase(watcher);
    }
    if (record == nullptr || !record->process) return;
    const Exit exit = reap(*record->process);
    note_end(*record, how_it_ended(*record, exit));
    changed_();
}

std::string Instances::how_it_ended(const Record& record, const Exit& exit) const {
    const std::string line = last_line(folder_.log_of(record.id));
    const std::string how = line.empty() ? exit.text() : fmt::format("{}: {}", exit.text(), line);
    const auto process = processes_.find(record.id);
    if (process == processes_.end()) return how;
    return scrubbed(how, secrets_of(process->second, folder_.root().parent_path()));
}

void Instances::note_end(Record record, const std::string& how) {
    const bool served = record.phase == Phase::running;
    if (served) base::log::warn("ended", {{"instance", record.id}, {"how", how}});
    const Record after = ended(std::move(record), how, loop_.clock().now());
    if (const auto stored = store(after); !stored) {
        // What is in memory decides; the file still names a process that can be seen to be gone.
        base::log::error("record_failed", {{"instance", after.id}, {"why", stored.error().line()}});
        if (Record* known = find(after.id)) *known = after;
    }
    if (!served) return;
    // At once, not when the edge's next check fails: requests would meet a closed port.
    const auto drained = edge_.drain(after.pool, after.id, std::chrono::milliseconds(0), 0, soon());
    if (!drained && drained.error().failure != base::Failure::not_found) {
        base::log::warn("not_deregistered",
                        {{"instance", after.id}, {"why", drained.error().line()}});
    }
}

}  // namespace local
