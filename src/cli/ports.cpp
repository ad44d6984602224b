#include "cli/ports.h"

namespace cli {

LocalPorts::LocalPorts(const Site& site, const release::Spec& spec, engine::Store& store,
                       base::Clock& clock)
    : fleet_(site.folder, local::manners_of(spec), clock),
      traffic_(site.folder, clock),
      assets_(site.folder, {.listen = spec.listen, .prefix = release::assets_path(spec)}, clock),
      metrics_(site.folder, clock),
      hooks_(site.home, clock, spec.service.process.secrets),
      store_(store),
      clock_(clock) {}

engine::World LocalPorts::world() {
    return engine::World{fleet_, traffic_, assets_, metrics_, hooks_, store_, clock_};
}

}  // namespace cli
