#pragma once
// What is seen of an application whose spec may not even be readable.

#include "cli/site.h"
#include "cli/view_source.h"
#include "local/fleet.h"
#include "local/metrics.h"
#include "local/traffic.h"

#include <memory>
#include <utility>

namespace cli {

struct Onlooker {
    Onlooker(Site where, std::unique_ptr<local::Store> opened, base::Clock& time)
        : clock(time),
          site(std::move(where)),
          store(std::move(opened)),
          fleet(site.folder, local::Manners{}, time),
          traffic(site.folder, time),
          metrics(site.folder, time),
          source(site, *store, traffic, fleet, time) {}

    base::Clock& clock;
    Site site;
    std::unique_ptr<local::Store> store;
    local::Fleet fleet;
    local::Traffic traffic;
    local::Metrics metrics;
    ViewSource source;
};

}  // namespace cli
