#include "cli/ports.h"

namespace cli {
namespace {

local::AssetsAddress assets_address(const release::Spec& spec) {
    local::AssetsAddress address{.listen = spec.listen, .prefix = {}};
    for (const release::Route& route : spec.routes) {
        if (!route.assets) continue;
        address.prefix = route.path;
        if (address.prefix.ends_with('*')) address.prefix.pop_back();
        break;
    }
    return address;
}

}  // namespace

LocalPorts::LocalPorts(const Site& site, const release::Spec& spec, engine::Store& store,
                       base::Clock& clock)
    : fleet_(site.folder, local::manners_of(spec), clock),
      traffic_(site.folder, clock),
      assets_(site.folder, assets_address(spec), clock),
      metrics_(site.folder, clock),
      hooks_(site.home, clock, spec.service.process.secrets),
      store_(store),
      clock_(clock) {}

engine::World LocalPorts::world() {
    return engine::World{fleet_, traffic_, assets_, metrics_, hooks_, store_, clock_};
}

}  // namespace cli
