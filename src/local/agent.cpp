#include "local/agent.h"

#include "base/json.h"
#include "base/log.h"
#include "local/agent_api.h"
#include "local/instances.h"
#include "local/keeper.h"
#include "local/log_file.h"
#include "local/metrics.h"
#include "local/traffic_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <set>

namespace local {

namespace {

using std::chrono::milliseconds;

constexpr base::Bytes kWishMax{16 * 1024 * 1024};
constexpr std::chrono::seconds kEdgeCall{1};
constexpr std::chrono::seconds kEdgeGrace{12};
constexpr std::chrono::seconds kConsoleGrace{2};
/// While something depends on the edge it is asked this often, less and less so.
constexpr milliseconds kFirstLook{5};
constexpr milliseconds kLastLook{100};
/// What nobody tells us (a target lost by the edge, a large log) is looked for this often.
constexpr std::chrono::seconds kRounds{10};
/// Logs of instances that have gone, for whoever asks why.
constexpr std::size_t kOldLogs = 40;
constexpr int kPassesMax = 8;
/// Ticks after which what came meanwhile is no tick of the traffic log.
constexpr int kGapMax = 3;
constexpr std::chrono::seconds kTailAgain{30};

base::Result<base::Fd> take_folder(const Folder& folder) {
    const std::filesystem::path file = folder.root() / "agent.lock";
    base::Fd lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock) return base::fail(base::system_error("cannot open", file, errno));
    // The process's own: gone at its death, also while a child that it forked still waits.
    struct flock whole{};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (fcntl(lock.number(), F_SETLK, &whole) == 0) {
        // Whoever had the folder before is dead, and the socket is what it left.
        unlink(folder.agent_socket().c_str());
        return lock;
    }
    return base::fail(
        base::Failure::conflict,
        {.code = "CF0440", .what = fmt::format("another agent has {}", folder.root().native())});
}

base::Result<Wish> stored_wish(const Folder& folder) {
    const auto text = base::read_file(folder.wish(), kWishMax);
    if (!text && text.error().failure == base::Failure::not_found) return Wish{};
    if (!text) return base::fail(text);
    auto wish = wish_from(*text);
    if (wish) return wish;
    return base::fail(base::Failure::rejected,
                      {.code = "CF0441",
                       .what = fmt::format("{} cannot be read", folder.wish().native()),
                       .why = wish.error().line(),
                       .fix = "put a copy back; or remove it, and release again"});
}

/// SIGTERM and SIGINT as a descriptor on the loop.
class Signals final : public net::Watcher {
public:
    Signals(net::Loop& loop, std::function<void()> then) : loop_(loop), then_(std::move(then)) {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGHUP);
        sigprocmask(SIG_BLOCK, &set, nullptr);
        descriptor_ = base::Fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
        key_ = loop_.watch(descriptor_.number(), *this, net::Trigger::listener);
    }
    ~Signals() override { loop_.forget(key_); }

    void on_ready(net::Ready) override {
        signalfd_siginfo info{};
        if (read(descriptor_.number(), &info, sizeof info) > 0) then_();
    }

private:
    net::Loop& loop_;
    std::function<void()> then_;
    base::Fd descriptor_;
    net::WatchKey key_;
};

class Agent final : public AgentApi {
public:
    Agent(const AgentSettings& settings, base::Clock& clock, Wish wish)
        : settings_(settings),
          clock_(clock),
          loop_(clock),
          wish_(std::move(wish)),
          admin_(settings.folder.edge_socket(), clock),
          metrics_(settings.folder, clock),
          instances_(loop_, settings_.folder, admin_, [this] { soon(); }),
          edge_(loop_, kept_edge(settings), [this] { edge_changed(); }),
          console_(loop_, kept_console(settings), [this] { end_if_alone(); }),
          tail_(loop_, kept_tail(settings), [this] { tail_changed(); }),
          signals_(loop_, [this] { loop_.stop(); }),
          decide_(loop_, [this] { reconcile(); }),
          rounds_(loop_, [this] { make_rounds(); }),
          count_(loop_, [this] { count(); }),
          tail_timer_(loop_, [this] { tail_.begin(); }),
          started_(clock.now()) {}

    base::Result<void> run() {
        if (auto adopted = instances_.adopt(wish_); !adopted) return adopted;
        AgentServer server(loop_, *this);
        if (auto listening = server.listen(settings_.folder.agent_socket()); !listening) {
            return listening;
        }
        edge_.begin();
        console_.begin();
        arm_tail();
        make_rounds();
        open_traffic_log();
        soon();
        loop_.run();
        unlink(settings_.folder.agent_socket().c_str());
        return {};
    }

    // What the API asks for.

    base::Result<void> wish(const Change& change, const engine::Ticket& ticket) override {
        if (course_ == Course::down) {
            return base::fail(base::Failure::unavailable,
                              {.code = "CF0442",
                               .what = "the machine is going down",
                               .fix = "wait for `crossfade down` to end, then `crossfade up`"});
        }
        auto next = changed(wish_, change, ticket);
        if (!next) return base::fail(next);
        if (auto stored = store(std::move(*next)); !stored) return stored;
        base::log::info("wished", {{"pool", release::name_of(change.pool)},
                                   {"token", ticket.step.text},
                                   {"instances", wish_.of(change.pool).instances()}});
        soon();
        return {};
    }

    void renew_edge() override {
        if (renewal_ == Renewal::over) renewal_ = Renewal::due;
        soon();
    }

    base::Result<void> tail_at(std::optional<base::Instant> at) override {
        Wish next = wish_;
        next.tail_at = at;
        if (auto stored = store(std::move(next)); !stored) return stored;
        arm_tail();
        return {};
    }

    void go_down(Leaving leaving) override {
        course_ = Course::down;
        base::log::info("going_down", {{"now", leaving == Leaving::now}});
        if (leaving == Leaving::now) instances_.stop_all();
        soon();
    }

    const Wish& present_wish() const override { return wish_; }
    const std::vector<Record>& records() const override { return instances_.records(); }
    Standing standing() const override {
        Standing standing{.since = started_,
                          .edge = edge_.process(),
                          .edge_since = edge_.since(),
                          .edge_restarts = edge_.restarts(),
                          .edge_last_end = edge_.last_end(),
                          .edge_answers = edge_answers_,
                          .edge_renews = !settings_.build.empty() && renewal_ != Renewal::over,
                          .build = settings_.build,
                          .course = course_};
        return standing;
    }

private:
    static Kept kept_edge(const AgentSettings& settings) {
        return {.name = "edge",
                .command = settings.edge_command,
                .record = settings.folder.root() / "edge.process.json",
                .log = settings.folder.log_of("edge"),
                .working_folder = settings.folder.root().parent_path()};
    }
    static Kept kept_console(const AgentSettings& settings) {
        return {.name = "console",
                .command = settings.console_command,
                .record = settings.folder.root() / "console.process.json",
                .log = settings.folder.log_of("console"),
                .working_folder = settings.folder.root().parent_path()};
    }
    static Kept kept_tail(const AgentSettings& settings) {
        return {.name = "tail",
                .command = settings.tail_command,
                .record = settings.folder.root() / "tail.process.json",
                .log = settings.folder.log_of("agent"),
                .working_folder = settings.folder.root().parent_path(),
                .only_once = true};
    }

    base::Result<void> store(Wish next) {
        if (next == wish_) return {};
        if (auto written = base::write_file(settings_.folder.wish(), to_json(next)); !written) {
            return written;
        }
        wish_ = std::move(next);
        return {};
    }

    void soon() { decide_.arm_at(loop_.now()); }

    /// Decides and does until nothing is left to do at this moment.
    void reconcile() {
        bool failed = false;
        bool watch_edge = false;
        std::optional<base::Instant> wake;
        int passes = 0;
        for (bool more = true; more && !failed && passes < kPassesMax; ++passes) {
            const EdgeView view = look();
            const Decision decision =
                decide(wish_, course_, instances_.records(), view, clock_.now());
            watch_edge = decision.watch_edge;
            wake = decision.wake;
            more = !decision.actions.empty();
            for (const Action& action : decision.actions) {
                const auto done = instances_.carry_out(action, wish_, view);
                if (done) continue;
                failed = true;
                base::log::warn("postponed", {{"why", done.error().line()}});
            }
        }
        // Whoever waits for the edge's build to be known waits for the agent's next look.
        const bool build_is_open = !settings_.build.empty() && renewal_ != Renewal::over;
        plan_next(watch_edge || failed || passes == kPassesMax || build_is_open, wake);
        if (course_ == Course::down && instances_.records().empty() && !edge_ending_) {
            edge_ending_ = true;
            console_.end(kConsoleGrace);
            edge_.end(kEdgeGrace);
        }
    }

    void plan_next(bool again, std::optional<base::Instant> wake) {
        if (again) {
            look_in_ = std::min(look_in_ * 2, kLastLook);
            decide_.arm_in(look_in_);
        } else {
            look_in_ = kFirstLook;
        }
        if (!wake) return;
        const auto left =
            std::max<std::chrono::nanoseconds>(*wake - clock_.now(), std::chrono::nanoseconds(0));
        if (!again || left < look_in_) decide_.arm_in(left);
    }

    EdgeView look() {
        auto targets = admin_.targets(clock_.deadline_in(kEdgeCall));
        const bool answers = targets.has_value();
        if (answers && !edge_answers_) become_ready();
        edge_answers_ = answers;
        if (!answers) return std::nullopt;
        look_at_build();
        if (*targets != last_view_) look_in_ = kFirstLook;
        last_view_ = *targets;
        return std::move(*targets);
    }

    /// The edge is of the agent's own build, or becomes so; one that fails to leaves the old one.
    void look_at_build() {
        if (settings_.build.empty() ||
            (renewal_ != Renewal::due && renewal_ != Renewal::under_way)) {
            return;
        }
        const auto self = admin_.self(clock_.deadline_in(kEdgeCall));
        if (!self || !edge_.process()) return;
        const bool present = self->pid == edge_.process()->pid;
        if (renewal_ == Renewal::under_way) {
            // Reverted, or done.
            if (present) renewal_ = Renewal::over;
        } else if (self->build == settings_.build) {
            renewal_ = Renewal::over;
        } else if (present) {
            base::log::info("edge_renewed", {{"from", self->build}, {"to", settings_.build}});
            renewal_ = Renewal::under_way;
            edge_.replace();
        }
    }

    void become_ready() {
        if (ready_fd_closed_) return;
        ready_fd_closed_ = true;
        if (settings_.ready_fd >= 0) close(settings_.ready_fd);
    }

    void edge_changed() {
        end_if_alone();
        look_in_ = kFirstLook;
        soon();
    }

    void end_if_alone() {
        if (edge_ending_ && !edge_.any() && !console_.any()) loop_.stop();
    }

    void make_rounds() {
        std::set<std::string> present{"edge", "agent", "access", "console"};
        for (const Record& record : instances_.records()) present.insert(record.id);
        for (const std::string& name : present) rotate(name);
        forget_old_logs(settings_.folder.logs(), present, kOldLogs);
        rounds_.arm_in(kRounds);
        soon();
    }

    /// Without it a release is judged with less knowledge, and nothing else suffers.
    void open_traffic_log() {
        auto log = TrafficLog::open(settings_.folder.traffic());
        if (!log) {
            base::log::warn("traffic_not_logged", {{"why", log.error().line()}});
            return;
        }
        traffic_ = std::move(*log);
        count();
    }

    void count() {
        count_.arm_in(settings_.tick);
        const auto reading = metrics_.read(clock_.deadline_in(kEdgeCall));
        if (!reading) return;
        const auto added = traffic_->add(*reading, clock_.now(), kGapMax * settings_.tick);
        if (!added) base::log::warn("traffic_not_logged", {{"why", added.error().line()}});
    }

    void rotate(const std::string& name) {
        const auto done = rotate_log(settings_.folder.log_of(name), settings_.log_bytes_max);
        if (!done) base::log::warn("rotation_failed", {{"why", done.error().line()}});
    }

    void arm_tail() {
        if (!wish_.tail_at || settings_.tail_command.empty()) {
            tail_timer_.disarm();
            return;
        }
        tail_timer_.arm_in(std::max<std::chrono::nanoseconds>(*wish_.tail_at - clock_.now(),
                                                              std::chrono::nanoseconds(0)));
    }

    /// The tail has been started or has ended.
    void tail_changed() {
        if (tail_.process() || !wish_.tail_at || *wish_.tail_at > clock_.now()) return;
        std::optional<base::Instant> next;
        if (!tail_.ended_well()) next = clock_.now() + kTailAgain;
        if (const auto stored = tail_at(next); !stored) {
            base::log::warn("tail_not_stored", {{"why", stored.error().line()}});
        }
    }

    const AgentSettings& settings_;
    base::Clock& clock_;
    net::Loop loop_;
    Wish wish_;
    Course course_ = Course::keep;
    EdgeAdmin admin_;
    Metrics metrics_;
    Instances instances_;
    Keeper edge_;
    Keeper console_;
    Keeper tail_;
    Signals signals_;
    net::Timer decide_;
    net::Timer rounds_;
    net::Timer count_;
    net::Timer tail_timer_;
    base::Instant started_;
    milliseconds look_in_ = kFirstLook;
    std::map<std::string, Target> last_view_;
    enum class Renewal : std::uint8_t { due, under_way, over };
    Renewal renewal_ = Renewal::due;
    std::unique_ptr<TrafficLog> traffic_;
    bool edge_answers_ = false;
    bool edge_ending_ = false;
    bool ready_fd_closed_ = false;
};

}  // namespace

base::Result<void> run_agent(const AgentSettings& settings, base::Clock& clock) {
    if (auto made = settings.folder.create(); !made) return made;
    const auto lock = take_folder(settings.folder);
    if (!lock) return base::fail(lock);
    auto wish = stored_wish(settings.folder);
    if (!wish) return base::fail(wish);
    std::signal(SIGPIPE, SIG_IGN);
    return Agent(settings, clock, std::move(*wish)).run();
}

}  // namespace local
