#pragma once
// Views of an application: from the journal and the ports, while any process or none drives it.

#include "cli/site.h"
#include "cli/view.h"
#include "engine/fleet.h"
#include "engine/history.h"
#include "engine/store.h"
#include "engine/traffic.h"

#include <string>
#include <vector>

namespace cli {

/// Remembers the journal, so that a look reads only what is new. Used by one thread.
class ViewSource {
public:
    ViewSource(const Site& site, engine::Store& store, engine::Traffic& traffic,
               engine::Fleet& fleet, base::Clock& clock);

    /// Reads what the journal has got since.
    base::Result<void> read();
    /// Asks journal, lease and ports once.
    base::Result<View> look();
    /// The last run of `releases()` that has this id or brought this version, as it ended.
    base::Result<View> past(const std::string& name);
    /// A snapshot that the run itself gave, with what is known around it.
    View around(engine::Status status) const;

    const engine::Releases& releases() const { return releases_; }
    const std::vector<engine::Record>& records() const { return records_; }

private:
    engine::Store& store_;
    engine::Traffic& traffic_;
    engine::Fleet& fleet_;
    base::Clock& clock_;
    std::optional<release::Spec> spec_;
    std::vector<engine::Record> records_;
    engine::Releases releases_;
};

/// The run with this id, else the last that brought this version; nullptr where there is none.
const engine::PastRun* find_run(const engine::Releases& releases, const std::string& name);

}  // namespace cli
