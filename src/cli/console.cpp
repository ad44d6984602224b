#include "console/console.h"

#include "cli/commands.h"
#include "cli/console_file.h"
#include "cli/interrupt.h"
#include "cli/metrics.h"
#include "cli/onlooker.h"

#include "base/json.h"
#include "base/log.h"
#include "local/logs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace cli {
namespace {

// How soon a kept console follows its agent, and what `up` settles.
constexpr std::chrono::milliseconds kFollow{250};

// Through the command line's own eyes.
class Eyes final : public console::Source {
public:
    explicit Eyes(Onlooker& onlooker) : onlooker_(onlooker) {}

    base::Result<void> read() override { return onlooker_.source.read(); }
    const std::vector<engine::Record>& records() const override {
        return onlooker_.source.records();
    }
    const engine::Releases& releases() const override { return onlooker_.source.releases(); }

    base::Result<console::Standing> look() override {
        auto view = onlooker_.source.look();
        if (!view) return base::fail(view);
        base::Json json = view_json(*view);
        // Else no two looks would be the same.
        json.erase("at");
        return console::Standing{std::move(view->status), base::canonical(json)};
    }

    base::Result<judge::PoolCounts> counts() override {
        return onlooker_.metrics.read(onlooker_.clock.deadline_in(std::chrono::seconds{1}));
    }

    base::Result<std::string> metrics() override {
        return metrics_text(onlooker_.source, onlooker_.metrics, onlooker_.clock,
                            std::chrono::seconds{1});
    }

    base::Result<std::vector<std::string>> log_tail(const std::string& instance,
                                                    std::size_t lines) override {
        // A name of a file alone; nothing that leads out of the folder.
        if (instance.empty() || instance.find('/') != std::string::npos || instance[0] == '.')
            return base::fail(base::Failure::not_found,
                              {.code = "CF0926", .what = "there is no such instance"});
        auto found = local::Logs(onlooker_.site.folder, {instance}).last(lines);
        if (!found) return base::fail(found);
        std::vector<std::string> out;
        for (local::LogLine& line : *found) out.push_back(harmless(line.text));
        return out;
    }

private:
    Onlooker& onlooker_;
};

/// What is served, from options or from what `up` settled.
struct Serving {
    ConsoleFile file;
    std::string listen;
};

tl::expected<Serving, Refusal> serving_of(const Site& site, const ConsoleOptions& options) {
    Serving serving;
    if (options.kept) {
        auto file = read_console_file(site.folder);
        if (!file) return refuse(file.error());
        serving.file = std::move(*file);
    } else {
        serving.file.spec = site.spec;
    }
    if (!options.listen.empty()) serving.file.listen = options.listen;
    serving.file.hosts.insert(serving.file.hosts.end(), options.hosts.begin(), options.hosts.end());
    serving.listen = serving.file.listen;
    if (!serving.listen.empty()) return serving;
    // A bookmark goes on to lead here.
    const auto before = read_console_address(site.folder);
    serving.listen = options.kept && before ? before->listen : "127.0.0.1:0";
    return serving;
}

/// No more often than the provider is asked for the sake of a release.
console::Cadence cadence_of(const engine::Pace& pace) {
    const console::Cadence usual;
    return {.journal = std::max(usual.journal, pace.poll / 2),
            .status = std::max(usual.status, pace.poll),
            .status_idle = std::max(usual.status_idle, pace.poll * 4),
            .counts = std::max(usual.counts, pace.poll),
            .objective = usual.objective};
}

console::Settings settings_of(const Session& session, const Onlooker& onlooker,
                              const Serving& serving) {
    const Site& site = onlooker.site;
    console::Settings settings{.listen = serving.listen,
                               .hosts = serving.file.hosts,
                               .view = serving.file.view,
                               .tokens = console_folder(site.folder) / "tokens.json",
                               .ledger = console_folder(site.folder) / "minutes",
                               .program = {session.program.string()},
                               .cadence = cadence_of(onlooker.provider->pace())};
    settings.program.insert(settings.program.end(), {"--state", site.folder.root().string()});
    if (!serving.file.spec.empty())
        settings.program.insert(settings.program.end(), {"--spec", serving.file.spec.string()});
    return settings;
}

base::Result<net::Address> start(std::unique_ptr<console::Console>& made, net::Loop& loop,
                                 console::Settings settings, console::Source& source,
                                 bool may_move) {
    made = std::make_unique<console::Console>(loop, settings, source);
    auto address = made->start();
    if (address || !may_move || address.error().failure != base::Failure::conflict) return address;
    settings.listen = "127.0.0.1:0";
    made = std::make_unique<console::Console>(loop, settings, source);
    return made->start();
}

// Ends a kept console with its agent, and when `up` has settled something else.
class Follower {
public:
    Follower(net::Loop& loop, const local::Folder& folder, std::string settled)
        : loop_(loop),
          folder_(folder),
          settled_(std::move(settled)),
          parent_(getppid()),
          timer_(loop, [this] { look(); }) {
        timer_.arm_in(kFollow);
    }

private:
    void look() {
        const auto present = read_console_file(folder_);
        const bool is_settled = !present || to_text(*present) == settled_;
        if (getppid() != parent_ || !is_settled) return loop_.stop();
        timer_.arm_in(kFollow);
    }

    net::Loop& loop_;
    const local::Folder& folder_;
    std::string settled_;
    pid_t parent_;
    net::Timer timer_;
};

void tell(Session& session, const net::Address& address) {
    const std::string url = fmt::format("http://{}/", address.text());
    if (session.json()) {
        session.terminal.print(
            base::canonical({{"schema", "crossfade.console-address/1"}, {"url", url}}) + '\n');
    } else {
        session.terminal.print_line(
            fmt::format("console: {} (reads only; `crossfade console token --role operate` lets "
                        "its owner act)",
                        url));
    }
}

}  // namespace

Ending console(Session& session, const ConsoleOptions& options) {
    if (!options.kept) base::log::only_errors();
    auto site = find_site(session);
    if (!site) return refuse(ExitCode::usage, site.error().diagnostic);
    if (const auto made = make_console_folder(site->folder); !made) return refuse(made.error());
    auto provider = open_existing(session, *site);
    if (!provider) return refuse(provider.error());
    const auto spec = read_spec(*site);
    auto ports = (*provider)->ports(spec ? spec->spec : release::Spec{}, Use::looks);
    if (!ports) return refuse(ports.error());
    auto serving = serving_of(*site, options);
    if (!serving) return tl::unexpected(serving.error());
    Onlooker onlooker(*site, std::move(*provider), std::move(*ports), session.clock);
    const local::Folder& folder = onlooker.site.folder;
    std::signal(SIGPIPE, SIG_IGN);
    const Interrupt interrupt("the console ends\n");
    net::Loop loop(session.clock);
    const std::stop_callback stopper(interrupt.token(), [&loop] { loop.stop(); });
    Eyes eyes(onlooker);
    std::unique_ptr<console::Console> served;
    std::optional<Follower> follower;
    const std::string settled = to_text(serving->file);
    if (options.kept) follower.emplace(loop, folder, settled);
    if (serving->file.serve) {
        const auto address = start(served, loop, settings_of(session, onlooker, *serving), eyes,
                                   serving->file.listen.empty());
        if (!address) return refuse(address.error());
        if (options.kept) {
            const auto written =
                write_console_address(folder, {address->text(), getpid(), base::sha256(settled)});
            if (!written) return refuse(written.error());
        } else {
            tell(session, *address);
        }
    }
    loop.run();
    return ExitCode::done;
}

}  // namespace cli
