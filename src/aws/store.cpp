#include "aws/store.h"

#include "aws/client.h"
#include "aws/key.h"
#include "aws/models/s3.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/result.h"
#include "engine/store.h"

#include <fmt/core.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aws {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 20s;
// Records are numbered down from here; a release writes some hundred.
constexpr std::uint64_t kNumbers = 1'000'000'000'000;

std::string journal_key(std::uint64_t index) {
    return fmt::format("journal/{:012}", kNumbers - index);
}
std::string request_key(std::uint64_t id) {
    return fmt::format("request/{:012}", id);
}

tl::unexpected<base::Error> conflict(std::string what, std::string why) {
    return base::fail(base::Failure::conflict,
                      {.code = "CF0819", .what = std::move(what), .why = std::move(why)});
}

tl::unexpected<base::Error> odd(const std::string& key, const std::string& why) {
    return base::fail(base::Failure::rejected,
                      {.code = "CF0820",
                       .what = fmt::format("the object {} is none of ours", key),
                       .why = why,
                       .fix = "see who else writes into this bucket; `crossfade audit verify`"});
}

base::Json json_of(const engine::Record& record, std::uint64_t fence) {
    return {{"index", record.index},
            {"at", base::micros_of(record.at)},
            {"release", record.release},
            {"actor", record.actor},
            {"kind", record.kind},
            {"body", record.body},
            {"previous", record.previous.hex()},
            {"hash", record.hash.hex()},
            {"fence", fence}};
}

// Members one by one, the first that is wrong told.
class Reader {
public:
    explicit Reader(const std::string& text) {
        auto json = base::json_from(text);
        if (json && json->is_object())
            json_ = std::move(*json);
        else
            wrong_ = "it is no JSON object";
    }
    template <typename T>
    T take(const char* key) {
        if (!wrong_.empty()) return {};
        auto value = base::member<T>(json_, key);
        if (value) return std::move(*value);
        wrong_ = value.error().line();
        return {};
    }
    base::Instant instant(const char* key) {
        return base::instant_of_micros(take<std::int64_t>(key));
    }
    base::Digest digest(const char* key) {
        const auto value = base::digest_from(take<std::string>(key));
        if (!value && wrong_.empty()) wrong_ = value.error().line();
        return value.value_or(base::Digest{});
    }
    const std::string& wrong() const { return wrong_; }

private:
    base::Json json_;
    std::string wrong_;
};

}  // namespace

struct Store::Object {
    std::string body;
    std::string e_tag;
};

struct Store::LeaseObject {
    std::optional<engine::Lease> lease;  ///< The last one, held or not.
    bool is_held = false;
    std::string e_tag;
};

Store::Store(Client& bucket, std::string prefix, base::Clock& clock)
    : bucket_(&bucket), prefix_(std::move(prefix)), clock_(&clock) {}

base::Result<std::optional<Store::Object>> Store::get(const std::string& key) {
    const auto answer =
        bucket_->call(s3::kGetObject, Entries{s3::GetObjectRequest::key(prefix_ + "/" + key)},
                      {.deadline = clock_->deadline_in(kPatience)});
    if (!answer && code_of_service(answer.error()) == "NoSuchKey") return std::optional<Object>{};
    if (!answer) return base::fail(answer);
    return Object{.body = s3::GetObjectOutput::body.of(*answer),
                  .e_tag = s3::GetObjectOutput::e_tag.of(*answer)};
}

base::Result<void> Store::put(const std::string& key, std::string body,
                              const Condition& condition) {
    using namespace s3::PutObjectRequest;
    const auto answer = bucket_->call(
        s3::kPutObject,
        Entries{s3::PutObjectRequest::key(prefix_ + "/" + key),
                s3::PutObjectRequest::body(std::move(body)), content_type("application/json"),
                condition.e_tag.empty() ? if_none_match("*") : if_match(condition.e_tag)},
        {.deadline = clock_->deadline_in(kPatience)});
    if (!answer) return base::fail(answer);
    return {};
}

base::Result<std::vector<std::string>> Store::keys_after(const std::string& folder,
                                                         const std::string& after, int limit) {
    using namespace s3::ListObjectsV2Request;
    Entries input{prefix(prefix_ + "/" + folder), max_keys(limit > 0 ? limit : 1000)};
    if (!after.empty()) input.push_back(start_after(prefix_ + "/" + after));
    const Terms terms{.deadline = clock_->deadline_in(kPatience)};
    List contents;
    if (limit > 0) {
        const auto page = bucket_->call(s3::kListObjectsV2, Value(std::move(input)), terms);
        if (!page) return base::fail(page);
        contents = s3::ListObjectsV2Output::contents.of(*page);
    } else {
        auto all = bucket_->all(s3::kListObjectsV2, Value(std::move(input)),
                                s3::ListObjectsV2Output::contents, terms);
        if (!all) return base::fail(all);
        contents = std::move(*all);
    }
    std::vector<std::string> out;
    for (const Value& each : contents)
        out.push_back(s3::Object::key.of(each).substr(prefix_.size() + 1));
    return out;
}

// --- journal -----------------------------------------------------------------------------------

base::Result<std::optional<engine::Record>> Store::record(std::uint64_t index) {
    if (const auto known = known_.find(index); known != known_.end()) return known->second;
    const std::string key = journal_key(index);
    const auto object = get(key);
    if (!object) return base::fail(object);
    if (!*object) return std::optional<engine::Record>{};
    Reader reader((*object)->body);
    engine::Record out;
    out.index = reader.take<std::uint64_t>("index");
    out.at = reader.instant("at");
    out.release = reader.take<std::string>("release");
    out.actor = reader.take<std::string>("actor");
    out.kind = reader.take<std::string>("kind");
    out.body = reader.take<std::string>("body");
    out.previous = reader.digest("previous");
    out.hash = reader.digest("hash");
    if (!reader.wrong().empty()) return odd(key, reader.wrong());
    if (out.index != index) return odd(key, "it has another record's index");
    known_[index] = out;
    return out;
}

base::Result<void> Store::check_fence(std::uint64_t fence) {
    if (fence == 0) return {};
    const auto there = lease_object();
    if (!there) return base::fail(there);
    if (there->lease && there->is_held && there->lease->fence == fence) return {};
    return conflict("the lease was replaced",
                    there->lease ? fmt::format("{} has it for {}, fence {}", there->lease->holder,
                                               there->lease->purpose, there->lease->fence)
                                 : "nobody has one");
}

base::Result<void> Store::check_place(const engine::Record& record) {
    if (newest_ && newest_->index + 1 == record.index) {
        if (newest_->hash == record.previous) return {};
        return conflict("the journal goes on elsewhere", "another record is before this one");
    }
    if (record.index == 0) return conflict("the journal begins at 1", "this record says 0");
    if (record.index == 1) return {};
    const auto before = this->record(record.index - 1);
    if (!before) return base::fail(before);
    if (!*before) return conflict("the journal is shorter", "the record before is not there");
    if ((*before)->hash != record.previous)
        return conflict("the journal goes on elsewhere", "another record is before this one");
    return {};
}

base::Result<void> Store::append(const engine::Record& record, std::uint64_t fence) {
    if (const auto held = check_fence(fence); !held) return held;
    if (const auto fits = check_place(record); !fits) return fits;
    const auto done =
        put(journal_key(record.index), base::canonical(json_of(record, fence)), Condition{});
    if (!done) {
        if (done.error().failure != base::Failure::unknown) return base::fail(done);
        const auto there = this->record(record.index);
        if (!there || !*there) return base::fail(done);
        if ((*there)->hash != record.hash)
            return conflict("another record stands there", "someone was first");
    }
    newest_ = record;
    known_[record.index] = record;
    return check_fence(fence);
}

base::Result<std::vector<engine::Record>> Store::read(std::uint64_t from, std::size_t limit) {
    std::vector<engine::Record> out;
    for (std::uint64_t index = std::max<std::uint64_t>(from, 1); out.size() < limit; ++index) {
        auto found = record(index);
        if (!found) return base::fail(found);
        if (!*found) break;
        out.push_back(std::move(**found));
    }
    return out;
}

base::Result<std::optional<engine::Record>> Store::last() {
    const auto keys = keys_after("journal/", "", 1);
    if (!keys) return base::fail(keys);
    if (keys->empty()) return std::optional<engine::Record>{};
    std::uint64_t number = 0;
    for (const char digit : std::string_view(keys->front()).substr(8)) {
        if (digit < '0' || digit > '9') return odd(keys->front(), "its name is no number");
        number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    auto found = record(kNumbers - number);
    if (found) newest_ = *found;
    return found;
}

// --- lease -------------------------------------------------------------------------------------

base::Result<Store::LeaseObject> Store::lease_object() {
    const auto object = get("lease");
    if (!object) return base::fail(object);
    LeaseObject out;
    if (!*object) return out;
    Reader reader((*object)->body);
    engine::Lease lease;
    lease.fence = reader.take<std::uint64_t>("fence");
    lease.holder = reader.take<std::string>("holder");
    lease.purpose = reader.take<std::string>("purpose");
    lease.since = reader.instant("since");
    lease.until = reader.instant("until");
    out.is_held = reader.take<bool>("held");
    if (!reader.wrong().empty()) return odd("lease", reader.wrong());
    out.lease = std::move(lease);
    out.e_tag = (*object)->e_tag;
    return out;
}

base::Result<void> Store::put_lease(const LeaseObject& there, const engine::Lease& lease,
                                    bool held) {
    const base::Json json{{"fence", lease.fence},
                          {"holder", lease.holder},
                          {"purpose", lease.purpose},
                          {"since", base::micros_of(lease.since)},
                          {"until", base::micros_of(lease.until)},
                          {"held", held}};
    return put("lease", base::canonical(json), Condition{there.e_tag});
}

base::Result<engine::Lease> Store::acquire(const std::string& holder, const std::string& purpose,
                                           base::Instant now, std::chrono::milliseconds length) {
    const auto there = lease_object();
    if (!there) return base::fail(there);
    engine::Lease lease{
        .fence = 1, .holder = holder, .purpose = purpose, .since = now, .until = now + length};
    if (there->lease) {
        const engine::Lease& present = *there->lease;
        if (there->is_held && now < present.until && present.holder != holder)
            return conflict(
                fmt::format("{} drives this application", present.holder),
                fmt::format("for {}, since {}, until {} at least", present.purpose,
                            base::to_text(present.since), base::to_text(present.until)));
        lease.fence = present.fence + 1;
    }
    if (const auto done = put_lease(*there, lease, true); !done) return base::fail(done);
    return lease;
}

base::Result<engine::Lease> Store::renew(const engine::Lease& lease, base::Instant now,
                                         std::chrono::milliseconds length) {
    const auto there = lease_object();
    if (!there) return base::fail(there);
    if (!there->lease || !there->is_held || there->lease->fence != lease.fence)
        return conflict("the lease was replaced", there->lease ? there->lease->holder : "nobody");
    engine::Lease longer = lease;
    longer.until = now + length;
    if (const auto done = put_lease(*there, longer, true); !done) return base::fail(done);
    return longer;
}

base::Result<void> Store::release(const engine::Lease& lease) {
    const auto there = lease_object();
    if (!there) return base::fail(there);
    if (!there->lease || there->lease->fence != lease.fence) return {};
    const auto done = put_lease(*there, *there->lease, false);
    // Someone took it meanwhile: it is given back all the same.
    if (!done && done.error().failure != base::Failure::conflict) return base::fail(done);
    return {};
}

base::Result<std::optional<engine::Lease>> Store::lease() {
    auto there = lease_object();
    if (!there) return base::fail(there);
    if (!there->is_held) return std::optional<engine::Lease>{};
    return std::move(there->lease);
}

// --- wishes ------------------------------------------------------------------------------------

base::Result<engine::Request> Store::ask(const std::string& verb, const std::string& argument,
                                         const std::string& actor, base::Instant now) {
    engine::Request request{.id = 0, .at = now, .actor = actor, .verb = verb, .argument = argument};
    constexpr int kTries = 5;
    for (int i = 0; i < kTries; ++i) {
        const auto known = requests(last_request_);
        if (!known) return base::fail(known);
        if (!known->empty()) last_request_ = known->back().id;
        request.id = last_request_ + 1;
        const base::Json json{{"id", request.id},
                              {"at", base::micros_of(now)},
                              {"actor", actor},
                              {"verb", verb},
                              {"argument", argument}};
        const auto done = put(request_key(request.id), base::canonical(json), Condition{});
        if (done) return request;
        if (done.error().failure != base::Failure::conflict) return base::fail(done);
    }
    return conflict("others were first each time", "many ask at once");
}

base::Result<std::vector<engine::Request>> Store::requests(std::uint64_t after) {
    const auto keys = keys_after("request/", request_key(after), 0);
    if (!keys) return base::fail(keys);
    std::vector<engine::Request> out;
    for (const std::string& key : *keys) {
        const auto object = get(key);
        if (!object) return base::fail(object);
        if (!*object) continue;
        Reader reader((*object)->body);
        engine::Request request;
        request.id = reader.take<std::uint64_t>("id");
        request.at = reader.instant("at");
        request.actor = reader.take<std::string>("actor");
        request.verb = reader.take<std::string>("verb");
        request.argument = reader.take<std::string>("argument");
        if (!reader.wrong().empty()) return odd(key, reader.wrong());
        out.push_back(std::move(request));
    }
    return out;
}

}  // namespace aws
