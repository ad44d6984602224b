#pragma once
// Server-sent events on their way to a client (WHATWG HTML §9.2): where an event ends, and from
// which one another server may go on.

#include <cstddef>
#include <string>
#include <string_view>

namespace edge {

/// Gives events on whole, so that a stream that breaks within one can be taken up by another
/// server, which says that event from its beginning.
class EventStream {
public:
    /// A longer event goes on as it comes.
    static constexpr std::size_t kEventMax = 256 * 1024;

    /// `request`: the head that asked for the stream.
    explicit EventStream(std::string request) : request_(std::move(request)) {}

    /// What may be sent of what came, whole events. Lasts until the next call.
    std::string_view take(std::string_view bytes);
    /// The rest, where the stream is over. Lasts until the next call.
    std::string_view rest();

    /// Whether a server that knows the ids can go on without a gap or a double: the last event
    /// that was given on had one, or none was given on at all.
    bool may_go_on() const { return !torn_ && (has_id_ || !given_); }
    /// What was begun and not given on comes from another server.
    void forget_begun();
    /// The head that asks for what follows.
    std::string request() const;

private:
    /// How many of these bytes belong to events that are over.
    std::size_t end_of_events(std::string_view bytes);
    void note_ids(std::string_view events);

    std::string request_;
    std::string held_;  ///< Of an event that is not over.
    std::string out_;
    std::string last_id_;
    bool has_id_ = false;
    bool given_ = false;
    bool torn_ = false;     ///< Part of a long event is out.
    bool between_ = false;  ///< The last event is over, and no other has begun.
    bool line_is_empty_ = true;
    bool after_cr_ = false;
};

}  // namespace edge
