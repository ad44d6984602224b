#pragma once
// Posts, as stored. A channel's clock gives each change an instant that no other change of that
// channel has, later than all before; so `since` and order by `create_at` are exact.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chat/event.h"
#include "chat/places.h"
#include "chat/sql.h"

namespace chat {

struct Post {
    std::string id = {};
    std::string channel_id;
    std::string user_id;
    std::string root_id = {};
    std::string message;
    std::string props = "{}";  ///< A JSON object, kept as it came.
    std::vector<std::string> file_ids = {};
    std::string pending_post_id = {};
    std::int64_t create_at = 0;
    std::int64_t update_at = 0;
    std::int64_t edit_at = 0;
    std::int64_t delete_at = 0;
};

/// What the user posted under this `pending_post_id`, at whichever instance.
std::optional<Post> post_by_pending(Sql& sql, const std::string& user_id,
                                    const std::string& pending_post_id);
/// Stores `post` with an id and the channel's next instant, and counts it as read for its author.
/// A second post of the user with the same `pending_post_id` is not stored: the first is given.
struct Added {
    Post post;
    bool first = true;
};
Added add_post(Write& write, Post post);
std::optional<Post> post_by_id(Sql& sql, const std::string& id);
/// Changes text and instants of a post that exists.
Post edit_post(Write& write, Post post, const std::string& message);
Post delete_post(Write& write, Post post);

/// Which posts of a channel are wanted; at most one of `since`, `before`, `after` is set.
struct PostPage {
    std::string channel_id;
    std::int64_t page = 0;
    std::int64_t per_page = 60;
    std::int64_t since = 0;   ///< All that changed later, the oldest 1,000 of them.
    std::string before = {};  ///< A post's id; those right before it.
    std::string after = {};   ///< Those right after it.
};
struct Posts {
    std::vector<Post> newest_first;
    std::string next_post_id;  ///< Of the post after the newest here; empty where there is none.
    std::string prev_post_id;  ///< Of the post before the oldest here.
};
Posts posts_of(Sql& sql, const PostPage& page);

/// Names behind an @ in a message, without repetition.
std::vector<std::string> names_mentioned(std::string_view message);
/// Counts a mention for each of the users that is in the channel.
void count_mentions(Write& write, const std::string& channel_id,
                    const std::vector<std::string>& user_ids);

}  // namespace chat
