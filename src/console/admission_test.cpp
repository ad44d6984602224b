#include "console/admission.h"

#include <gtest/gtest.h>

namespace console {
namespace {

const Door kDoor = door_of(9000, {"Releases.example.com"}, View::anyone);

Caller caller_with(Role role) {
    Token token;
    token.role = role;
    return {token};
}

TEST(Admission, only_its_own_names_lead_in) {
    for (const char* host : {"127.0.0.1:9000", "localhost:9000", "LOCALHOST:9000", "[::1]:9000",
                             "releases.example.com"})
        EXPECT_FALSE(check_host(kDoor, {{"Host", host}})) << host;
    for (const char* host : {"evil.example", "127.0.0.1", "127.0.0.1:9001", "localhost.evil:9000",
                             "127.0.0.1:9000.evil.example", "", "releases.example.com:81"})
        EXPECT_EQ(check_host(kDoor, {{"Host", host}})->status, 421) << host;
    EXPECT_EQ(check_host(kDoor, {})->status, 421);
}

TEST(Admission, a_request_that_acts_comes_from_its_own_page) {
    EXPECT_FALSE(check_source(kDoor, {{"X-Crossfade", "1"}, {"Origin", "http://127.0.0.1:9000"}}));
    EXPECT_FALSE(
        check_source(kDoor, {{"X-Crossfade", "1"}, {"Origin", "https://releases.example.com"}}));
    EXPECT_FALSE(check_source(kDoor, {{"X-Crossfade", "1"}})) << "no browser";
    EXPECT_EQ(check_source(kDoor, {{"Origin", "http://127.0.0.1:9000"}})->code, "CF0911");
    for (const char* origin : {"http://evil.example", "null", "http://127.0.0.1:9001",
                               "http://127.0.0.1:9000.evil.example", "ftp://127.0.0.1:9000", ""})
        EXPECT_EQ(check_source(kDoor, {{"X-Crossfade", "1"}, {"Origin", origin}})->code, "CF0912")
            << origin;
    EXPECT_EQ(check_source(kDoor, {{"X-Crossfade", "1"}, {"Sec-Fetch-Site", "cross-site"}})->code,
              "CF0912");
    EXPECT_FALSE(check_source(kDoor, {{"X-Crossfade", "1"}, {"Sec-Fetch-Site", "same-origin"}}));
}

TEST(Admission, a_role_allows_what_it_says) {
    EXPECT_FALSE(check_operate(caller_with(Role::operate), true));
    EXPECT_EQ(check_operate(caller_with(Role::view), true)->status, 403);
    EXPECT_EQ(check_operate({}, true)->code, "CF0913");
    EXPECT_EQ(check_operate({}, false)->code, "CF0916");
}

TEST(Admission, looking_is_for_anyone_unless_the_spec_says_otherwise) {
    const Door closed = door_of(9000, {}, View::token);
    EXPECT_FALSE(check_view(kDoor, {}, false));
    EXPECT_EQ(check_view(closed, {}, false)->status, 401);
    EXPECT_FALSE(check_view(closed, caller_with(Role::view), true));
    EXPECT_EQ(check_view(kDoor, {}, true)->code, "CF0913")
        << "its owner should learn that it is over";
}

TEST(Admission, a_token_comes_in_one_field_alone) {
    EXPECT_EQ(bearer_of({{"Authorization", "Bearer cfc_x"}}), "cfc_x");
    EXPECT_EQ(bearer_of({{"authorization", "bearer  cfc_x "}}), "cfc_x");
    EXPECT_EQ(bearer_of({{"Authorization", "Basic cfc_x"}}), "");
    EXPECT_EQ(bearer_of({{"Authorization", "Bearer"}}), "");
    EXPECT_EQ(bearer_of({{"Cookie", "Bearer=cfc_x"}}), "");
}

}  // namespace
}  // namespace console
