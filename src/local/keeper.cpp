#include "local/keeper.h"

#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "local/log_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

namespace local {

namespace {

using std::chrono::milliseconds;

constexpr base::Bytes kRecordMax{64 * 1024};
constexpr milliseconds kFirstPause{20};
constexpr std::uint32_t kDoublingsMax = 7;
/// Who lived so long is started again at once.
constexpr std::chrono::seconds kLongLife{5};

std::string record_text(const Identity& identity, base::Instant since, std::uint32_t restarts) {
    return base::canonical({{"pid", identity.pid},
                            {"start_ticks", identity.start_ticks},
                            {"boot", identity.boot},
                            {"since", base::micros_of(since)},
                            {"restarts", restarts}});
}

}  // namespace

Keeper::Keeper(net::Loop& loop, Kept kept, std::function<void()> changed)
    : loop_(loop),
      kept_(std::move(kept)),
      changed_(std::move(changed)),
      again_(loop, [this] { start(); }),
      kill_(loop, [this] {
          if (process_) signal_group(*process_, SIGKILL);
          if (before_) signal_group(before_->identity, SIGKILL);
      }) {}

Keeper::~Keeper() {
    loop_.forget(key_);
    if (before_) loop_.forget(before_->key);
}

void Keeper::begin() {
    if (kept_.command.empty() || process_) return;
    const auto text = base::read_file(kept_.record, kRecordMax);
    const auto json = text ? base::json_from(*text) : base::fail(text);
    if (json) {
        const Identity identity{
            .pid = static_cast<pid_t>(base::member<std::int64_t>(*json, "pid").value_or(0)),
            .start_ticks = base::member<std::uint64_t>(*json, "start_ticks").value_or(0),
            .boot = base::member<std::string>(*json, "boot").value_or("")};
        restarts_ =
            static_cast<std::uint32_t>(base::member<std::uint64_t>(*json, "restarts").value_or(0));
        since_ = base::instant_of_micros(base::member<std::int64_t>(*json, "since").value_or(0));
        if (auto watched = watch(identity)) {
            base::log::info("adopted", {{"process", kept_.name}, {"pid", identity.pid}});
            adopt(identity, std::move(*watched));
            return;
        }
    }
    start();
}

void Keeper::adopt(const Identity& identity, base::Fd watch) {
    process_ = identity;
    watch_ = std::move(watch);
    key_ = loop_.watch(watch_.number(), *this, net::Trigger::listener);
    changed_();
}

void Keeper::start() {
    if (ending_ || process_) return;
    if (const auto started = try_start(); !started) {
        last_end_ = started.error().line();
        base::log::error("start_failed", {{"process", kept_.name}, {"why", last_end_}});
        ended_well_ = false;
        if (kept_.only_once) {
            changed_();
        } else {
            start_later();
        }
    }
}

base::Result<void> Keeper::try_start() {
    auto log = open_log(kept_.log);
    if (!log) return base::fail(log);
    const Launch launch{.command = kept_.command,
                        .environment = minimal_environment(),
                        .working_folder = kept_.working_folder,
                        .input = -1,
                        .output = log->number()};
    auto held = hold(launch);
    if (!held) return base::fail(held);
    since_ = loop_.clock().now();
    auto written = base::write_file(kept_.record, record_text(held->identity(), since_, restarts_));
    auto running = written ? held->let_go() : written;
    if (!running) {
        signal_group(held->identity(), SIGKILL);
        reap(held->identity());
        return running;
    }
    base::log::info("started", {{"process", kept_.name}, {"pid", held->identity().pid}});
    adopt(held->identity(), held->take_watch());
    return {};
}

void Keeper::start_later() {
    const milliseconds pause = kFirstPause * (1U << std::min(quick_ends_, kDoublingsMax));
    ++quick_ends_;
    again_.arm_in(pause);
}

void Keeper::replace() {
    if (!process_ || before_ || ending_) return;
    loop_.forget(key_);
    before_ = std::make_unique<Before>(*this);
    before_->identity = *process_;
    before_->since = since_;
    before_->watch = std::move(watch_);
    before_->key = loop_.watch(before_->watch.number(), *before_, net::Trigger::listener);
    process_.reset();
    if (const auto started = try_start(); !started) {
        last_end_ = started.error().line();
        base::log::error("replace_failed", {{"process", kept_.name}, {"why", last_end_}});
        keep_before();
        changed_();
    }
}

void Keeper::keep_before() {
    loop_.forget(before_->key);
    since_ = before_->since;
    const Identity identity = before_->identity;
    base::Fd watch = std::move(before_->watch);
    loop_.dispose(std::move(before_));
    const auto written = base::write_file(kept_.record, record_text(identity, since_, restarts_));
    if (!written) base::log::warn("not_recorded", {{"why", written.error().line()}});
    adopt(identity, std::move(watch));
}

void Keeper::before_ended() {
    const Exit exit = reap(before_->identity);
    base::log::info("before_ended", {{"process", kept_.name}, {"how", exit.text()}});
    loop_.forget(before_->key);
    loop_.dispose(std::move(before_));
    if (ending_ && !process_) return ended_for_good();
    changed_();
}

void Keeper::ended_for_good() {
    kill_.disarm();
    unlink(kept_.record.c_str());
    changed_();
}

void Keeper::end(milliseconds grace) {
    ending_ = true;
    again_.disarm();
    if (!any()) {
        changed_();
        return;
    }
    if (process_) signal_group(*process_, SIGTERM);
    if (before_) signal_group(before_->identity, SIGTERM);
    kill_.arm_in(grace);
}

void Keeper::on_ready(net::Ready) {
    const Exit exit = reap(*process_);
    last_end_ = fmt::format("{}: {}", exit.text(), last_line(kept_.log));
    loop_.forget(key_);
    watch_.reset();
    process_.reset();
    ended_well_ = exit.code == 0;
    if (ending_ && before_) return;
    if (ending_ || kept_.only_once) return ended_for_good();
    if (before_) {
        base::log::warn("replace_failed", {{"process", kept_.name}, {"how", last_end_}});
        return keep_before();
    }
    base::log::warn("ended", {{"process", kept_.name}, {"how", last_end_}});
    ++restarts_;
    if (loop_.clock().now() - since_ >= kLongLife) quick_ends_ = 0;
    if (quick_ends_ == 0) {
        ++quick_ends_;
        start();
    } else {
        start_later();
    }
    changed_();
}

}  // namespace local
