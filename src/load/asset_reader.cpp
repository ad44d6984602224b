#include "load/asset_reader.h"

#include "load/chat_text.h"

#include <algorithm>

namespace load {
namespace {

constexpr double kPagesASecond = 0.5;

}  // namespace

AssetReader::AssetReader(Caller& caller, Books& books, Tempo tempo, std::vector<std::string> fixed,
                         std::function<void(const std::string&)> found)
    : caller_(caller),
      books_(books),
      schedule_(Schedule::constant(tempo.first, tempo.a_second)),
      pages_(
          Schedule::constant(tempo.first, fixed.empty() && tempo.a_second > 0 ? kPagesASecond : 0)),
      paths_(std::move(fixed)),
      fixed_(!paths_.empty()),
      found_(std::move(found)),
      page_endpoint_(books.ledger.add_endpoint("GET / (page)", Kind::asset)),
      asset_endpoint_(books.ledger.add_endpoint("GET asset", Kind::asset)) {
    if (fixed_) found_(paths_.front());
}

base::Tick AssetReader::next() const {
    return std::min(schedule_.next(), pages_.next());
}

void AssetReader::pulse(base::Tick now) {
    while (pages_.due(now)) look_at_page();
    while (const auto intended = schedule_.due(now)) {
        books_.ledger.lagged(now, now - *intended);
        if (!paths_.empty()) fetch(*intended);
    }
}

void AssetReader::look_at_page() {
    ++open_;
    caller_.call({.endpoint = page_endpoint_, .target = "/"}, [this](const Got& got) {
        --open_;
        if (!got.well()) return;
        std::vector<std::string> paths = assets_in(got.body);
        if (paths.empty() || paths == paths_) return;
        before_ = std::exchange(paths_, std::move(paths));
        found_(paths_.front());
    });
}

void AssetReader::fetch(base::Tick intended) {
    const std::size_t drawn = random_.below(paths_.size() + before_.size());
    const std::string& path =
        drawn < paths_.size() ? paths_[drawn] : before_[drawn - paths_.size()];
    ++open_;
    Want want{.endpoint = asset_endpoint_, .target = path, .intended = intended};
    caller_.call(std::move(want), [this](const Got& got) {
        --open_;
        if (got.ended == Ended::ours) return;
        ++books_.assets.requests;
        if (!got.well()) {
            ++books_.assets.failed;
            return;
        }
        if (!got.cache.empty() && books_.assets.caches.size() < 50)
            ++books_.assets.caches[got.cache];
        const base::Tick from = std::max(got.timing.begun, got.timing.connected);
        const auto took =
            std::chrono::duration_cast<std::chrono::microseconds>(got.timing.first_byte - from);
        books_.asset_ttfb.add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, took.count())));
    });
}

}  // namespace load
