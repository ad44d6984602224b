#include "chat/options.h"

#include <gtest/gtest.h>

#include "chat/identity.h"

namespace chat {
namespace {

TEST(Options, faults_are_a_list) {
    const auto faults = faults_from(
        "error-rate=0.2,latency=300ms,crash-on-boot,crash-after=1m,leak=1MB/s,refuse-websockets,"
        "drop-websockets=0.1/s,slow-start=5s");
    ASSERT_TRUE(faults);
    EXPECT_EQ(faults->error_rate, 0.2);
    EXPECT_EQ(faults->latency, std::chrono::milliseconds{300});
    EXPECT_EQ(faults->latency_max, std::chrono::milliseconds{300});
    EXPECT_TRUE(faults->crash_on_boot);
    EXPECT_EQ(faults->crash_after, std::chrono::minutes{1});
    EXPECT_EQ(faults->leak_bytes_a_second, 1024U * 1024U);
    EXPECT_TRUE(faults->refuse_websockets);
    EXPECT_EQ(faults->drops_a_second, 0.1);
    EXPECT_EQ(faults->slow_start, std::chrono::seconds{5});
    EXPECT_EQ(faults_from("")->error_rate, 0);
}

TEST(Options, latency_lies_between_two_durations) {
    const auto faults = faults_from("latency=20ms..60ms");
    ASSERT_TRUE(faults);
    EXPECT_EQ(faults->latency, std::chrono::milliseconds{20});
    EXPECT_EQ(faults->latency_max, std::chrono::milliseconds{60});
}

TEST(Options, what_is_no_fault_is_refused) {
    for (const char* const wrong :
         {"error-rate=2", "error-rate", "latency=3", "leak=1", "no-such", "crash-on-boot=yes",
          "latency=1s,,", "latency=2s..1s", "latency=1s..", "drop-websockets=0.1"}) {
        EXPECT_FALSE(faults_from(wrong)) << wrong;
    }
}

TEST(Options, the_environment_names_the_database_unless_an_argument_does) {
    const char* const none[] = {"--version", "2.0.0"};
    EXPECT_EQ(options_from(none, "postgres://x")->database.reveal(), "postgres://x");
    EXPECT_EQ(options_from(none, nullptr)->database.reveal(), "chat.db");
    const char* const given[] = {"--database", "a.db"};
    EXPECT_EQ(options_from(given, "postgres://x")->database.reveal(), "a.db");
    const char* const wrong[] = {"--bus", "maybe"};
    EXPECT_FALSE(options_from(wrong, nullptr));
}

TEST(Identity, a_password_matches_its_own_hash_only) {
    const std::string hash = hash_of_password("correct horse");
    EXPECT_TRUE(password_matches("correct horse", hash));
    EXPECT_FALSE(password_matches("correct house", hash));
    EXPECT_FALSE(password_matches("correct horse", "pbkdf2$0$x$"));
    EXPECT_FALSE(password_matches("", ""));
    EXPECT_NE(hash, hash_of_password("correct horse"));
}

TEST(Identity, ids_have_the_form_that_the_client_knows) {
    EXPECT_TRUE(is_id(fresh_id()));
    EXPECT_NE(fresh_id(), fresh_id());
    EXPECT_FALSE(is_id("short"));
    EXPECT_FALSE(is_id(std::string(26, 'A')));
}

}  // namespace
}  // namespace chat
