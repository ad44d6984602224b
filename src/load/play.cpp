#include "load/play.h"

#include "load/chat_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace load {
namespace {

constexpr std::chrono::milliseconds kTurn{10};
constexpr std::chrono::milliseconds kShowEvery{200};
constexpr std::chrono::milliseconds kLagEvery{25};
constexpr std::chrono::seconds kSeedLimit{300};
constexpr std::chrono::seconds kConnectLimit{30};
constexpr std::chrono::seconds kAuditLimit{60};
constexpr std::size_t kConnectsATurn = 4;
constexpr std::size_t kTransfersMax = 64;
constexpr int kAuditPage = 200;
constexpr std::size_t kAuditWidth = 8;
constexpr double kGeneratorCpuMax = 95.0;

}  // namespace

Play::Play(net::Loop& loop, const Options& options, Target target, std::string run)
    : loop_(loop),
      options_(options),
      target_(std::move(target)),
      town_(town_for(options.profile, run, options.seed)),
      unrecorded_(loop.clock().tick(), loop.clock().now()),
      backstage_(loop, target_, unrecorded_),
      random_(options.seed ^ 0x9e3779b97f4a7c15U),
      database_(options.database_pids, options.database_process),
      lag_timer_(loop, [this] { measure_lag(); }) {}

Play::~Play() {
    if (company_) company_->closing = true;
    // What was put off to the end of a batch may still name us.
    loop_.turn(std::chrono::nanoseconds{0});
}

double Play::seconds_since(base::Tick then) const {
    return std::chrono::duration<double>(loop_.clock().tick() - then).count();
}

base::Result<Outcome> Play::perform(const std::stop_token& stop) {
    const base::Result<void> seeded = seed();
    if (!seeded) return base::fail(seeded);
    look_for_assets();
    raise_the_curtain();
    connect(stop);
    play(stop);
    settle();
    audit();
    Outcome outcome = account();
    close();
    return outcome;
}

base::Result<void> Play::seed() {
    std::optional<base::Result<void>> result;
    Seeding seeding(loop_, backstage_, town_);
    act_began_ = loop_.clock().tick();
    seeding.begin([&result](base::Result<void> how) { result = std::move(how); });
    while (!result && loop_.clock().tick() < act_began_ + kSeedLimit) {
        loop_.turn(kTurn);
        const double share = seeding.steps() == 0 ? 0
                                                  : static_cast<double>(seeding.done()) /
                                                        static_cast<double>(seeding.steps());
        const double elapsed = seconds_since(act_began_);
        show(Progress::Stage::seeding, share > 0.02 ? elapsed / share : 0);
    }
    if (result) return std::move(*result);
    return base::fail(base::Failure::unavailable,
                      {.code = "CF0604",
                       .what = "the server cannot be seeded with users and channels",
                       .why = fmt::format("{} of {} steps were done in {} s", seeding.done(),
                                          seeding.steps(), kSeedLimit.count()),
                       .fix = "play fewer users, or see why the server is slow"});
}

void Play::look_for_assets() {
    if (!options_.asset_paths.empty()) {
        asset_ = options_.asset_paths.front();
        return;
    }
    bool over = options_.profile.assets_a_second <= 0;
    if (!over)
        backstage_.call({.target = "/"}, [this, &over](const Got& got) {
            over = true;
            if (!got.well()) return;
            const std::vector<std::string> paths = assets_in(got.body);
            if (!paths.empty()) asset_ = paths.front();
        });
    while (!over) loop_.turn(kTurn);
}

void Play::raise_the_curtain() {
    const base::Tick now = loop_.clock().tick();
    started_ = loop_.clock().now();
    const double probes = options_.profile.probes_a_second;
    const auto interval = std::chrono::nanoseconds{
        probes > 0 ? static_cast<std::int64_t>(1e9 / probes) : 1'000'000'000};
    books_.reset(new Books{.ledger = Ledger(now, started_),
                           .oracle = Oracle(town_.users(), options_.late_after),
                           .sockets = Sockets(town_.users()),
                           .availability = Availability(interval),
                           .uploads = {},
                           .assets = {},
                           .asset_ttfb = {},
                           .loop_lag = {}});
    for (const Place& place : town_.places) books_->oracle.add_channel(place.members);
    caller_ = std::make_unique<Caller>(loop_, target_, books_->ledger);
    company_.reset(new Company{.loop = loop_,
                               .caller = *caller_,
                               .books = *books_,
                               .town = town_,
                               .random = base::Random(options_.seed + 1),
                               .think_time = options_.profile.think_time,
                               .patience = options_.request_timeout,
                               .sockets_of = {}});
    add_endpoints(*company_);
    for (UserNo user = 0; user < town_.users(); ++user)
        participants_.push_back(std::make_unique<Participant>(*company_, user));
    sampled_at_ = now;
    began_seconds_ = sampled_seconds_ = thread_seconds();
    measure_lag();
}

void Play::measure_lag() {
    const base::Tick now = loop_.clock().tick();
    if (lag_due_ != base::Tick{} && books_) {
        const auto late = std::chrono::duration_cast<std::chrono::microseconds>(now - lag_due_);
        books_->loop_lag.add(static_cast<std::uint64_t>(std::max<std::int64_t>(0, late.count())));
    }
    lag_due_ = now + kLagEvery;
    lag_timer_.arm_at(lag_due_);
}

void Play::connect(const std::stop_token& stop) {
    act_began_ = loop_.clock().tick();
    std::size_t begun = 0;
    const auto live = [this] {
        return std::all_of(participants_.begin(), participants_.end(),
                           [](const auto& one) { return one->live(); });
    };
    while (!live() && !stop.stop_requested() && loop_.clock().tick() < act_began_ + kConnectLimit) {
        for (std::size_t i = 0; i < kConnectsATurn && begun < participants_.size(); ++i)
            participants_[begun++]->connect();
        loop_.turn(kTurn);
        show(Progress::Stage::connecting, 0);
        sample(loop_.clock().tick());
    }
    for (; begun < participants_.size(); ++begun) participants_[begun]->connect();
}

void Play::play(const std::stop_token& stop) {
    const Profile& profile = options_.profile;
    const base::Tick now = loop_.clock().tick();
    act_began_ = play_began_ = now;
    poster_ =
        std::make_unique<Poster>(loop_, *caller_, *books_, town_, profile, now, options_.seed);
    transfers_ = std::make_unique<Transfers>(loop_, target_, *books_,
                                             profile.upload_bytes_a_second_each.count);
    const double assets_a_second = asset_.empty() ? 0 : profile.assets_a_second;
    assets_ = std::make_unique<AssetReader>(*caller_, *books_, Tempo{now, assets_a_second},
                                            options_.asset_paths, [this](const std::string& path) {
                                                if (prober_) prober_->probe_asset(path);
                                            });
    const double probes_a_second = profile.probes_a_second;
    const ProbePaths paths{
        .token = town_.prober().token, .write_channel = town_.probe_channel, .asset = asset_};
    prober_ =
        std::make_unique<Prober>(loop_, *caller_, *books_, paths, Tempo{now, probes_a_second});
    files_ = file_sizes(profile, options_.seed);
    const double seconds = std::chrono::duration<double>(profile.duration).count();
    uploads_ = Schedule::constant(now, static_cast<double>(files_.size()) / seconds);
    for (const auto& one : participants_) one->begin_reading();

    const base::Tick end = options_.until_stopped ? base::Tick::max() : now + profile.duration;
    for (base::Tick at = now; at < end && !stop.stop_requested(); at = loop_.clock().tick()) {
        pulse(at);
        base::Tick next = std::min({poster_->next(), prober_->next(), assets_->next(), end});
        if (uploads_) next = std::min(next, uploads_->next());
        const auto pause = next - loop_.clock().tick();
        loop_.turn(std::clamp<std::chrono::nanoseconds>(pause, std::chrono::nanoseconds{0}, kTurn));
        sample(loop_.clock().tick());
        show(Progress::Stage::playing, options_.until_stopped ? 0 : seconds);
    }
    play_ended_ = loop_.clock().tick();
    stopped_early_ = !options_.until_stopped && play_ended_ < end;
    not_started_ =
        poster_->schedule().overdue(std::min(play_ended_, end) - std::chrono::nanoseconds{1});
}

void Play::pulse(base::Tick now) {
    poster_->pulse(now);
    prober_->pulse(now);
    assets_->pulse(now);
    send_files(now);
}

void Play::send_files(base::Tick now) {
    if (files_.empty()) return;
    if (transfers_->open() >= kTransfersMax && uploads_->next() <= now) ++books_->could_not_start;
    while (transfers_->open() < kTransfersMax) {
        const std::uint64_t number = uploads_->started();
        const auto intended = uploads_->due(now);
        if (!intended) return;
        const ChannelNo channel = static_cast<ChannelNo>(random_.below(town_.places.size()));
        const Place& place = town_.places[channel];
        const UserNo sender = place.members[random_.below(place.members.size())];
        transfers_->send({.bytes = files_[number % files_.size()],
                          .channel = place.id,
                          .token = town_.people[sender].token,
                          .intended = *intended,
                          .compare = random_.chance(options_.profile.download_permille, 1000)});
    }
}

bool Play::settled() const {
    const auto live = std::all_of(participants_.begin(), participants_.end(),
                                  [](const auto& one) { return one->live(); });
    return live && poster_->open() == 0 && transfers_->open() == 0 && caller_->open() == 0 &&
           prober_->open() == 0 && books_->oracle.outstanding() == 0;
}

void Play::settle() {
    act_began_ = loop_.clock().tick();
    for (const auto& one : participants_) one->stop_reading();
    const base::Tick limit = act_began_ + options_.settle_limit;
    while (!settled() && loop_.clock().tick() < limit) {
        loop_.turn(kTurn);
        sample(loop_.clock().tick());
        show(Progress::Stage::settling,
             std::chrono::duration<double>(options_.settle_limit).count());
    }
    poster_->give_up();
    transfers_->abandon();
    ended_ = loop_.clock().now();
}

void Play::audit_page(ChannelNo channel, int page, std::function<void(bool)> done) {
    const Place& place = town_.places[channel];
    Want want{.target = fmt::format("/api/v4/channels/{}/posts?page={}&per_page={}", place.id, page,
                                    kAuditPage),
              .token = town_.people[place.members[0]].token};
    backstage_.call(std::move(want), [this, channel, page, done](const Got& got) {
        const auto posts =
            got.well() ? posts_in(got.body, town_.run) : base::Result<std::vector<FoundPost>>{};
        // A channel that cannot be read stays unaudited: what nobody saw in it counts as lost.
        if (!got.well() || !posts) {
            done(true);
            return;
        }
        for (const FoundPost& post : *posts) books_->oracle.stored(post.message, post.post);
        if (page_end_of(got.body).posts == kAuditPage) {
            audit_page(channel, page + 1, done);
            return;
        }
        books_->oracle.audited(channel);
        done(true);
    });
}

void Play::audit() {
    bool over = false;
    const std::vector<ChannelNo> channels = books_->oracle.channels_used();
    in_parallel(
        channels.size(), kAuditWidth,
        [this, &channels](std::size_t i, std::function<void(bool)> done) {
            audit_page(channels[i], 0, std::move(done));
        },
        [&over](bool) { over = true; });
    const base::Tick limit = loop_.clock().tick() + kAuditLimit;
    while (!over && loop_.clock().tick() < limit) {
        loop_.turn(kTurn);
        show(Progress::Stage::settling, 0);
    }
}

void Play::close() {
    company_->closing = true;
    for (const auto& one : participants_) one->leave();
    const base::Tick limit = loop_.clock().tick() + std::chrono::seconds{2};
    while (loop_.clock().tick() < limit && loop_.watched() > 0) {
        const std::size_t before = loop_.watched();
        loop_.turn(kTurn);
        if (loop_.watched() == before && books_->sockets.open() == 0 &&
            loop_.clock().tick() > limit - std::chrono::milliseconds{1'800})
            break;
    }
}

void Play::sample(base::Tick now) {
    if (now - sampled_at_ < std::chrono::seconds{1}) return;
    books_->ledger.advance(now);
    // What is sampled now describes the second that has passed.
    Second& second = books_->ledger.second_at(sampled_at_);
    second.sockets_open = books_->sockets.open();
    for (const auto& [version, open] : company_->sockets_of)
        if (open > 0) second.versions[version].sockets = open;
    const double spent = thread_seconds();
    second.generator_cpu = 100.0 * (spent - sampled_seconds_) /
                           std::chrono::duration<double>(now - sampled_at_).count();
    if (const auto percent = database_.sample(now)) {
        second.database_cpu = *percent;
        database_percent_.add(static_cast<std::uint64_t>(*percent * 1000));
    }
    sampled_at_ = now;
    sampled_seconds_ = spent;
}

void Play::show(Progress::Stage stage, double length_s) {
    const base::Tick now = loop_.clock().tick();
    if (!options_.on_progress || now - shown_at_ < kShowEvery) return;
    shown_at_ = now;
    Progress progress{.stage = stage,
                      .elapsed_s = seconds_since(act_began_),
                      .length_s = length_s,
                      .sockets_wanted = town_.users()};
    if (books_) {
        const Second& second = books_->ledger.last_whole_second();
        progress.requests_a_second = second.requests;
        progress.p99_ms = second.p99_ms;
        progress.requests = books_->ledger.http().requests;
        progress.failed = books_->ledger.http().failed;
        progress.harmed = books_->ledger.http().harmed;
        progress.sockets = books_->sockets.open();
        progress.posted = books_->oracle.posted();
        progress.delivered = books_->oracle.delivered();
        progress.outstanding = books_->oracle.outstanding();
        progress.upload_bytes = books_->uploads.bytes;
        progress.downtime_ms = books_->availability.estimate_ms();
    }
    options_.on_progress(progress);
}

Outcome Play::account() {
    Outcome outcome;
    outcome.run = town_.run;
    outcome.target = options_.target;
    outcome.profile = options_.profile.name;
    outcome.users = town_.users();
    outcome.started = started_;
    outcome.ended = ended_;
    outcome.stopped_early = stopped_early_;
    outcome.websocket = books_->sockets.outcome(loop_.clock().tick());
    outcome.messages = books_->oracle.outcome();
    outcome.messages.not_started = not_started_;
    outcome.uploads = books_->uploads;
    if (outcome.uploads.files > 0)
        outcome.uploads.avg_ms = books_->upload_ms_sum / static_cast<double>(outcome.uploads.files);
    const double played = std::chrono::duration<double>(play_ended_ - play_began_).count();
    if (played > 0)
        outcome.uploads.megabytes_a_second =
            static_cast<double>(outcome.uploads.bytes) / 1e6 / played;
    outcome.downtime = books_->availability.outcome();
    outcome.assets = books_->assets;
    outcome.assets.ttfb = latency_of(books_->asset_ttfb);
    books_->ledger.account(outcome);
    const Latency database = latency_of(database_percent_);
    outcome.database = {.sampled = database.count > 0,
                        .cpu_avg_percent = database.avg_ms,
                        .cpu_max_percent = database.max_ms};
    judge_self(outcome);
    return outcome;
}

void Play::judge_self(Outcome& outcome) const {
    Histogram lag = poster_->schedule().lag();
    lag += prober_->lag();
    SelfCheck& self = outcome.self;
    self.schedule_lag = latency_of(lag);
    self.loop_lag = latency_of(books_->loop_lag);
    self.cpu_percent =
        100.0 * (sampled_seconds_ - began_seconds_) /
        std::max(0.001, std::chrono::duration<double>(outcome.ended - outcome.started).count());
    self.could_not_start = books_->could_not_start;
    self.local_errors = books_->ledger.local_errors();
    const double limit = static_cast<double>(options_.lag_limit.count());
    if (self.schedule_lag.p99_ms > limit)
        self.reasons.push_back(
            fmt::format("one start in a hundred was {:.1f} ms late; {} ms are allowed",
                        self.schedule_lag.p99_ms, options_.lag_limit.count()));
    if (self.local_errors > 0)
        self.reasons.push_back(fmt::format(
            "{} requests failed for want of ports or descriptors here", self.local_errors));
    if (self.cpu_percent > kGeneratorCpuMax)
        self.reasons.push_back(
            fmt::format("the generator used {:.0f} % of its core", self.cpu_percent));
    self.is_void = !self.reasons.empty();
}

}  // namespace load
