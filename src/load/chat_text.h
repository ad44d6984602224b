#pragma once
// The chat's API as text: request heads, bodies, and what is read from answers and events. Pure.

#include "base/result.h"
#include "load/oracle.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace load {

/// What a message says: `cf1:RUN:SENDER:N:` and filler, so that any receiver can name it.
std::string message_text(std::string_view run, MessageName name, std::size_t filler);

/// The name in a text that has one of this run.
std::optional<MessageName> message_in(std::string_view text, std::string_view run);

/// An event or reply on a WebSocket, found by scanning: thousands come every second.
struct EventText {
    enum class Kind { posted, hello, other, reply };
    Kind kind = Kind::other;
    std::optional<std::uint64_t> seq;    ///< Replies have none.
    std::optional<MessageName> message;  ///< Of `posted`, where it is one of ours.
    std::uint64_t post = 0;              ///< Its post id, hashed.
};
EventText event_in(std::string_view frame, std::string_view run);

struct Hello {
    std::string connection_id;
    std::string version;
};
std::optional<Hello> hello_in(std::string_view frame);

/// A post of a list, as the resync reads it.
struct FoundPost {
    MessageName message;
    std::uint64_t post = 0;
};
/// The posts of ours in a PostList, oldest first; rejected when it is none (CF0606).
base::Result<std::vector<FoundPost>> posts_in(std::string_view body, std::string_view run);
/// How many posts a list has, of whomever, and the id of its oldest.
struct PageEnd {
    std::size_t posts = 0;
    std::string oldest;
};
PageEnd page_end_of(std::string_view body);

/// Channel id and time of the newest post, of each channel in a list.
struct ChannelTime {
    std::string id;
    std::int64_t last_post_ms = 0;
};
base::Result<std::vector<ChannelTime>> channel_times_in(std::string_view body);

/// The member `key` of an object, where it is a text.
std::optional<std::string> text_member(std::string_view body, std::string_view key);
/// The id of the first of `file_infos`.
std::optional<std::string> file_id_in(std::string_view body);

/// Paths of scripts, styles and pictures that a page refers to on its own host.
std::vector<std::string> assets_in(std::string_view page);

std::uint64_t hash_of(std::string_view text);

}  // namespace load
