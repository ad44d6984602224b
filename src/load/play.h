#pragma once
// One run, act by act: seed, connect, play, settle, audit, account.

#include "base/clock.h"
#include "base/result.h"
#include "load/asset_reader.h"
#include "load/books.h"
#include "load/caller.h"
#include "load/participant.h"
#include "load/poster.h"
#include "load/prober.h"
#include "load/processes.h"
#include "load/run.h"
#include "load/town.h"
#include "load/transfers.h"
#include "net/loop.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace load {

/// Built, performed and destroyed on one thread; turns the loop itself.
class Play {
public:
    Play(net::Loop& loop, const Options& options, Target target, std::string run);
    ~Play();
    Play(const Play&) = delete;
    Play& operator=(const Play&) = delete;

    base::Result<Outcome> perform(const std::stop_token& stop);

private:
    base::Result<void> seed();
    /// The page of a server that has one refers to assets; without any, none are read or probed.
    void look_for_assets();
    void raise_the_curtain();
    void connect(const std::stop_token& stop);
    void play(const std::stop_token& stop);
    void pulse(base::Tick now);
    void settle();
    bool settled() const;
    void audit();
    void audit_page(ChannelNo channel, int page, std::function<void(bool)> done);
    void close();
    Outcome account();
    void judge_self(Outcome& outcome) const;

    void send_files(base::Tick now);
    void sample(base::Tick now);
    void show(Progress::Stage stage, double length_s);
    void measure_lag();
    double seconds_since(base::Tick then) const;

    net::Loop& loop_;
    const Options& options_;
    Target target_;
    Town town_;
    Ledger unrecorded_;  ///< of seeding and audit: not the run's
    Caller backstage_;
    std::unique_ptr<Books> books_;
    std::unique_ptr<Caller> caller_;
    std::unique_ptr<Company> company_;
    std::vector<std::unique_ptr<Participant>> participants_;
    std::unique_ptr<Poster> poster_;
    std::unique_ptr<Prober> prober_;
    std::unique_ptr<AssetReader> assets_;
    std::unique_ptr<Transfers> transfers_;
    std::string asset_;  ///< the first to be probed; empty: there are none
    std::vector<std::uint64_t> files_;
    std::optional<Schedule> uploads_;
    base::Random random_;

    ProcessMeter database_;
    Histogram database_percent_;
    net::Timer lag_timer_;
    base::Tick lag_due_{};
    base::Tick act_began_{};
    base::Tick play_began_{};
    base::Tick play_ended_{};
    base::Instant started_{};
    base::Instant ended_{};
    base::Tick sampled_at_{};
    double sampled_seconds_ = 0;
    double began_seconds_ = 0;
    base::Tick shown_at_{};
    bool stopped_early_ = false;
    std::uint64_t not_started_ = 0;
};

}  // namespace load
