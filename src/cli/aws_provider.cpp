// Provider `aws`: two Auto Scaling groups, one listener rule, state in a bucket.

#include "aws/account.h"
#include "aws/assets.h"
#include "aws/checkup.h"
#include "aws/fleet.h"
#include "aws/metrics.h"
#include "aws/rule.h"
#include "aws/shelf.h"
#include "aws/store.h"
#include "aws/survey.h"
#include "aws/traffic.h"
#include "base/log.h"
#include "base/random.h"
#include "cli/provider.h"
#include "cli/text.h"
#include "engine/assets.h"
#include "engine/run.h"
#include "local/hooks.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <utility>

namespace cli {
namespace {

using std::chrono::milliseconds;

/// A call with all its attempts; an upload goes on in parts of it.
constexpr milliseconds kCall{30'000};
/// Longer than what a run does between two renewals: a few calls.
constexpr milliseconds kLease{60'000};
/// A look costs three calls. Where counts come once a minute, nothing is gained by more.
constexpr milliseconds kPollMin{100};
/// Some twenty calls, or the few that give a group back.
constexpr milliseconds kSurvey{120'000};
constexpr milliseconds kPollMax{3'000};
constexpr int kLooksPerPeriod = 10;

std::optional<std::string> of_environment(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr || *value == 0) return {};
    return value;
}

/// Of a spec without assets.
class NoAssets final : public engine::Assets {
public:
    base::Result<void> publish(const release::Release&, const engine::Ticket&,
                               base::Deadline) override {
        return {};
    }
    base::Result<void> verify(const release::Release&, base::Deadline) override { return {}; }
    base::Result<void> retain(const std::vector<release::Release>&, const engine::Ticket&,
                              base::Deadline) override {
        return {};
    }
};

/// The services of one account, as a release uses them.
struct Services {
    aws::Client* scaling = nullptr;
    aws::Client* balancing = nullptr;
    aws::Client* compute = nullptr;
    aws::Client* monitoring = nullptr;
    aws::Client* bucket = nullptr;
    aws::Client* cdn = nullptr;  ///< Where assets have a distribution.
    aws::LaneSource lanes;       ///< Of the assets bucket, where there is one.
};

base::Result<Services> services_of(aws::Account& account, const release::AwsPlace& place) {
    Services out;
    const std::pair<aws::Client**, const char*> all[] = {{&out.scaling, "autoscaling"},
                                                         {&out.balancing, "elbv2"},
                                                         {&out.compute, "ec2"},
                                                         {&out.monitoring, "cloudwatch"}};
    for (const auto& [into, name] : all) {
        const auto client = account.service(name);
        if (!client) return base::fail(client);
        *into = *client;
    }
    const auto client = account.bucket(place.bucket);
    if (!client) return base::fail(client);
    out.bucket = *client;
    if (!place.assets) return out;
    out.lanes = [&account, bucket = place.assets->bucket] { return account.lane(bucket); };
    if (place.assets->distribution.empty()) return out;
    const auto cdn = account.service("cloudfront");
    if (!cdn) return base::fail(cdn);
    out.cdn = *cdn;
    return out;
}

std::string prefix_of(const release::Spec& spec) {
    return spec.aws->prefix.empty() ? "crossfade/" + spec.application : spec.aws->prefix;
}

aws::Groups targets_of(const release::AwsPlace& place) {
    return {.blue = place.target_groups.blue, .green = place.target_groups.green};
}

aws::Period period_of(const release::AwsPlace& place) {
    return std::chrono::duration_cast<aws::Period>(place.metrics_period);
}

aws::Fleet::Place fleet_place(const release::Spec& spec, const std::string& region) {
    const release::AwsPlace& place = *spec.aws;
    return {
        .blue = place.scaling_groups.blue,
        .green = place.scaling_groups.green,
        .targets = targets_of(place),
        .launch_template = place.launch_template.id,
        .template_version = std::to_string(place.launch_template.version),
        .boot = {.application = spec.application,
                 .region = region,
                 .bucket = place.bucket,
                 .prefix = prefix_of(spec),
                 .port = place.port,
                 .user = place.user,
                 .stop_grace = std::chrono::ceil<std::chrono::seconds>(spec.service.stop_grace)},
        .boot_deadline = spec.service.boot_deadline};
}

std::unique_ptr<engine::Assets> assets_of(const release::Spec& spec, const Services& services,
                                          engine::Store& store, base::Clock& clock) {
    const std::optional<release::AwsAssets>& place = spec.aws->assets;
    if (!place || !services.lanes) return std::make_unique<NoAssets>();
    return std::make_unique<aws::Assets>(
        aws::AssetsPlace{.state_prefix = prefix_of(spec),
                         .key_prefix = place->prefix,
                         .path = release::assets_path(spec),
                         .distribution = place->distribution,
                         .url = place->url,
                         .unhashed = {place->unhashed.begin(), place->unhashed.end()}},
        aws::Assets::Doors{.state = *services.bucket,
                           .lanes = services.lanes,
                           .cdn = services.cdn,
                           .store = store},
        clock);
}

/// A load balancer can tell no client to move: sockets stay until their instance has been
/// deregistered for as long as its target group says, or the application moves them in a hook.
aws::ApplicationSays nobody_to_tell() {
    return {.count = {},
            .move = [](const std::vector<std::string>&, std::uint32_t, const engine::Ticket&,
                       base::Deadline) -> base::Result<void> { return {}; }};
}

class AwsPorts final : public Ports {
public:
    AwsPorts(const release::Spec& spec, const Site& site, const std::string& region,
             const Services& services, engine::Store& store, base::Clock& clock, Use use)
        : fleet_(fleet_place(spec, region),
                 {*services.scaling, *services.balancing, *services.compute, *services.bucket},
                 clock, use == Use::drives ? aws::Hand::drives : aws::Hand::watches),
          traffic_({.rule = spec.aws->rule,
                    .load_balancer = aws::load_balancer_of(spec.aws->rule),
                    .groups = targets_of(*spec.aws),
                    .period = period_of(*spec.aws)},
                   *services.balancing, *services.monitoring, clock, nobody_to_tell()),
          metrics_(aws::load_balancer_of(spec.aws->rule), targets_of(*spec.aws),
                   *services.monitoring, clock, period_of(*spec.aws)),
          assets_(assets_of(spec, services, store, clock)),
          hooks_(site.home, clock, spec.service.process.secrets),
          store_(store),
          clock_(clock) {}

    engine::Fleet& fleet() override { return fleet_; }
    engine::Traffic& traffic() override { return traffic_; }
    engine::World world() override {
        return engine::World{fleet_, traffic_, *assets_, metrics_, hooks_, store_, clock_};
    }

private:
    aws::Fleet fleet_;
    aws::Traffic traffic_;
    aws::Metrics metrics_;
    std::unique_ptr<engine::Assets> assets_;
    local::Hooks hooks_;
    engine::Store& store_;
    base::Clock& clock_;
};

aws::Standing aws_standing(const Standing& standing) {
    using Kind = aws::Standing::Kind;
    if (!standing.releases) return {.kind = Kind::unknown};
    const engine::Releases& releases = *standing.releases;
    if (standing.driver) return {.kind = Kind::driven, .who = standing.driver->holder};
    if (releases.under_way())
        return {.kind = Kind::unfinished, .who = "release " + releases.runs.back().id};
    return {.kind = releases.warm_until ? Kind::warm : Kind::idle};
}

class AwsProvider final : public Provider {
public:
    AwsProvider(const Site& site, const release::Spec& spec, std::unique_ptr<aws::Account> account,
                const Services& services, base::Clock& clock)
        : site_(site),
          spec_(spec),
          clock_(clock),
          account_(std::move(account)),
          services_(services),
          shelf_(*services.bucket),
          store_(*services.bucket, prefix_of(spec), clock) {}

    engine::Store& store() override { return store_; }

    // The place is the present spec's, also for a run that began with another: state and groups
    // do not move.
    base::Result<std::unique_ptr<Ports>> ports(const release::Spec& spec, Use use) override {
        release::Spec here = spec;
        if (!here.aws) here = spec_;
        return std::make_unique<AwsPorts>(here, site_, account_->region(), services_, store_,
                                          clock_, use);
    }
    engine::Pace pace() const override {
        return {.poll = std::clamp(milliseconds(spec_.aws->metrics_period) / kLooksPerPeriod,
                                   kPollMin, kPollMax),
                .call = kCall,
                .lease = kLease};
    }
    base::Result<void> ensure_up() override { return {}; }
    void look_after() override {}
    base::Result<void> configure(const release::Spec&, const release::Plan&,
                                 const std::string&) override {
        return {};
    }
    base::Result<std::string> retire_at(std::optional<base::Instant> at) override {
        if (!at) return std::string{};
        return fmt::format(
            "the release before stands warm until {} UTC; `crossfade resume --tail` retires it "
            "then, or the next release does",
            clock_text(*at));
    }
    std::vector<base::Finding> examine(const release::Spec& spec,
                                       const Standing& standing) override {
        return aws::checkup(spec,
                            aws::survey(*account_, spec, prefix_of(spec),
                                        {.deadline = clock_.deadline_in(kSurvey)}),
                            aws_standing(standing));
    }
    base::Result<std::vector<std::string>> give_back(const engine::Ticket& ticket) override {
        aws::Fleet fleet(
            fleet_place(spec_, account_->region()),
            {*services_.scaling, *services_.balancing, *services_.compute, *services_.bucket},
            clock_, aws::Hand::drives);
        return fleet.give_back(ticket, clock_.deadline_in(kSurvey));
    }
    void add_to(release::Process& process, const release::Spec& spec) const override {
        if (spec.aws)
            process.environment.emplace(aws::kTemplateVariable,
                                        std::to_string(spec.aws->launch_template.version));
    }

    // They stay, beside the journal that names them.
    base::Result<void> keep_spec(const SpecText& spec, const base::Digest& plan) override {
        return shelf_.put_text(spec_key(plan), spec_to_json(site_, spec), terms());
    }
    base::Result<SpecText> kept_spec(const base::Digest& plan) override {
        const auto text = shelf_.text(spec_key(plan), terms());
        if (!text) return base::fail(text);
        return spec_from_json(*text, spec_key(plan));
    }
    void forget_specs_but(const base::Digest&) override {}

private:
    std::string spec_key(const base::Digest& plan) const {
        return fmt::format("{}/specs/{}.json", prefix_of(spec_), plan.hex());
    }
    aws::Terms terms() const { return {.deadline = clock_.deadline_in(kCall)}; }

    Site site_;
    release::Spec spec_;
    base::Clock& clock_;
    std::unique_ptr<aws::Account> account_;
    Services services_;
    aws::Shelf shelf_;
    aws::Store store_;
};

}  // namespace

base::Result<std::unique_ptr<Provider>> aws_provider(const Session& session, const Site& site,
                                                     const release::Spec& spec) {
    auto account = aws::Account::open(
        {.environment = &of_environment, .profile = spec.aws->profile, .region = spec.aws->region},
        session.clock, base::Random(base::seed_from_system()));
    if (!account) return base::fail(account);
    const auto services = services_of(**account, *spec.aws);
    if (!services) return base::fail(services);
    return std::make_unique<AwsProvider>(site, spec, std::move(*account), *services, session.clock);
}

}  // namespace cli
