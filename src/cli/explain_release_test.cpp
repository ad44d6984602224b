#include "cli/explain_release.h"

#include "cli/golden_test.h"

#include "base/json.h"
#include "judge/usual.h"
#include "release/sample.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const base::Instant kBegun = base::instant_of_micros(1'795'437'909'000'000);

judge::PoolCounts counts(std::uint64_t old, std::uint64_t fresh, std::uint64_t failed) {
    judge::PoolCounts made;
    made.blue.requests = old;
    made.green.requests = fresh;
    made.green.errors = failed;
    for (std::uint64_t i = 0; i < old; ++i) made.blue.latency.add(20'000);
    for (std::uint64_t i = 0; i < fresh; ++i) made.green.latency.add(20'000);
    return made;
}

TEST(CliExplanation, of_a_release_tells_its_shares_and_what_was_compared) {
    release::Spec spec = release::sample_spec();
    engine::Progress progress;
    progress.plan = *release::plan_release(
        spec, release::sample_release("r2", "1.0.1"),
        release::sample_present(release::sample_release("r1", "1.0.0")), std::nullopt);
    const judge::PoolCounts before = counts(20'000, 0, 0);
    engine::Evidence& evidence =
        progress.evidence.emplace(progress.plan, judge::usual_of({}, before.blue),
                                  engine::Evidence::Look{.counts = before}, kBegun);
    evidence.shifted(base::Permille{50}, kBegun);
    evidence.see({.counts = counts(21'900, 100, 0)}, kBegun + minutes{4});
    evidence.see({.counts = counts(23'800, 200, 20)}, kBegun + minutes{5});
    evidence.see({.counts = counts(25'700, 300, 40)}, kBegun + minutes{6});
    progress.verdict = evidence.trial().verdict();
    EXPECT_EQ(progress.verdict.word, judge::Word::fail);
    engine::Record course;
    course.at = kBegun + seconds{10};
    course.release = "r2";
    course.kind = "observed";
    course.body = base::canonical({{"fact", "course"}, {"share", 50}, {"says", "first"}});
    expect_golden("explanation.txt", explanation_text(progress, {course}, Paint(false), 0));
}

TEST(CliExplanation, knows_a_release_by_its_name) {
    for (const char* const name : {"r1", "r20", "1.0.0", "2.1.0-rc.1"}) {
        EXPECT_TRUE(is_release_name(name)) << name;
    }
    for (const char* const name : {"CF0302", "r", "rx", "1.0", "service"}) {
        EXPECT_FALSE(is_release_name(name)) << name;
    }
}

}  // namespace
}  // namespace cli
