#pragma once
// What is seen of an application, by whichever provider, whose spec may not even be readable.

#include "cli/provider.h"
#include "cli/site.h"
#include "cli/view_source.h"
#include "engine/run.h"

#include <memory>
#include <utility>

namespace cli {

/// `where` and `time` outlive this.
struct Onlooker {
    Onlooker(const Site& where, std::unique_ptr<Provider> opened, std::unique_ptr<Ports> seen,
             base::Clock& time)
        : clock(time),
          site(where),
          provider(std::move(opened)),
          ports(std::move(seen)),
          metrics(ports->world().metrics),
          source(site, provider->store(), ports->traffic(), ports->fleet(), time) {}

    base::Clock& clock;
    const Site& site;
    std::unique_ptr<Provider> provider;
    std::unique_ptr<Ports> ports;
    engine::Metrics& metrics;
    ViewSource source;
};

}  // namespace cli
