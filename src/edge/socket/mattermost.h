#pragma once
// What a Mattermost socket needs beyond a swap: its server numbers events from 0 per connection
// and greets each with an id of its own; its client closes when a number is missing.
//
// Planned handoff: the client keeps its id and counts on, as the new server's greeting is taken out
// and its events are renumbered; while both servers are heard, an event that both tell is told
// once. After a dead server: the new greeting goes to the client, which then asks for what it
// missed.
//
// Messages: {"event":…,"data":…,"broadcast":…,"seq":N} with `seq` last; replies have `seq_reply`.

#include "base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace edge {

class VirtualIds;

class Mattermost {
public:
    /// Above it are the numbers of what we ask in the client's name; the replies are ours.
    static constexpr std::uint64_t kOurs = std::uint64_t{1} << 31U;

    /// `resumed_at`: the number that the client named as the next it expects.
    Mattermost(std::uint64_t resumed_at, VirtualIds& ids) : next_(resumed_at), ids_(ids) {}
    /// What another process needs to go on where this one stopped.
    struct Memory {
        std::uint64_t next = 0;
        std::uint64_t asked = kOurs;
        bool renumbers = false;
        bool takes_hello = false;
        std::string challenge;  ///< With a token: to be wiped by who has it.
        std::string presence;
        std::string active;
        std::string known_id;
        std::string real_id;
    };
    Mattermost(Memory memory, VirtualIds& ids);
    ~Mattermost();
    Mattermost(const Mattermost&) = delete;
    Mattermost& operator=(const Mattermost&) = delete;

    enum class Voice : std::uint8_t { leaving, staying };
    /// A text from a target: renumbered in place. False: it is not for the client.
    bool hears(std::string& text, Voice voice, base::Tick now);
    /// A text of the client: remembers who it is and what it looks at.
    void says(std::string_view text);

    /// It compares nothing just now: what `memory` gives is all that it knows.
    bool at_rest(base::Tick now) const { return !records_ || now >= forget_at_; }
    Memory memory() const;

    /// A handoff is being prepared: what is told from now on may be told again by the next target.
    void begin_recording();
    /// Another target has taken over while the old one still speaks.
    void swapped();
    /// The old one has fallen silent; what it told last may still come from the new one.
    void silent(base::Tick now);
    /// Another target has taken over after a death: nobody knows what was missed.
    void restarted();

    /// The answer to a client's `ping`, while no target stands behind it; none to anything else.
    static std::optional<std::string> pong_for(std::string_view text);

    /// What a new target has to be told before anything else, and what once the old one is gone.
    std::vector<std::string> credentials();
    std::vector<std::string> presence();

private:
    struct Told {
        std::uint32_t leaving = 0;
        std::uint32_t staying = 0;
    };
    bool is_double(std::string_view event, Voice voice, base::Tick now);
    void greeted(std::string_view hello, std::string& id) const;
    std::string ours(std::string_view action, const std::string& payload);

    std::uint64_t next_;  ///< The number that the client expects.
    std::uint64_t asked_ = kOurs;
    bool renumbers_ = false;
    bool takes_hello_ = false;
    bool records_ = false;
    base::Tick forget_at_ = base::Tick::max();
    std::unordered_map<std::uint64_t, Told> told_;
    VirtualIds& ids_;
    std::string known_id_;   ///< The connection's, as the client was greeted.
    std::string real_id_;    ///< As the present target greeted us; empty: the same.
    std::string challenge_;  ///< Its data, with the token.
    std::string presence_;
    std::string active_;
};

/// Takes the id of an earlier connection out of a handshake's query: another server does not know
/// it, or worse, remembers it. Gives the number that the client expects next.
std::uint64_t without_resumption(std::string& request);

}  // namespace edge
