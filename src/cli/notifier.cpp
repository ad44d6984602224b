#include "cli/notifier.h"

#include "base/json.h"
#include "local/fetch.h"
#include "local/seat.h"
#include "report/notice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace cli {
namespace {

using std::chrono::milliseconds;

/// Short, so that a command that was told to stop is gone within three seconds.
constexpr milliseconds kCall{1'500};
constexpr milliseconds kLook{100};
constexpr std::uint32_t kTries = 5;
/// More than any release has to say; what comes when nobody listens is not kept for ever.
constexpr std::size_t kQueueMax = 100;

/// Doubles from half a second, with a part by chance so that several do not come together.
milliseconds pause_after(std::uint32_t tries, base::Random& random) {
    const milliseconds half{500};
    const auto spread = static_cast<std::int64_t>(random.below(250));
    return half * (1U << std::min(tries, 5U)) / 2 + milliseconds{spread};
}

std::string_view words_for(release::Notice::Kind kind) {
    switch (kind) {
        case release::Notice::Kind::mattermost:
            return "Mattermost";
        case release::Notice::Kind::slack:
            return "Slack";
        case release::Notice::Kind::webhook:
            return "the webhook";
    }
    return "";
}

}  // namespace

Notifier::Notifier(std::vector<release::Notice> notices, std::filesystem::path home,
                   base::Clock& clock)
    : notices_(std::move(notices)),
      home_(std::move(home)),
      clock_(clock),
      random_(base::seed_from_system()) {
    if (notices_.empty()) return;
    worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Notifier::~Notifier() {
    if (notices_.empty()) return;
    {
        std::unique_lock lock(mutex_);
        closing_ = true;
        changed_.notify_all();
        changed_.wait_for(lock, farewell_, [this] { return queue_.empty(); });
    }
    worker_.request_stop();
    changed_.notify_all();
    worker_.join();
    for (const Message& each : queue_) lost_.push_back(each.moment + ": there was no time left");
    for (const std::string& each : lost_)
        std::fputs(fmt::format("not told: {}\n", each).c_str(), stderr);
}

void Notifier::hurry() {
    farewell_ = milliseconds{0};
}

void Notifier::see(const engine::Status& status) {
    if (notices_.empty()) return;
    const auto moment = report::moment_between(last_ ? &*last_ : nullptr, status);
    last_ = status;
    if (!moment) return;
    const std::lock_guard lock(mutex_);
    for (const release::Notice& notice : notices_) {
        if (queue_.size() >= kQueueMax) return;
        queue_.push_back({.notice = notice,
                          .id = fmt::format("{}-{}-{}", status.application, status.run, ++told_),
                          .moment = std::string(report::name_of(*moment)),
                          .body = report::body_for(notice.kind, *moment, status)});
    }
    changed_.notify_all();
}

void Notifier::work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
        const base::Tick now = clock_.tick();
        const auto due = std::find_if(queue_.begin(), queue_.end(), [&](const Message& each) {
            return each.due <= now || closing_;
        });
        if (due == queue_.end()) {
            changed_.wait_for(lock, stop, kLook, [] { return false; });
            continue;
        }
        Message message = *due;
        // It stays queued while it is on its way, so that the end waits for it.
        lock.unlock();
        const std::string failure = deliver(message);
        lock.lock();
        const auto mine = std::find_if(queue_.begin(), queue_.end(),
                                       [&](const Message& each) { return each.id == message.id; });
        if (mine != queue_.end()) queue_.erase(mine);
        if (!failure.empty() && ++message.tries < kTries && !closing_) {
            message.due = clock_.tick() + pause_after(message.tries, random_);
            queue_.push_back(std::move(message));
        } else if (!failure.empty()) {
            lost_.push_back(fmt::format("{}: {}", message.moment, failure));
        }
        changed_.notify_all();
    }
}

std::string Notifier::deliver(const Message& message) {
    const auto url = local::secret_from("of a notice", message.notice.url, home_);
    if (!url) return url.error().line();
    std::vector<std::string> headers;
    if (message.notice.key) {
        const auto key = local::secret_from("of a notice's signature", *message.notice.key, home_);
        if (!key) return key.error().line();
        const report::Signed mark =
            report::sign(key->reveal(), message.body, message.id, clock_.now());
        headers = {"webhook-id: " + mark.id, "webhook-timestamp: " + mark.timestamp,
                   "webhook-signature: " + mark.signature};
    }
    const auto answer = local::post_json(url->reveal(), {message.body, std::move(headers)}, 256,
                                         clock_, clock_.deadline_in(kCall));
    const std::string_view kind = words_for(message.notice.kind);
    // Neither the address nor what came back is told: both may hold what nobody should read (P11).
    if (!answer) return fmt::format("{} could not be reached", kind);
    if (answer->status < 200 || answer->status > 299)
        return fmt::format("{} answered {}", kind, answer->status);
    return {};
}

}  // namespace cli
