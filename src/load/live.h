#pragma once
// Shows progress on a terminal as one line that is redrawn; elsewhere as plain lines, now and then.

#include "base/clock.h"
#include "load/run.h"

#include <cstdio>

namespace load {

/// Not for several threads. On a terminal the line is erased when this goes away.
class Live {
public:
    /// Draws on `stream`, which must outlive this.
    Live(std::FILE* stream, base::Clock& clock);
    ~Live();
    Live(const Live&) = delete;
    Live& operator=(const Live&) = delete;

    void show(const Progress& progress);

private:
    std::FILE* stream_;
    base::Clock& clock_;
    bool terminal_;
    bool drawn_ = false;
    base::Tick next_{};
    Progress::Stage stage_ = Progress::Stage::seeding;
};

}  // namespace load
