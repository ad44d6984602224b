#include "console/reader.h"

#include "base/log.h"
#include "console/feed.h"
#include "console/record_json.h"

#include <algorithm>

namespace console {

Reader::Reader(Source& source, base::Clock& clock, Ledger ledger, Cadence cadence,
               std::function<void(News)> tell)
    : source_(source),
      clock_(clock),
      ledger_(std::move(ledger)),
      cadence_(cadence),
      tell_(std::move(tell)) {}

Reader::~Reader() {
    stop();
}

void Reader::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Reader::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
}

bool Reader::ask(std::function<void(Source&)> question) {
    const std::lock_guard lock(mutex_);
    if (questions_.size() >= kQuestionsMax) return false;
    questions_.push_back(std::move(question));
    return true;
}

void Reader::run(const std::stop_token& stop) {
    if (const auto opened = ledger_.open(clock_.now()); !opened)
        base::log::warn("ledger_not_opened", {{"why", opened.error().line()}});
    // Questions do not wait for the next look at the journal.
    constexpr std::chrono::milliseconds kStep{20};
    base::Tick next{};
    while (!stop.stop_requested()) {
        answer_questions();
        if (clock_.tick() >= next) {
            next = clock_.tick() + cadence_.journal;
            look();
        }
        clock_.wait_until(clock_.tick() + kStep, stop);
    }
    ledger_.flush();
}

void Reader::answer_questions() {
    std::deque<std::function<void(Source&)>> questions;
    {
        const std::lock_guard lock(mutex_);
        questions.swap(questions_);
    }
    for (const auto& question : questions) question(source_);
}

void Reader::look() {
    News news;
    read_journal(news);
    const base::Tick now = clock_.tick();
    if (!news.lines.empty() || now >= status_due_) {
        status_due_ = now + (is_watched_ ? cadence_.status : cadence_.status_idle);
        look_at_status(news);
    }
    if (now >= counts_due_) {
        counts_due_ = std::max(counts_due_ + cadence_.counts, now);
        count(news);
    }
    const bool any = !news.lines.empty() || news.standing || news.tick || news.objective ||
                     !news.trouble.empty();
    if (any) tell_(std::move(news));
}

void Reader::read_journal(News& news) {
    const auto read = source_.read();
    if (!read) {
        news.trouble = read.error().line();
        return;
    }
    const auto& records = source_.records();
    if (records.size() == told_) return;
    // What no feed would keep is not made into text.
    if (records.size() - told_ > Feed::kRecordsMax) told_ = records.size() - Feed::kRecordsMax;
    for (; told_ < records.size(); ++told_)
        news.lines.emplace_back(records[told_].index, line_json(records[told_]));
    news.releases = releases_json(source_.releases());
    news.past = std::make_shared<const engine::Releases>(source_.releases());
}

void Reader::look_at_status(News& news) {
    auto standing = source_.look();
    if (!standing) {
        news.trouble = standing.error().line();
        return;
    }
    standing_ = std::make_shared<const Standing>(std::move(*standing));
    news.standing = standing_;
}

void Reader::count(News& news) {
    const engine::Status unknown;
    news.tick =
        meter_.read(clock_.now(), source_.counts(), standing_ ? standing_->status : unknown);
    if (news.tick) ledger_.add(*news.tick);
    if (clock_.tick() < objective_due_) return;
    objective_due_ = clock_.tick() + cadence_.objective;
    news.objective = ledger_.json(clock_.now());
}

}  // namespace console
