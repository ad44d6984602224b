#include "local/reconcile.h"

#include <algorithm>
#include <set>

namespace local {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{30'000};
/// Who lived so long did not fail at the start: the pauses begin anew.
constexpr milliseconds kLongLife{30'000};

class Decider {
public:
    Decider(const Wish& wish, Course course, const std::vector<Record>& records,
            const EdgeView& edge, base::Instant now)
        : wish_(wish), course_(course), records_(records), edge_(edge), now_(now) {}

    Decision decide() {
        for (const release::Pool pool : {release::Pool::blue, release::Pool::green}) size(pool);
        for (const Record& record : records_) {
            if (chosen_.contains(record.id)) continue;
            advance(record);
        }
        forget_strangers();
        return std::move(decision_);
    }

private:
    const Target* target_of(const Record& record) const {
        if (!edge_) return nullptr;
        const auto found = edge_->find(record.id);
        return found == edge_->end() ? nullptr : &found->second;
    }
    bool healthy(const Record& record) const {
        const Target* target = target_of(record);
        return record.phase == Phase::running && target != nullptr && target->state == "healthy" &&
               target->address == record.address;
    }
    static bool counted(const Record& record) {
        return record.phase == Phase::waiting || record.phase == Phase::running;
    }

    /// Creates what is missing and sends away what is too many.
    void size(release::Pool pool) {
        static const PoolWish kNothing;
        const PoolWish& wish = course_ == Course::down ? kNothing : wish_.of(pool);
        std::vector<const Record*> excess;
        std::uint32_t able = 0;
        for (const Record& record : records_) {
            if (record.pool != pool || !counted(record)) continue;
            able += healthy(record) ? 1U : 0U;
            if (wish.part_of(record.release) == nullptr) excess.push_back(&record);
        }
        for (const engine::Capacity& part : wish.parts) size_part(pool, part, excess);

        // Who serves nobody goes first, and without waiting for the others.
        std::stable_sort(excess.begin(), excess.end(), [this](const Record* a, const Record* b) {
            return !healthy(*a) && healthy(*b);
        });
        for (const Record* record : excess) {
            if (wish.surge && healthy(*record)) {
                decision_.watch_edge = true;
                if (!edge_ || able <= wish.instances()) continue;
                --able;
            }
            if (wish.surge && !edge_) continue;
            leave(*record, course_ == Course::down ? "the machine goes down" : "no longer wished");
        }
        if (wish.surge && !excess.empty()) decision_.watch_edge = true;
    }

    void size_part(release::Pool pool, const engine::Capacity& part,
                   std::vector<const Record*>& excess) {
        std::vector<const Record*> present;
        for (const Record& record : records_) {
            if (record.pool == pool && counted(record) && record.release == part.release.id) {
                present.push_back(&record);
            }
        }
        for (std::size_t n = present.size(); n < part.instances; ++n) {
            decision_.actions.push_back(Create{pool, part.release.id});
        }
        if (present.size() <= part.instances) return;
        // The oldest healthy ones stay: they are warm.
        std::stable_sort(present.begin(), present.end(), [this](const Record* a, const Record* b) {
            return healthy(*a) && !healthy(*b);
        });
        excess.insert(excess.end(), present.begin() + part.instances, present.end());
    }

    void leave(const Record& record, std::string reason) {
        chosen_.insert(record.id);
        decision_.actions.push_back(Leave{record.id, std::move(reason)});
    }

    void advance(const Record& record) {
        switch (record.phase) {
            case Phase::waiting:
                if (record.due <= now_) {
                    decision_.actions.push_back(Start{record.id});
                } else {
                    wake_at(record.due);
                }
                return;
            case Phase::running:
                keep_registered(record);
                return;
            case Phase::leaving:
                let_leave(record);
                return;
            case Phase::stopping:
                if (!record.process) {
                    decision_.actions.push_back(Remove{record.id});
                } else if (record.due <= now_) {
                    decision_.actions.push_back(Kill{record.id});
                } else {
                    wake_at(record.due);
                }
                return;
        }
    }

    void keep_registered(const Record& record) {
        if (!edge_) {
            decision_.watch_edge = true;
            return;
        }
        const Target* target = target_of(record);
        if (target != nullptr && target->state == "draining") {
            // Its former self, which has ended; the edge is about to notice.
            decision_.watch_edge = true;
        } else if (target == nullptr || target->address != record.address ||
                   target->state == "drained" || target->pool != record.pool) {
            decision_.actions.push_back(Register{record.id});
        }
    }

    void let_leave(const Record& record) {
        if (!record.process) {
            decision_.actions.push_back(Remove{record.id});
            return;
        }
        decision_.watch_edge = true;
        if (record.due > now_) wake_at(record.due);
        // Who cannot ask the edge does not know that nobody is in there: it stays.
        // Unless all goes down and the edge does not come back to be asked.
        if (!edge_) {
            if (course_ == Course::down && record.due <= now_) {
                decision_.actions.push_back(Stop{record.id, "the edge does not answer"});
            }
            return;
        }
        const Target* target = target_of(record);
        if (target == nullptr || target->state == "drained") {
            decision_.actions.push_back(Stop{record.id, "nothing left in it"});
        } else if (!target->leaving()) {
            // Also past the deadline: no request may be on its way to who is asked to end.
            decision_.actions.push_back(Drain{record.id});
        } else if (record.due <= now_) {
            decision_.actions.push_back(Stop{record.id, "the drain's deadline is over"});
        }
    }

    void forget_strangers() {
        if (!edge_) return;
        for (const auto& [id, target] : *edge_) {
            const bool known =
                std::any_of(records_.begin(), records_.end(),
                            [&id = id](const Record& record) { return record.id == id; });
            if (!known) decision_.actions.push_back(Forget{target.pool, id});
        }
    }

    void wake_at(base::Instant when) {
        decision_.wake = decision_.wake ? std::min(*decision_.wake, when) : when;
    }

    const Wish& wish_;
    Course course_;
    const std::vector<Record>& records_;
    const EdgeView& edge_;
    base::Instant now_;
    std::set<std::string> chosen_;
    Decision decision_;
};

}  // namespace

Decision decide(const Wish& wish, Course course, const std::vector<Record>& records,
                const EdgeView& edge, base::Instant now) {
    return Decider(wish, course, records, edge, now).decide();
}

Record ended(Record record, std::string how, base::Instant now) {
    const bool long_life = now - record.since >= kLongLife;
    record.process.reset();
    record.reason = std::move(how);
    if (record.phase != Phase::running) return record;
    record.phase = Phase::waiting;
    ++record.restarts;
    if (long_life) record.failures_in_row = 0;
    // The first start again is at once: what served well until now should be missed for as
    // short as possible.
    milliseconds pause{0};
    if (record.failures_in_row > 0) {
        const std::uint32_t doublings = std::min(record.failures_in_row - 1, 10U);
        pause = std::min(kFirstPause * (1U << doublings), kLongestPause);
    }
    ++record.failures_in_row;
    record.due = now + pause;
    return record;
}

}  // namespace local
