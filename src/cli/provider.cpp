#include "cli/provider.h"

#include "engine/journal.h"
#include "local/store.h"

#include <utility>

namespace cli {
namespace {

std::optional<release::Spec> spec_of(const Site& site) {
    auto spec = read_spec(site);
    return spec ? std::optional(std::move(spec->spec)) : std::nullopt;
}

}  // namespace

base::Result<std::unique_ptr<Provider>> open_provider(const Session& session, const Site& site) {
    const auto spec = spec_of(site);
    if (spec && spec->provider == release::Provider::aws) return aws_provider(session, site, *spec);
    if (const auto made = site.folder.create(); !made) return base::fail(made);
    auto store = local::Store::open(site.folder.store());
    if (!store) return base::fail(store);
    return local_provider(session, site, std::move(*store));
}

base::Result<std::unique_ptr<Provider>> open_existing(const Session& session, const Site& site) {
    const auto spec = spec_of(site);
    if (spec && spec->provider == release::Provider::aws) return aws_provider(session, site, *spec);
    auto store = open_store(site);
    if (!store) return base::fail(store);
    return local_provider(session, site, std::move(*store));
}

base::Result<std::vector<engine::Record>> journal_of(const Session& session) {
    const auto site = find_site(session);
    if (!site) return base::fail(site);
    const auto provider = open_existing(session, *site);
    if (!provider) return base::fail(provider);
    return engine::read_journal((*provider)->store());
}

}  // namespace cli
