// The ports on AWS by hand, one call a process; the tests of awsbox use it. Not part of the
// product.
//
//     aws_try whoami
//     aws_try traffic RULE BALANCER BLUE GREEN read | set PERMILLE FENCE STEP | observe SECONDS
//     aws_try fleet BUCKET TEMPLATE BLUE GREEN BLUE_TARGETS GREEN_TARGETS list
//         | prepare RELEASE FILE | ensure POOL RELEASE FILE INSTANCES FENCE STEP
//         | replace POOL RELEASE FILE INSTANCES UPDATED FENCE STEP | retire POOL FENCE STEP
//     aws_try store BUCKET PREFIX acquire HOLDER | append FENCE TEXT | read | lease
//     aws_try assets BUCKET PREFIX ASSETS_BUCKET FOLDER publish | verify
//
// One line of JSON; 1 where the call failed, with the failure in it.

#include "aws/account.h"
#include "aws/assets.h"
#include "aws/fleet.h"
#include "aws/key.h"
#include "aws/models/sts.h"
#include "aws/store.h"
#include "aws/traffic.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/random.h"
#include "base/result.h"
#include "engine/fleet.h"
#include "engine/journal.h"
#include "release/pool.h"
#include "release/release.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace {

using base::Json;
using base::Result;

constexpr std::chrono::seconds kPatience{20};

struct Call {
    std::vector<std::string> words;
    aws::Account& account;
    base::Clock& clock;

    std::string word(std::size_t i) const { return i < words.size() ? words[i] : std::string{}; }
    base::Deadline soon() const { return clock.deadline_in(kPatience); }
};

std::uint64_t number(const std::string& text) {
    return std::strtoull(text.c_str(), nullptr, 10);
}

tl::unexpected<base::Error> misused() {
    return base::fail(base::Failure::rejected, {.code = "CF0801", .what = "no such call"});
}

Json json_of(const engine::PoolView& view) {
    return {{"requests", view.requests_begun},
            {"healthy", view.instances_healthy},
            {"draining", view.instances_draining}};
}

Json json_of(const engine::Record& record) {
    return {{"index", record.index}, {"body", record.body}, {"hash", record.hash.hex()}};
}

Result<Json> whoami(const Call& call) {
    const auto sts = call.account.service("sts");
    if (!sts) return base::fail(sts);
    const auto answer =
        (*sts)->call(aws::sts::kGetCallerIdentity, aws::Entries{}, {.deadline = call.soon()});
    if (!answer) return base::fail(answer);
    return Json{{"arn", aws::sts::GetCallerIdentityResponse::arn.of(*answer)},
                {"source", call.account.keys().source()}};
}

Result<Json> traffic(const Call& call) {
    const auto balancing = call.account.service("elbv2");
    if (!balancing) return base::fail(balancing);
    const auto monitoring = call.account.service("cloudwatch");
    if (!monitoring) return base::fail(monitoring);
    aws::Traffic port({.rule = call.word(1),
                       .load_balancer = call.word(2),
                       .groups = {.blue = call.word(3), .green = call.word(4)}},
                      **balancing, **monitoring, call.clock, {});
    if (call.word(5) == "read") {
        const auto split = port.read(call.soon());
        if (!split) return base::fail(split);
        return Json{{"green", split->green.value}};
    }
    if (call.word(5) == "set") {
        const engine::Split wanted{
            base::Permille{static_cast<std::uint16_t>(number(call.word(6)))}};
        const auto done =
            port.set(wanted, {.fence = number(call.word(7)), .step = {call.word(8)}}, call.soon());
        if (!done) return base::fail(done);
        return Json::object();
    }
    if (call.word(5) != "observe") return misused();
    const auto view = port.observe(std::chrono::seconds(number(call.word(6))), call.soon());
    if (!view) return base::fail(view);
    return Json{{"blue", json_of(view->blue)}, {"green", json_of(view->green)}};
}

/// A release whose service is `serve ID PORT` of its artifact.
Result<release::Release> release_of(const std::string& id, const std::string& file) {
    const auto digest = base::digest_of(file);
    if (!digest) return base::fail(digest);
    return release::Release{
        .id = id,
        .version = {},
        .artifact = *digest,
        .config = {},
        .assets = {},
        .artifact_source = file,
        .assets_source = {},
        .process = {
            .command = {"${artifact}/serve", id, "${port}"}, .environment = {}, .secrets = {}}};
}

Json json_of(const engine::Instance& instance) {
    return {{"id", instance.id},           {"pool", release::name_of(instance.pool)},
            {"release", instance.release}, {"state", engine::name_of(instance.state)},
            {"reason", instance.reason},   {"address", instance.address}};
}

Result<Json> list(const Call& call, aws::Fleet& fleet) {
    const auto instances = fleet.list(call.soon());
    if (!instances) return base::fail(instances);
    Json all = Json::array();
    for (const engine::Instance& each : *instances) all.push_back(json_of(each));
    return Json{{"instances", all}};
}

/// Words from the eighth on: what is wished.
Result<Json> wished(const Call& call, aws::Fleet& fleet) {
    const std::string verb = call.word(7);
    if (verb == "list") return list(call, fleet);
    const auto pool = call.word(8) == "green" ? release::Pool::green : release::Pool::blue;
    const auto ticket = [&](std::size_t at) {
        return engine::Ticket{.fence = number(call.word(at)), .step = {call.word(at + 1)}};
    };
    if (verb == "retire") {
        const auto done = fleet.retire(pool, ticket(9), call.soon());
        if (!done) return base::fail(done);
        return Json::object();
    }
    const bool prepares = verb == "prepare";
    const auto release = release_of(call.word(prepares ? 8 : 9), call.word(prepares ? 9 : 10));
    if (!release) return base::fail(release);
    const auto count = [&](std::size_t at) {
        return static_cast<std::uint32_t>(number(call.word(at)));
    };
    Result<void> done;
    if (prepares)
        done = fleet.prepare(*release, {}, call.soon());
    else if (verb == "ensure")
        done = fleet.ensure(pool, {*release, count(11)}, ticket(12), call.soon());
    else if (verb == "replace")
        done = fleet.replace(pool, {*release, count(11)}, count(12), ticket(13), call.soon());
    else
        return misused();
    if (!done) return base::fail(done);
    return Json::object();
}

Result<Json> fleet(const Call& call) {
    std::vector<aws::Client*> clients;
    for (const char* const name : {"autoscaling", "elbv2", "ec2"}) {
        const auto client = call.account.service(name);
        if (!client) return base::fail(client);
        clients.push_back(*client);
    }
    const auto bucket = call.account.bucket(call.word(1));
    if (!bucket) return base::fail(bucket);
    aws::Fleet port({.blue = call.word(3),
                     .green = call.word(4),
                     .targets = {.blue = call.word(5), .green = call.word(6)},
                     .launch_template = call.word(2),
                     .template_version = "1",
                     .boot = {.application = "try",
                              .region = call.account.region(),
                              .bucket = call.word(1),
                              .prefix = "try",
                              .port = 8065,
                              .user = "try"}},
                    {*clients[0], *clients[1], *clients[2], **bucket}, call.clock,
                    aws::Hand::drives);
    return wished(call, port);
}

Result<Json> append(const Call& call, aws::Store& store) {
    const auto last = store.last();
    if (!last) return base::fail(last);
    const engine::Record record =
        engine::record_after(*last, {engine::RecordKind::observed, "r1", "try", call.clock.now(),
                                     base::canonical(Json{{"text", call.word(5)}})});
    const auto done = store.append(record, number(call.word(4)));
    if (!done) return base::fail(done);
    return json_of(record);
}

Result<Json> store(const Call& call) {
    const auto bucket = call.account.bucket(call.word(1));
    if (!bucket) return base::fail(bucket);
    aws::Store port(**bucket, call.word(2), call.clock);
    if (call.word(3) == "append") return append(call, port);
    if (call.word(3) == "acquire") {
        const auto lease =
            port.acquire(call.word(4), "a try", call.clock.now(), std::chrono::minutes(1));
        if (!lease) return base::fail(lease);
        return Json{{"fence", lease->fence}};
    }
    if (call.word(3) == "lease") {
        const auto lease = port.lease();
        if (!lease) return base::fail(lease);
        return Json{{"holder", *lease ? (*lease)->holder : ""}};
    }
    if (call.word(3) != "read") return misused();
    const auto records = port.read(1, 1000);
    if (!records) return base::fail(records);
    Json all = Json::array();
    for (const engine::Record& each : *records) all.push_back(json_of(each));
    return Json{{"records", all}, {"intact", engine::verify(*records).intact}};
}

/// Again for as long as it is on its way, as a release does.
Result<Json> assets(const Call& call) {
    const auto bucket = call.account.bucket(call.word(1));
    if (!bucket) return base::fail(bucket);
    aws::Store leases(**bucket, call.word(2), call.clock);
    const std::string files = call.word(3);
    aws::Assets port({.state_prefix = call.word(2),
                      .key_prefix = "",
                      .path = "/static/",
                      .distribution = "",
                      .url = ""},
                     {.state = **bucket,
                      .lanes = [&call, files] { return call.account.lane(files); },
                      .cdn = nullptr,
                      .store = leases},
                     call.clock);
    release::Release release;
    release.id = "r1";
    release.assets_source = call.word(4);
    const auto digest = base::digest_of(release.assets_source);
    if (!digest) return base::fail(digest);
    release.assets = *digest;
    int calls = 0;
    while (true) {
        ++calls;
        const auto done = call.word(5) == "publish"
                              ? port.publish(release, {.fence = 1, .step = {"r1/publish/do"}},
                                             call.clock.deadline_in(kPatience))
                              : port.verify(release, call.clock.deadline_in(kPatience));
        if (done) return Json{{"calls", calls}};
        if (done.error().diagnostic.code != "CF0836") return base::fail(done);
    }
}

Result<Json> answer(const Call& call) {
    if (call.word(0) == "whoami") return whoami(call);
    if (call.word(0) == "traffic") return traffic(call);
    if (call.word(0) == "store") return store(call);
    if (call.word(0) == "fleet") return fleet(call);
    if (call.word(0) == "assets") return assets(call);
    return misused();
}

std::optional<std::string> of_environment(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr || *value == 0) return {};
    return value;
}

Result<Json> run(const std::vector<std::string>& words, base::Clock& clock) {
    auto account = aws::Account::open({.environment = &of_environment}, clock,
                                      base::Random(base::seed_from_system()));
    if (!account) return base::fail(account);
    return answer({.words = words, .account = **account, .clock = clock});
}

}  // namespace

int main(int count, char** arguments) {
    base::SystemClock clock;
    const auto said = run({arguments + 1, arguments + count}, clock);
    const Json json = said ? *said
                           : Json{{"failure", base::name_of(said.error().failure)},
                                  {"code", said.error().diagnostic.code},
                                  {"line", said.error().line()}};
    std::puts(base::canonical(json).c_str());
    return said ? 0 : 1;
}
