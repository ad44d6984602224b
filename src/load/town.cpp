#include "load/town.h"

#include "base/json.h"
#include "base/random.h"
#include "load/chat_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace load {
namespace {

constexpr std::size_t kWidth = 16;
constexpr std::size_t kTeamBatch = 20;  // Mattermost takes no more at once
constexpr int kAttemptsMax = 4;
constexpr std::string_view kPassword = "crossfade-load";

/// `count` different users, the first of them drawn too.
std::vector<UserNo> drawn_members(std::uint32_t users, std::uint32_t count, base::Random& random) {
    std::vector<UserNo> all(users);
    for (UserNo user = 0; user < users; ++user) all[user] = user;
    count = std::min(count, users);
    for (std::uint32_t i = 0; i < count; ++i) std::swap(all[i], all[i + random.below(users - i)]);
    all.resize(count);
    return all;
}

struct Parallel {
    std::size_t count;
    std::size_t next = 0;
    std::size_t open = 0;
    bool failed = false;
    bool told = false;
    std::function<void(std::size_t, std::function<void(bool)>)> each;
    std::function<void(bool)> then;
};

void start_next(const std::shared_ptr<Parallel>& all) {
    if (all->failed || all->next == all->count) {
        if (all->open == 0 && !std::exchange(all->told, true)) all->then(!all->failed);
        return;
    }
    ++all->open;
    all->each(all->next++, [all](bool well) {
        --all->open;
        all->failed = all->failed || !well;
        start_next(all);
    });
}

}  // namespace

Town town_for(const Profile& profile, const std::string& run, std::uint64_t seed) {
    base::Random random(seed);
    Town town{.run = run,
              .team = {},
              .probe_channel = {},
              .people = {},
              .places = {},
              .by_kind = {},
              .by_id = {}};
    for (std::uint32_t user = 0; user <= profile.users; ++user)
        town.people.push_back(
            {.id = {}, .name = fmt::format("load-{}-{}", run, user), .token = {}});
    town.by_kind.resize(profile.channels.size());
    for (std::size_t kind = 0; kind < profile.channels.size(); ++kind) {
        const ChannelKind& wanted = profile.channels[kind];
        for (std::uint32_t i = 0; i < wanted.count; ++i) {
            const auto number = static_cast<ChannelNo>(town.places.size());
            Place place{.type = wanted.type,
                        .kind = kind,
                        .members = drawn_members(profile.users, wanted.members, random),
                        .name = fmt::format("load-{}-{}", run, number)};
            for (const UserNo member : place.members)
                town.people[member].channels.push_back(number);
            town.places.push_back(std::move(place));
            town.by_kind[kind].push_back(number);
        }
    }
    return town;
}

void in_parallel(std::size_t count, std::size_t width,
                 std::function<void(std::size_t, std::function<void(bool)>)> each,
                 std::function<void(bool)> then) {
    const auto all = std::make_shared<Parallel>(
        Parallel{.count = count, .each = std::move(each), .then = std::move(then)});
    for (std::size_t i = 0; i < std::max<std::size_t>(1, std::min(width, count)); ++i)
        start_next(all);
}

Seeding::Seeding(net::Loop& loop, Caller& caller, Town& town)
    : loop_(loop), caller_(caller), town_(town) {}

void Seeding::run(Errand errand, Then done) {
    Want want{.method = net::Method::post,
              .target = "/api/v4" + errand.path,
              .token = errand.token,
              .body = errand.body};
    caller_.call(std::move(want), [this, errand, done](const Got& got) mutable {
        if (got.well() && (!errand.use || errand.use(got))) {
            ++done_;
            done(true);
            return;
        }
        why_ = fmt::format("POST {} was answered {} {}", errand.path, got.status,
                           got.body.substr(0, 200));
        const bool hopeless = got.status >= 400 && got.status < 500 && got.status != 429;
        if (++errand.attempts >= kAttemptsMax || hopeless) {
            done(false);
            return;
        }
        const auto pause = std::chrono::milliseconds{200} * errand.attempts;
        pauses_.push_back(
            std::make_unique<net::Timer>(loop_, [this, errand, done] { run(errand, done); }));
        pauses_.back()->arm_in(pause);
    });
}

void Seeding::create_user(std::size_t number, Then done) {
    Person& person = town_.people[number];
    const base::Json body{{"email", person.name + "@load.example"},
                          {"username", person.name},
                          {"password", kPassword}};
    run({.path = "/users",
         .token = {},
         .body = body.dump(),
         .use =
             [&person](const Got& got) {
                 person.id = text_member(got.body, "id").value_or("");
                 return !person.id.empty();
             }},
        std::move(done));
}

void Seeding::log_in(std::size_t number, Then done) {
    Person& person = town_.people[number];
    const base::Json body{{"login_id", person.name}, {"password", kPassword}};
    run({.path = "/users/login",
         .token = {},
         .body = body.dump(),
         .use =
             [&person](const Got& got) {
                 person.token = got.token;
                 return !person.token.empty();
             }},
        std::move(done));
}

void Seeding::found_team(std::size_t, Then done) {
    const std::string name = fmt::format("load-{}", town_.run);
    const base::Json body{{"name", name}, {"display_name", name}, {"type", "O"}};
    run({.path = "/teams",
         .token = town_.people[0].token,
         .body = body.dump(),
         .use =
             [this](const Got& got) {
                 town_.team = text_member(got.body, "id").value_or("");
                 return !town_.team.empty();
             }},
        std::move(done));
}

void Seeding::join_team(std::size_t number, Then done) {
    base::Json body = base::Json::array();
    const std::size_t end = std::min((number + 1) * kTeamBatch, town_.people.size());
    for (std::size_t i = number * kTeamBatch; i < end; ++i)
        body.push_back({{"team_id", town_.team}, {"user_id", town_.people[i].id}});
    run({.path = fmt::format("/teams/{}/members/batch", town_.team),
         .token = town_.people[0].token,
         .body = body.dump()},
        std::move(done));
}

void Seeding::found_place(std::size_t number, Then done) {
    Place& place = town_.places[number];
    const Person& founder = town_.people[place.members[0]];
    base::Json body{{"team_id", town_.team},
                    {"name", place.name},
                    {"display_name", place.name},
                    {"type", std::string(1, place.type)}};
    if (place.type == 'D')
        body = base::Json::array({founder.id, town_.people[place.members.back()].id});
    run({.path = place.type == 'D' ? "/channels/direct" : "/channels",
         .token = founder.token,
         .body = body.dump(),
         .use =
             [this, &place, number](const Got& got) {
                 place.id = text_member(got.body, "id").value_or("");
                 // Two direct channels of the same two people are one; it keeps its first number.
                 town_.by_id.emplace(place.id, static_cast<ChannelNo>(number));
                 return !place.id.empty();
             }},
        std::move(done));
}

void Seeding::found_probe_channel(std::size_t, Then done) {
    const std::string name = fmt::format("load-{}-probe", town_.run);
    const base::Json body{
        {"team_id", town_.team}, {"name", name}, {"display_name", name}, {"type", "P"}};
    run({.path = "/channels",
         .token = town_.prober().token,
         .body = body.dump(),
         .use =
             [this](const Got& got) {
                 town_.probe_channel = text_member(got.body, "id").value_or("");
                 return !town_.probe_channel.empty();
             }},
        std::move(done));
}

void Seeding::join_place(std::size_t number, Then done) {
    const Place& place = town_.places[number];
    if (place.type == 'D') {
        done(true);
        return;
    }
    base::Json users = base::Json::array();
    for (const UserNo member : place.members) users.push_back(town_.people[member].id);
    const base::Json body{{"user_ids", users}};
    run({.path = fmt::format("/channels/{}/members", place.id),
         .token = town_.people[place.members[0]].token,
         .body = body.dump()},
        std::move(done));
}

void Seeding::stage(std::size_t number) {
    using Step = void (Seeding::*)(std::size_t, Then);
    const std::size_t batches = (town_.people.size() + kTeamBatch - 1) / kTeamBatch;
    const std::array<std::pair<Step, std::size_t>, 7> stages{{
        {&Seeding::create_user, town_.people.size()},
        {&Seeding::log_in, town_.people.size()},
        {&Seeding::found_team, 1},
        {&Seeding::join_team, batches},
        {&Seeding::found_place, town_.places.size()},
        {&Seeding::join_place, town_.places.size()},
        {&Seeding::found_probe_channel, 1},
    }};
    steps_ = 0;
    for (const auto& [step, count] : stages) steps_ += count;
    if (number == stages.size()) {
        then_({});
        return;
    }
    const auto [step, count] = stages[number];
    in_parallel(
        count, kWidth,
        [this, step = step](std::size_t i, Then done) { (this->*step)(i, std::move(done)); },
        [this, number](bool well) {
            if (well) {
                stage(number + 1);
                return;
            }
            then_(
                base::fail(base::Failure::unavailable,
                           {.code = "CF0604",
                            .what = "the server cannot be seeded with users and channels",
                            .why = why_,
                            .fix = "see that the target is the chat server and that it answers"}));
        });
}

void Seeding::begin(std::function<void(base::Result<void>)> then) {
    then_ = std::move(then);
    stage(0);
}

}  // namespace load
