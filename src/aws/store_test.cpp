#include "aws/store.h"

#include "aws/twin_test.h"
#include "base/percent.h"
#include "engine/journal.h"
#include "engine/store_contract.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace aws {
namespace {

using namespace std::chrono_literals;

/// A bucket with S3's conditional writes; something may happen before any of its requests.
class BucketTwin final : public Transport {
public:
    base::Result<Answer> send(const Request& request, Effect effect, base::Deadline) override {
        if (before) before();
        ++requests;
        const Mishap mishap = misfortune.next();
        if (mishap == Mishap::unreached || mishap == Mishap::unanswered)
            return Misfortune::answer(mishap);
        const std::string key = base::percent_decoded(request.path.substr(1)).value();
        Answer answer = request.method == "PUT" ? put(key, request)
                        : request.query.empty() ? get(key)
                                                : list(request.query);
        if (effect == Effect::changes && lose_next) {
            lose_next = false;
            return Misfortune::answer(Mishap::lost_answer);
        }
        return mishap == Mishap::none ? base::Result<Answer>(answer) : Misfortune::answer(mishap);
    }

    std::map<std::string, std::string> objects;
    std::function<void()> before;
    int requests = 0;
    bool lose_next = false;
    Misfortune misfortune;

private:
    static Answer refused(int status, const std::string& code) {
        return {.status = status,
                .headers = {},
                .body = "<Error><Code>" + code + "</Code><Message>no</Message></Error>"};
    }
    static std::string tag_of(const std::string& body) {
        return '"' + base::sha256(body).hex() + '"';
    }
    Answer put(const std::string& key, const Request& request) {
        const auto found = objects.find(key);
        const auto* const match = find_header(request.headers, "If-Match");
        const auto* const none = find_header(request.headers, "If-None-Match");
        if (none != nullptr && found != objects.end()) return refused(412, "PreconditionFailed");
        if (match != nullptr && found == objects.end()) return refused(404, "NoSuchKey");
        if (match != nullptr && tag_of(found->second) != *match)
            return refused(412, "PreconditionFailed");
        objects[key] = request.body;
        return {.status = 200, .headers = {{"ETag", tag_of(request.body)}}, .body = {}};
    }
    Answer get(const std::string& key) {
        const auto found = objects.find(key);
        if (found == objects.end()) return refused(404, "NoSuchKey");
        return {.status = 200, .headers = {{"ETag", tag_of(found->second)}}, .body = found->second};
    }
    // Two a page, so that there are pages.
    Answer list(const std::string& query) {
        const auto form = form_from(query);
        const auto value = [&](const char* key) {
            const auto found = form.find(key);
            return found != form.end() ? found->second : std::string{};
        };
        const std::string after = std::max(value("start-after"), value("continuation-token"));
        std::string out = "<ListBucketResult>";
        std::string last;
        int count = 0;
        bool more = false;
        for (const auto& [key, body] : objects) {
            if (!key.starts_with(value("prefix")) || key <= after) continue;
            if (++count > std::min(2, std::stoi(value("max-keys")))) {
                more = true;
                break;
            }
            last = key;
            out += "<Contents><Key>" + key + "</Key></Contents>";
        }
        out += more ? "<IsTruncated>true</IsTruncated><NextContinuationToken>" + last +
                          "</NextContinuationToken>"
                    : "<IsTruncated>false</IsTruncated>";
        return {.status = 200, .headers = {}, .body = out + "</ListBucketResult>"};
    }
};

struct Seat {
    Seat(BucketTwin& bucket, HandClock& clock)
        : client(client_of(bucket, clock, "s3")), store(client, "crossfade/shop", clock) {}
    Client client;
    Store store;
};

class Bench final : public engine::StoreBench {
public:
    engine::Store& store() override { return one_.store; }
    engine::Store& another() override { return two_.store; }

private:
    HandClock clock_;
    BucketTwin bucket_;
    Seat one_{bucket_, clock_};
    Seat two_{bucket_, clock_};
};

std::unique_ptr<engine::StoreBench> make_bench() {
    return std::make_unique<Bench>();
}

class BucketStore : public testing::Test {
protected:
    engine::Record next(const std::optional<engine::Record>& last, const std::string& actor) {
        return engine::record_after(last, {engine::RecordKind::observed, "r1", actor, now, "{}"});
    }

    HandClock clock;
    BucketTwin bucket;
    Seat one{bucket, clock};
    Seat two{bucket, clock};
    base::Instant now{std::chrono::seconds{1'700'000'000}};
};

TEST_F(BucketStore, an_answer_that_was_lost_is_looked_up) {
    const auto lease = one.store.acquire("ada", "deploy", now, 10s);
    ASSERT_TRUE(lease) << lease.error().line();
    const auto record = next({}, "ada");
    bucket.lose_next = true;
    EXPECT_TRUE(one.store.append(record, lease->fence));
    EXPECT_TRUE(one.store.append(next(record, "ada"), lease->fence));
    EXPECT_EQ(two.store.read(1, 10)->size(), 2U);
}

TEST_F(BucketStore, every_record_carries_the_fence_it_was_written_under) {
    const auto lease = one.store.acquire("ada", "deploy", now, 10s);
    ASSERT_TRUE(one.store.append(next({}, "ada"), lease->fence));
    EXPECT_NE(bucket.objects.at("crossfade/shop/journal/999999999999").find(R"("fence":1)"),
              std::string::npos);
}

// Whenever the second holder takes the lease in the middle of the first one's append: either the
// first is told that it lost, or its record stood before the second had the lease; and never do
// both succeed at one place.
TEST_F(BucketStore, two_holders_never_both_write) {
    int told = 0;
    for (int moment = 0;; ++moment) {
        bucket.objects.clear();
        Seat first{bucket, clock};
        Seat second{bucket, clock};
        const auto lease = first.store.acquire("ada", "deploy r1", now, 10s);
        ASSERT_TRUE(lease);
        int crossings = 0;
        bool taken = false;
        std::size_t records_when_taken = 0;
        std::uint64_t second_fence = 0;
        bucket.before = [&] {
            if (taken || crossings++ != moment) return;
            taken = true;
            records_when_taken = bucket.objects.count("crossfade/shop/journal/999999999999");
            const auto other = second.store.acquire("bob", "deploy r2", now + 11s, 10s);
            ASSERT_TRUE(other) << other.error().line();
            second_fence = other->fence;
        };
        const auto record = next({}, "ada");
        const auto appended = first.store.append(record, lease->fence);
        bucket.before = nullptr;
        if (!taken) break;  // every moment was tried
        EXPECT_GT(second_fence, lease->fence);
        if (appended) {
            EXPECT_EQ(records_when_taken, 1U) << moment;
        } else {
            EXPECT_EQ(appended.error().failure, base::Failure::conflict);
            ++told;
        }
        // The first can do no more, the second goes on after whatever stands there.
        EXPECT_FALSE(first.store.append(next(record, "ada"), lease->fence));
        const auto last = second.store.last();
        ASSERT_TRUE(last) << last.error().line();
        EXPECT_TRUE(second.store.append(next(*last, "bob"), second_fence));
        EXPECT_TRUE(engine::verify(*second.store.read(1, 10)).intact);
    }
    EXPECT_GE(told, 2);
}

TEST_F(BucketStore, a_mishap_at_any_request_leaves_a_record_or_none_and_never_two) {
    for (const Mishap kind : {Mishap::unreached, Mishap::unanswered, Mishap::lost_answer})
        for (int at = 0; at < 5; ++at) {
            bucket.objects.clear();
            Seat seat{bucket, clock};
            const auto lease = seat.store.acquire("ada", "deploy", now, 10s);
            ASSERT_TRUE(lease);
            const auto record = next({}, "ada");
            bucket.misfortune = {.at = at, .kind = kind};
            const auto first = seat.store.append(record, lease->fence);
            bucket.misfortune = {};
            Seat later{bucket, clock};
            auto last = later.store.last();
            ASSERT_TRUE(last) << last.error().line();
            if (first) {
                EXPECT_TRUE(*last) << at;
            }
            // As the engine does: reads, then decides.
            if (!*last) {
                EXPECT_TRUE(later.store.append(record, lease->fence)) << at;
            }
            const auto all = later.store.read(1, 10);
            ASSERT_TRUE(all);
            EXPECT_EQ(all->size(), 1U) << at;
            EXPECT_EQ(all->front().hash, record.hash);
        }
}

TEST_F(BucketStore, of_two_that_take_a_free_lease_at_once_one_gets_it) {
    bool taken = false;
    bool got = false;
    bucket.before = [&] {
        // After the first has read that nobody holds it.
        if (bucket.requests != 1 || taken) return;
        taken = true;
        got = two.store.acquire("bob", "deploy r2", now, 10s).has_value();
    };
    const auto mine = one.store.acquire("ada", "deploy r1", now, 10s);
    EXPECT_TRUE(got);
    ASSERT_FALSE(mine);
    EXPECT_EQ(mine.error().failure, base::Failure::conflict);
}

TEST_F(BucketStore, what_others_put_there_is_named_and_not_taken_for_a_record) {
    bucket.objects["crossfade/shop/journal/999999999999"] = "[]";
    const auto records = one.store.read(1, 10);
    ASSERT_FALSE(records);
    EXPECT_EQ(records.error().diagnostic.code, "CF0820");
}

}  // namespace
}  // namespace aws

namespace engine {
INSTANTIATE_TEST_SUITE_P(aws, StoreContract, testing::Values(&aws::make_bench));
}  // namespace engine
