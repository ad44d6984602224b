#pragma once
// What two edges say to each other while one takes the other's place, as bytes: one message, one
// packet. docs/decisions/0007-takeover.md has the order in which they are sent.
//
// A packet is the kind (1 byte) and the kind's fields in order: numbers in little endian, texts
// behind their length (4 bytes). Nothing may follow. Descriptors travel beside the bytes.

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

namespace edge::takeover {

/// Of everything below, and of what the texts hold. Two that differ do not take each other over.
inline constexpr std::uint32_t kWireVersion = 3;
/// A larger packet is refused, and none is made.
inline constexpr std::size_t kPacketMax = 128 * 1024;
/// A text in more than one piece is cut into pieces of this size.
inline constexpr std::size_t kPartBytes = 48 * 1024;
/// The kernel passes 253 at once.
inline constexpr std::size_t kDescriptorsMax = 250;

// From the new edge. Hello and Refused keep their form in every version.

struct Hello {
    std::uint32_t version = kWireVersion;
    std::string build;
    static auto of(auto& self) { return std::tie(self.version, self.build); }
    friend bool operator==(const Hello&, const Hello&) = default;
};
/// It has made everything ready and waits for Go.
struct Ready {
    static auto of(auto&) { return std::tuple<>(); }
    friend bool operator==(const Ready&, const Ready&) = default;
};
/// It accepts, and its admin API answers.
struct Serving {
    static auto of(auto&) { return std::tuple<>(); }
    friend bool operator==(const Serving&, const Serving&) = default;
};
/// What the parts before it hold is the present state; version `version` of it runs here.
struct Follow {
    std::uint64_t version = 0;
    static auto of(auto& self) { return std::tie(self.version); }
    friend bool operator==(const Follow&, const Follow&) = default;
};
/// It ends because it was told to: nothing is to be taken back.
struct Farewell {
    static auto of(auto&) { return std::tuple<>(); }
    friend bool operator==(const Farewell&, const Farewell&) = default;
};

// From the old edge.

struct Refused {
    std::string why;
    static auto of(auto& self) { return std::tie(self.why); }
    friend bool operator==(const Refused&, const Refused&) = default;
};
struct Welcome {
    std::uint32_t workers = 0;
    std::string build;
    static auto of(auto& self) { return std::tie(self.workers, self.build); }
    friend bool operator==(const Welcome&, const Welcome&) = default;
};
/// With one descriptor a worker.
struct Listening {
    std::string name;
    std::string asked;
    std::string actual;
    static auto of(auto& self) { return std::tie(self.name, self.asked, self.actual); }
    friend bool operator==(const Listening&, const Listening&) = default;
};
/// What the parts before it hold is the state; all listeners have been sent.
struct Whole {
    static auto of(auto&) { return std::tuple<>(); }
    friend bool operator==(const Whole&, const Whole&) = default;
};
/// It accepts no more: the listeners are the new edge's.
struct Go {
    static auto of(auto&) { return std::tuple<>(); }
    friend bool operator==(const Go&, const Go&) = default;
};
/// A WebSocket with nothing waiting to be sent, and the descriptors of its client and its target.
struct GivenTunnel {
    std::uint32_t worker = 0;
    std::string group;
    std::string target;
    std::uint64_t opened_version = 0;
    // As net::FrameWalker::Place, of what comes from either; walks 0: it is not followed.
    std::uint8_t client_walks = 0;
    std::uint8_t client_within = 0;
    std::uint64_t client_left = 0;
    std::string client_header;
    std::uint8_t target_walks = 0;
    std::uint8_t target_within = 0;
    std::uint64_t target_left = 0;
    std::string target_header;
    std::uint8_t handed = 0;  ///< 1: the handshake is there, it may be handed off.
    std::string listener;
    std::string protocol;
    std::string extensions;
    std::string head;
    std::uint8_t adapts = 0;  ///< 1: for Mattermost; what follows is what its adapter remembers.
    std::uint8_t renumbers = 0;
    std::uint8_t takes_hello = 0;
    std::uint64_t next = 0;
    std::uint64_t asked = 0;
    std::string challenge;
    std::string presence;
    std::string active;
    std::string known_id;
    std::string real_id;
    std::string line;  ///< Of the access log; empty: none is written.
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
    std::uint32_t swapped = 0;
    std::uint32_t recovered = 0;
    std::uint32_t refused = 0;
    std::uint32_t failed = 0;
    static auto of(auto& self) {
        return std::tie(self.worker, self.group, self.target, self.opened_version,
                        self.client_walks, self.client_within, self.client_left, self.client_header,
                        self.target_walks, self.target_within, self.target_left, self.target_header,
                        self.handed, self.listener, self.protocol, self.extensions, self.head,
                        self.adapts, self.renumbers, self.takes_hello, self.next, self.asked,
                        self.challenge, self.presence, self.active, self.known_id, self.real_id,
                        self.line, self.received, self.sent, self.swapped, self.recovered,
                        self.refused, self.failed);
    }
    friend bool operator==(const GivenTunnel&, const GivenTunnel&) = default;
};
/// A client's connection between two requests, with its descriptor.
struct GivenClient {
    std::uint32_t worker = 0;
    std::string listener;
    std::uint32_t served = 0;
    std::int64_t opened_ns = 0;  ///< On the machine's monotonic clock.
    static auto of(auto& self) {
        return std::tie(self.worker, self.listener, self.served, self.opened_ns);
    }
    friend bool operator==(const GivenClient&, const GivenClient&) = default;
};
/// What the parts before it hold is what the old edge still has; it runs version `followed`.
struct Report {
    std::uint64_t followed = 0;
    std::uint32_t generations = 0;  ///< Edges that still end, it included.
    static auto of(auto& self) { return std::tie(self.followed, self.generations); }
    friend bool operator==(const Report&, const Report&) = default;
};

// From either.

struct Part {
    std::string bytes;
    static auto of(auto& self) { return std::tie(self.bytes); }
    friend bool operator==(const Part&, const Part&) = default;
};

/// The place of each is its kind's number: only ever add at the end.
using Message = std::variant<Hello, Refused, Welcome, Part, Listening, Whole, Ready, Go, Serving,
                             GivenTunnel, GivenClient, Report, Follow, Farewell>;

std::string encode(const Message& message);
/// `rejected` for anything that `encode` does not make.
base::Result<Message> decode(std::string_view packet);
/// How many descriptors must travel with it; of Listening, as many as there are workers.
std::size_t descriptors_of(const Message& message, std::size_t workers);

}  // namespace edge::takeover
