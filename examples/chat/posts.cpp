#include "chat/posts.h"

#include <algorithm>

#include "chat/identity.h"

namespace chat {
namespace {

constexpr std::int64_t kSinceMax = 1000;
constexpr std::string_view kPost =
    "SELECT id, channel_id, user_id, root_id, message, props, file_ids, pending_post_id, "
    "create_at, update_at, edit_at, delete_at FROM posts ";

std::string joined(const std::vector<std::string>& ids) {
    std::string text;
    for (const std::string& id : ids) text += (text.empty() ? "" : " ") + id;
    return text;
}

std::vector<std::string> parted(const std::string& text) {
    std::vector<std::string> ids;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        ids.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return ids;
}

std::vector<Post> posts_from(const Rows& rows) {
    std::vector<Post> posts;
    posts.reserve(rows.size());
    for (const Row& row : rows) {
        posts.push_back({.id = row.text(0),
                         .channel_id = row.text(1),
                         .user_id = row.text(2),
                         .root_id = row.text(3),
                         .message = row.text(4),
                         .props = row.text(5),
                         .file_ids = parted(row.text(6)),
                         .pending_post_id = row.text(7),
                         .create_at = row.number(8),
                         .update_at = row.number(9),
                         .edit_at = row.number(10),
                         .delete_at = row.number(11)});
    }
    return posts;
}

std::int64_t next_instant(Write& write, const std::string& channel_id) {
    const Rows rows = write.sql.run(
        "UPDATE channels SET clock_at = CASE WHEN clock_at >= $2 THEN clock_at + 1 ELSE $2 END "
        "WHERE id = $1 RETURNING clock_at",
        {channel_id, write.now_ms});
    return rows.empty() ? write.now_ms : rows[0].number(0);
}

std::int64_t instant_of_post(Sql& sql, const std::string& channel_id, const std::string& id) {
    const Rows rows =
        sql.run("SELECT create_at FROM posts WHERE id = $1 AND channel_id = $2", {id, channel_id});
    return rows.empty() ? 0 : rows[0].number(0);
}

/// The id of the live post next to an instant, or nothing.
std::string neighbour(Sql& sql, const std::string& channel_id, std::int64_t at, bool later) {
    const Rows rows = sql.run(
        std::string("SELECT id FROM posts WHERE channel_id = $1 AND delete_at = 0 AND create_at ") +
            (later ? "> $2 ORDER BY create_at" : "< $2 ORDER BY create_at DESC") + " LIMIT 1",
        {channel_id, at});
    return rows.empty() ? std::string{} : rows[0].text(0);
}

}  // namespace

std::optional<Post> post_by_pending(Sql& sql, const std::string& user_id,
                                    const std::string& pending_post_id) {
    if (pending_post_id.empty()) return std::nullopt;
    std::vector<Post> posts =
        posts_from(sql.run(std::string(kPost) + "WHERE user_id = $1 AND pending_post_id = $2 AND "
                                                "pending_post_id <> ''",
                           {user_id, pending_post_id}));
    if (posts.empty()) return std::nullopt;
    return std::move(posts.front());
}

Added add_post(Write& write, Post post) {
    if (auto known = post_by_pending(write.sql, post.user_id, post.pending_post_id)) {
        return {*std::move(known), false};
    }
    post.id = fresh_id();
    post.create_at = post.update_at = next_instant(write, post.channel_id);
    write.sql.run("INSERT INTO posts VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0, 0)",
                  {post.id, post.channel_id, post.user_id, post.root_id, post.message, post.props,
                   joined(post.file_ids), post.pending_post_id, post.create_at});
    write.sql.run(
        "UPDATE channels SET last_post_at = $2, total_msg_count = total_msg_count + 1 "
        "WHERE id = $1",
        {post.channel_id, post.create_at});
    write.sql.run(
        "UPDATE channel_members SET last_viewed_at = $3, msg_count = msg_count + 1 "
        "WHERE channel_id = $1 AND user_id = $2",
        {post.channel_id, post.user_id, post.create_at});
    return {std::move(post), true};
}

std::optional<Post> post_by_id(Sql& sql, const std::string& id) {
    std::vector<Post> posts = posts_from(sql.run(std::string(kPost) + "WHERE id = $1", {id}));
    if (posts.empty()) return std::nullopt;
    return std::move(posts.front());
}

Post edit_post(Write& write, Post post, const std::string& message) {
    post.message = message;
    post.edit_at = post.update_at = next_instant(write, post.channel_id);
    write.sql.run("UPDATE posts SET message = $2, edit_at = $3, update_at = $3 WHERE id = $1",
                  {post.id, post.message, post.edit_at});
    return post;
}

Post delete_post(Write& write, Post post) {
    post.delete_at = post.update_at = next_instant(write, post.channel_id);
    write.sql.run("UPDATE posts SET delete_at = $2, update_at = $2 WHERE id = $1",
                  {post.id, post.delete_at});
    return post;
}

Posts posts_of(Sql& sql, const PostPage& page) {
    const std::string of_channel = std::string(kPost) + "WHERE channel_id = $1 AND ";
    Posts posts;
    if (page.since > 0) {
        posts.newest_first =
            posts_from(sql.run(of_channel + "update_at > $2 ORDER BY update_at LIMIT $3",
                               {page.channel_id, page.since, kSinceMax}));
        std::sort(posts.newest_first.begin(), posts.newest_first.end(),
                  [](const Post& a, const Post& b) { return a.create_at > b.create_at; });
        return posts;
    }
    const std::int64_t skipped = page.page * page.per_page;
    if (!page.after.empty()) {
        posts.newest_first = posts_from(sql.run(
            of_channel + "create_at > $2 AND delete_at = 0 ORDER BY create_at LIMIT $3 OFFSET $4",
            {page.channel_id, instant_of_post(sql, page.channel_id, page.after), page.per_page,
             skipped}));
        std::reverse(posts.newest_first.begin(), posts.newest_first.end());
    } else {
        const std::int64_t before =
            page.before.empty() ? INT64_MAX : instant_of_post(sql, page.channel_id, page.before);
        posts.newest_first = posts_from(sql.run(
            of_channel +
                "create_at < $2 AND delete_at = 0 ORDER BY create_at DESC LIMIT $3 OFFSET $4",
            {page.channel_id, before, page.per_page, skipped}));
    }
    if (posts.newest_first.empty()) return posts;
    posts.next_post_id =
        neighbour(sql, page.channel_id, posts.newest_first.front().create_at, true);
    posts.prev_post_id =
        neighbour(sql, page.channel_id, posts.newest_first.back().create_at, false);
    return posts;
}

std::vector<std::string> names_mentioned(std::string_view message) {
    constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    std::vector<std::string> names;
    for (std::size_t at = message.find('@'); at != message.npos; at = message.find('@', at + 1)) {
        std::size_t end = message.find_first_not_of(kNameCharacters, at + 1);
        if (end == message.npos) end = message.size();
        // A sentence's full stop is not part of the name.
        while (end > at + 1 && message[end - 1] == '.') --end;
        std::string name(message.substr(at + 1, end - at - 1));
        if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(std::move(name));
        }
        if (names.size() == 50) break;
    }
    return names;
}

void count_mentions(Write& write, const std::string& channel_id,
                    const std::vector<std::string>& user_ids) {
    for (const std::string& user_id : user_ids) {
        write.sql.run(
            "UPDATE channel_members SET mention_count = mention_count + 1 "
            "WHERE channel_id = $1 AND user_id = $2",
            {channel_id, user_id});
    }
}

}  // namespace chat
