#pragma once
// All accounts of a run in one place: what happened is written here and nowhere else.

#include "load/availability.h"
#include "load/ledger.h"
#include "load/oracle.h"
#include "load/sockets.h"

namespace load {

struct Books {
    Ledger ledger;
    Oracle oracle;
    Sockets sockets;
    Availability availability;
    UploadOutcome uploads;
    AssetOutcome assets;
    Histogram asset_ttfb;
    Histogram loop_lag;
    double upload_ms_sum = 0;
    std::uint64_t could_not_start = 0;
};

}  // namespace load
