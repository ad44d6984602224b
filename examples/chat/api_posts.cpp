#include <nlohmann/json.hpp>

#include "base/json.h"
#include "chat/accounts.h"
#include "chat/api.h"
#include "chat/files.h"
#include "chat/identity.h"
#include "chat/places.h"
#include "chat/posts.h"
#include "chat/wire.h"

namespace chat {
namespace {

constexpr std::size_t kMessageMax = 16'383;
constexpr std::size_t kPropsMax = 64 * 1024;
constexpr std::size_t kFilesMax = 10;

Answer bad_request(const Call& call, std::string_view message) {
    return refusal(400, "api.context.invalid_body_param.app_error", message, call.request_id);
}

Answer forbidden(const Call& call) {
    return refusal(403, "api.context.permissions.app_error",
                   "You do not have the appropriate permissions.", call.request_id);
}

Answer post_missing(const Call& call) {
    return refusal(404, "app.post.get.app_error", "There is no such post.", call.request_id);
}

Json json_with_files(Sql& sql, const Post& post) {
    return json_of(post, files_by_ids(sql, post.file_ids));
}

/// What the body asks to post; nothing where it is no post.
std::optional<Post> post_wanted(const Call& call) {
    const auto json = base::json_from(call.body);
    if (!json || !json->is_object()) return std::nullopt;
    const auto text = [&](std::string_view name) {
        return base::member_or<std::string>(*json, name, "").value_or("");
    };
    Post post{.id = {},
              .channel_id = text("channel_id"),
              .user_id = call.user_id,
              .root_id = text("root_id"),
              .message = text("message"),
              .file_ids = {},
              .pending_post_id = text("pending_post_id")};
    if (const auto props = json->find("props"); props != json->end() && props->is_object()) {
        post.props = props->dump();
    }
    if (const auto files = json->find("file_ids"); files != json->end() && files->is_array()) {
        for (const Json& file : *files) {
            if (file.is_string()) post.file_ids.push_back(file.get<std::string>());
        }
    }
    const bool empty = post.message.empty() && post.file_ids.empty();
    const bool large = post.message.size() > kMessageMax || post.props.size() > kPropsMax ||
                       post.file_ids.size() > kFilesMax || post.pending_post_id.size() > 128;
    if (empty || large) return std::nullopt;
    return post;
}

void tell_posted(Write& write, const Channel& channel, const Json& post, const User& sender) {
    const std::string message = post.at("message").get<std::string>();
    std::vector<std::string> mentioned;
    for (const User& user : users_by_names(write.sql, names_mentioned(message))) {
        mentioned.push_back(user.id);
    }
    count_mentions(write, channel.id, mentioned);
    Json payload{{"channel_type", channel.type},
                 {"channel_display_name",
                  channel.type == "D" ? "@" + sender.username : channel.display_name},
                 {"channel_name", channel.name},
                 {"sender_name", "@" + sender.username},
                 {"team_id", channel.team_id},
                 {"set_online", true},
                 {"post", post.dump()}};
    if (!mentioned.empty()) payload["mentions"] = Json(mentioned).dump();
    if (post.contains("file_ids")) payload["otherFile"] = "true";
    write.events.push_back(event_of("posted", payload.dump(), {.channel_id = channel.id}));
}

Answer create_post(Write& write, const Call& call) {
    auto wanted = post_wanted(call);
    if (!wanted) return bad_request(call, "The post is empty, too large, or no JSON.");
    const auto channel = channel_by_id(write.sql, wanted->channel_id);
    if (!channel || !channel_member(write.sql, channel->id, call.user_id)) return forbidden(call);
    const std::vector<User> senders = users_by_ids(write.sql, {call.user_id});
    if (senders.empty()) return forbidden(call);

    if (auto known = post_by_pending(write.sql, call.user_id, wanted->pending_post_id)) {
        return {.status = 201, .body = json_with_files(write.sql, *known).dump()};
    }
    const std::vector<std::string> files =
        claim_files(write, wanted->file_ids, call.user_id, channel->id);
    if (files.size() != wanted->file_ids.size()) {
        return bad_request(call, "A file is missing, another's, or in a post already.");
    }
    const Post added = add_post(write, *std::move(wanted)).post;
    attach_files(write, files, added.id);
    const Json json = json_with_files(write.sql, added);
    tell_posted(write, *channel, json, senders[0]);
    return {.status = 201, .body = json.dump()};
}

std::optional<Post> visible_post(Sql& sql, const Call& call) {
    auto post = post_by_id(sql, call.params[0]);
    if (!post || post->delete_at != 0) return std::nullopt;
    if (!channel_member(sql, post->channel_id, call.user_id)) return std::nullopt;
    return post;
}

Answer one_post(Sql& sql, const Call& call) {
    const auto post = visible_post(sql, call);
    if (!post) return post_missing(call);
    return {.body = json_with_files(sql, *post).dump()};
}

Answer change_post(Write& write, const Call& call) {
    const auto post = visible_post(write.sql, call);
    if (!post) return post_missing(call);
    if (post->user_id != call.user_id) return forbidden(call);
    const auto json = base::json_from(call.body);
    const auto message = json ? base::member_or<std::string>(*json, "message", "") : "";
    if (!message || message->empty() || message->size() > kMessageMax) {
        return bad_request(call, "A message has 1 to 16,383 bytes.");
    }
    const Json edited = json_with_files(write.sql, edit_post(write, *post, *message));
    const Json payload{{"post", edited.dump()}};
    write.events.push_back(
        event_of("post_edited", payload.dump(), {.channel_id = post->channel_id}));
    return {.body = edited.dump()};
}

Answer remove_post(Write& write, const Call& call) {
    const auto post = visible_post(write.sql, call);
    if (!post) return post_missing(call);
    if (post->user_id != call.user_id) return forbidden(call);
    const Json payload{{"post", json_with_files(write.sql, delete_post(write, *post)).dump()},
                       {"delete_by", call.user_id}};
    write.events.push_back(
        event_of("post_deleted", payload.dump(), {.channel_id = post->channel_id}));
    return ok();
}

Answer channel_posts(Sql& sql, const Call& call) {
    if (!channel_member(sql, call.params[0], call.user_id)) return forbidden(call);
    const PostPage page{.channel_id = call.params[0],
                        .page = call.number("page", 0, 1'000'000),
                        .per_page = call.number("per_page", 60, 200),
                        .since = call.number("since", 0, INT64_MAX),
                        .before = call.text("before"),
                        .after = call.text("after")};
    const Posts posts = posts_of(sql, page);
    std::vector<std::string> file_ids;
    for (const Post& post : posts.newest_first) {
        file_ids.insert(file_ids.end(), post.file_ids.begin(), post.file_ids.end());
    }
    const std::vector<Attachment> files = files_by_ids(sql, file_ids);
    Json order = Json::array();
    Json by_id = Json::object();
    for (const Post& post : posts.newest_first) {
        std::vector<Attachment> own;
        for (const Attachment& file : files) {
            if (file.post_id == post.id) own.push_back(file);
        }
        if (post.delete_at == 0) order.push_back(post.id);
        by_id[post.id] = json_of(post, own);
    }
    const Json list{{"order", std::move(order)},
                    {"posts", std::move(by_id)},
                    {"next_post_id", posts.next_post_id},
                    {"prev_post_id", posts.prev_post_id},
                    {"has_next", false}};
    return {.body = list.dump()};
}

Answer post_files(Sql& sql, const Call& call) {
    const auto post = visible_post(sql, call);
    if (!post) return post_missing(call);
    return {.body = json_list(files_by_ids(sql, post->file_ids)).dump()};
}

using enum net::Method;
using enum Route::Access;

constexpr Route kRoutes[] = {
    {post, "posts", session, nullptr, create_post},
    {get, "posts/{}", session, one_post},
    {put, "posts/{}/patch", session, nullptr, change_post},
    {remove, "posts/{}", session, nullptr, remove_post},
    {get, "channels/{}/posts", session, channel_posts},
    {get, "posts/{}/files/info", session, post_files},
};

}  // namespace

std::span<const Route> post_routes() {
    return kRoutes;
}

}  // namespace chat
