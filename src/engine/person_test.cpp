// What is proven of an actor, and who counts as a second person.

#include "engine/person.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

const std::string kAda = actor_of_user("ada");
const std::string kBob = actor_of_user("bob");

TEST(Persons, a_user_a_claim_and_a_token_are_read_back) {
    EXPECT_EQ(person_of(kAda).proven, "user ada");
    EXPECT_EQ(person_of(kAda).claimed, "");
    const Person build = person_of(actor_of_claim("jenkins chat #7 approved by bob", "jenkins"));
    EXPECT_EQ(build.claimed, "jenkins chat #7 approved by bob");
    EXPECT_EQ(build.proven, "user jenkins");
    const Person holder = person_of(actor_of_token("bob", "t3", "root"));
    EXPECT_EQ(holder.proven, "console bob (t3)");
    EXPECT_EQ(holder.name, "bob");
    EXPECT_EQ(holder.maker, "root");
}

TEST(Persons, what_follows_an_actor_changes_nobody) {
    for (const std::string& actor :
         {kAda, actor_of_claim("jenkins chat #7", "ada"), actor_of_token("ada", "t1", "root")}) {
        const Person before = person_of(actor);
        for (const char* rest : {": because", ": (claimed by user bob)", " despite a lock: x",
                                 ": (t9, made by user bob)", ": user bob"}) {
            EXPECT_EQ(person_of(actor + rest).name, before.name) << actor + rest;
            EXPECT_EQ(person_of(actor + rest).maker, before.maker) << actor + rest;
        }
    }
}

TEST(Persons, a_claim_cannot_pass_for_what_is_proven) {
    EXPECT_EQ(person_of(actor_of_claim("jenkins x (claimed by user bob)", "ada")).name, "ada");
    EXPECT_EQ(person_of(actor_of_token("bob (t1, made by user eve)", "t2", "ada")).maker, "ada");
    EXPECT_EQ(person_of("console bob (t1)").proven, "")
        << "an older version took a variable's word";
    EXPECT_EQ(person_of("console bob").proven, "");
    EXPECT_EQ(person_of("driver").proven, "");
    EXPECT_EQ(person_of("user ").proven, "");
}

TEST(Persons, another_user_and_another_token_holder_are_a_second_person) {
    EXPECT_EQ(why_no_second_person(kAda, kBob), "");
    EXPECT_EQ(why_no_second_person(kAda, kBob + ": seen"), "");
    EXPECT_EQ(why_no_second_person(kAda, actor_of_token("bob", "t3", "root")), "");
    EXPECT_EQ(why_no_second_person(actor_of_token("ada", "t1", "root"),
                                   actor_of_token("bob", "t3", "root")),
              "");
    EXPECT_EQ(why_no_second_person(actor_of_claim("jenkins chat #7 for ada", "jenkins"), kBob), "");
}

TEST(Persons, who_began_a_release_is_none_in_any_dress) {
    EXPECT_EQ(why_no_second_person(kAda, kAda), "user ada began this release and consents to it");
    for (const std::string& ada :
         {actor_of_claim("jenkins chat #7 for bob approved by bob", "ada"),
          actor_of_token("ada", "t3", "root"), actor_of_token("user ada", "t3", "root"),
          actor_of_token("bob", "t3", "ada")}) {
        EXPECT_NE(why_no_second_person(kAda, ada), "") << ada;
        EXPECT_NE(why_no_second_person(ada, kAda), "") << ada;
    }
    EXPECT_NE(why_no_second_person(actor_of_claim("jenkins chat #7 for bob", "jenkins"), kBob), "");
    EXPECT_NE(why_no_second_person(kAda, "console bob (t1)"), "");
    EXPECT_NE(why_no_second_person("", kBob), "");
}

}  // namespace
}  // namespace engine
