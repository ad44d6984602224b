#include "engine/person.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine {

namespace {

constexpr std::string_view kUser = "user ";
constexpr std::string_view kConsole = "console ";
constexpr std::string_view kToken = " (t";
constexpr std::string_view kMaker = ", made by user ";
constexpr std::string_view kClaimed = " (claimed by user ";
constexpr std::string_view kFor = " for ";
constexpr std::string_view kApproved = " approved by ";

/// Without the brackets by which an actor's parts are told apart.
std::string plain(std::string_view text) {
    std::string out(text);
    std::replace(out.begin(), out.end(), '(', '[');
    std::replace(out.begin(), out.end(), ')', ']');
    return out;
}

std::string_view name_at(std::string_view text) {
    return text.substr(0, text.find_first_of(" :)"));
}

/// A token that was given the name of an actor belongs to that person.
std::string_view bare(std::string_view name) {
    return name.starts_with(kUser) ? name.substr(kUser.size()) : name;
}

Person holder_of_token(std::string_view actor) {
    const std::size_t id = actor.find(kToken);
    const std::size_t maker = actor.find(kMaker, id);
    const Person unknown{.claimed = std::string(actor), .proven = {}, .name = {}, .maker = {}};
    if (id == std::string_view::npos || maker == std::string_view::npos) return unknown;
    const std::string_view number = actor.substr(id + kToken.size(), maker - id - kToken.size());
    const bool is_number =
        !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_number) return unknown;
    const std::string_view name = actor.substr(kConsole.size(), id - kConsole.size());
    return {.claimed = {},
            .proven = fmt::format("{})", actor.substr(0, maker)),
            .name = std::string(bare(name)),
            .maker = std::string(name_at(actor.substr(maker + kMaker.size())))};
}

/// For whom a process says that it acts; empty where it does not.
std::string_view meant_by(std::string_view claim) {
    const std::size_t at = claim.rfind(kFor);
    if (at == std::string_view::npos) return {};
    claim.remove_prefix(at + kFor.size());
    return claim.substr(0, claim.find(kApproved));
}

}  // namespace

Person person_of(std::string_view actor) {
    if (actor.starts_with(kConsole)) return holder_of_token(actor);
    if (actor.starts_with(kUser)) {
        const std::string name(name_at(actor.substr(kUser.size())));
        return {.claimed = {},
                .proven = name.empty() ? "" : fmt::format("{}{}", kUser, name),
                .name = name,
                .maker = {}};
    }
    const std::size_t at = actor.find(kClaimed);
    if (at == std::string_view::npos)
        return {.claimed = std::string(actor), .proven = {}, .name = {}, .maker = {}};
    const std::string name(name_at(actor.substr(at + kClaimed.size())));
    return {.claimed = std::string(actor.substr(0, at)),
            .proven = fmt::format("{}{}", kUser, name),
            .name = name,
            .maker = {}};
}

std::string actor_of_user(std::string_view user) {
    return fmt::format("{}{}", kUser, plain(user));
}

std::string actor_of_claim(std::string_view claim, std::string_view user) {
    return fmt::format("{}{}{})", plain(claim), kClaimed, plain(user));
}

std::string actor_of_token(std::string_view name, std::string_view id, std::string_view maker) {
    return fmt::format("{}{} ({}{}{})", kConsole, plain(name), id, kMaker, plain(maker));
}

std::string why_no_second_person(std::string_view beginner, std::string_view consenter) {
    const Person first = person_of(beginner);
    const Person second = person_of(consenter);
    if (second.name.empty()) return "nothing proves who consents";
    if (first.name.empty()) return "nothing proves who began this release";
    if (first.name == second.name)
        return fmt::format("{} began this release and consents to it", second.proven);
    if (second.maker == first.name)
        return fmt::format("{} began this release and made the token by which {} consents",
                           first.proven, second.name);
    if (first.maker == second.name)
        return fmt::format("{} made the token by which this release was begun", second.proven);
    if (meant_by(first.claimed) == second.name)
        return fmt::format("this release was begun for {}, as {} says", second.name, first.proven);
    return {};
}

}  // namespace engine
