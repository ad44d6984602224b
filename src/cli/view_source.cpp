#include "cli/view_source.h"

#include "engine/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cli {
namespace {

constexpr std::size_t kPage = 1000;

// Where users come in, if the spec can be read: a view without it is still a view.
std::optional<release::Spec> spec_of(const Site& site) {
    auto spec = read_spec(site);
    return spec ? std::optional(std::move(spec->spec)) : std::nullopt;
}

}  // namespace

const engine::PastRun* find_run(const engine::Releases& releases, const std::string& name) {
    const engine::PastRun* found = nullptr;
    for (const engine::PastRun& run : releases.runs) {
        if (run.id == name) return &run;
        if (!run.order.empty() && run.order == name) found = &run;
        if (to_text(run.release.version) == name) found = &run;
    }
    return found;
}

ViewSource::ViewSource(const Site& site, engine::Store& store, engine::Traffic& traffic,
                       engine::Fleet& fleet, base::Clock& clock)
    : store_(store), traffic_(traffic), fleet_(fleet), clock_(clock), spec_(spec_of(site)) {}

base::Result<void> ViewSource::read() {
    bool grew = false;
    while (true) {
        auto page = store_.read(records_.size() + 1, kPage);
        if (!page) return base::fail(page);
        if (page->empty()) break;
        grew = true;
        std::move(page->begin(), page->end(), std::back_inserter(records_));
    }
    if (!grew) return {};
    auto releases = engine::releases_of(records_);
    if (!releases) return base::fail(releases);
    releases_ = std::move(*releases);
    return {};
}

base::Result<View> ViewSource::look() {
    if (const auto fresh = read(); !fresh) return base::fail(fresh);
    const auto lease = store_.lease();
    if (!lease) return base::fail(lease);
    const engine::Sight sight = engine::look(traffic_, fleet_, clock_);
    auto status = engine::status_of(records_, sight, *lease);
    if (!status) return base::fail(status);
    return around(std::move(*status));
}

base::Result<View> ViewSource::past(const std::string& name) {
    if (const auto fresh = read(); !fresh) return base::fail(fresh);
    const engine::PastRun* run = find_run(releases_, name);
    if (run == nullptr) {
        return base::fail(base::Failure::not_found,
                          {.code = "CF0722",
                           .what = fmt::format("there is no release {}", name),
                           .fix = "`crossfade history` lists them"});
    }
    // The journal as it was when the run's last record had been written.
    std::vector<engine::Record> until = records_;
    while (!until.empty() && until.back().release != run->id) until.pop_back();
    engine::Sight nothing;
    nothing.at = clock_.now();
    auto status = engine::status_of(until, nothing, std::nullopt);
    if (!status) return base::fail(status);
    status->unseen.clear();
    return around(std::move(*status));
}

View ViewSource::around(engine::Status status) const {
    View view{.now = clock_.now()};
    if (spec_) {
        view.address = spec_->listen;
        view.open = open_address(*spec_);
    }
    view.status = std::move(status);
    for (const engine::PastRun& run : releases_.runs)
        view.versions.emplace(run.release.id, to_text(run.release.version));
    // The run in progress may be younger than what was read of the journal.
    view.versions.emplace(view.status.run, view.status.to);
    if (releases_.current) {
        view.serving = to_text(releases_.current->version);
        view.active_pool = release::name_of(releases_.active);
    }
    return view;
}

}  // namespace cli
