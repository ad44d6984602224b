#pragma once
// Who an actor of the journal is: what was proven of him, apart from what his process said of
// itself. Pure.
//
// The kernel proves a user, a token proves who holds it. Variables of an environment prove nothing:
// whoever can begin a process can set them.

#include <string>
#include <string_view>

namespace engine {

struct Person {
    std::string claimed;  ///< Empty: nothing beyond what is proven.
    std::string proven;  ///< `user ada`, or `console ada (t3)` for a token's holder; empty: nobody.
    std::string name;    ///< The bare name of who is proven: `ada`.
    std::string maker;   ///< Of a token: the user who made it and may have kept it.
};

/// Reads what the functions below wrote, whatever follows it: `: why`, ` despite a freeze`.
Person person_of(std::string_view actor);

std::string actor_of_user(std::string_view user);
/// `claim` is what the user's process says it does this for.
std::string actor_of_claim(std::string_view claim, std::string_view user);
std::string actor_of_token(std::string_view name, std::string_view id, std::string_view maker);

/// Why `consenter` is no second person beside `beginner`; empty: he is. What is claimed never makes
/// two persons of one; it can make one of two.
std::string why_no_second_person(std::string_view beginner, std::string_view consenter);

}  // namespace engine
