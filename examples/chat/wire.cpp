#include "chat/wire.h"

#include <nlohmann/json.hpp>

namespace chat {

Json json_of(const User& user, bool own) {
    Json json{{"id", user.id},
              {"create_at", user.create_at},
              {"update_at", user.update_at},
              {"delete_at", 0},
              {"username", user.username},
              {"nickname", ""},
              {"first_name", ""},
              {"last_name", ""},
              {"position", ""},
              {"auth_data", ""},
              {"auth_service", ""},
              {"email", own ? user.email : ""},
              {"roles", "system_user"},
              {"locale", "en"},
              {"props", Json::object()},
              {"timezone", Json::object()}};
    if (own) {
        json["notify_props"] = {{"desktop", "mention"},
                                {"email", "false"},
                                {"mention_keys", user.username},
                                {"channel", "true"}};
        json["email_verified"] = true;
    }
    return json;
}

Json json_of(const Status& status) {
    return {{"user_id", status.user_id},
            {"status", status.status},
            {"manual", status.manual},
            {"last_activity_at", status.last_activity_at}};
}

Json json_of(const Team& team) {
    return {{"id", team.id},
            {"create_at", team.create_at},
            {"update_at", team.create_at},
            {"delete_at", 0},
            {"name", team.name},
            {"display_name", team.display_name},
            {"description", ""},
            {"email", ""},
            {"type", team.type},
            {"company_name", ""},
            {"allowed_domains", ""},
            {"invite_id", team.id},
            {"allow_open_invite", team.type == "O"}};
}

Json json_of(const Channel& channel) {
    return {{"id", channel.id},
            {"create_at", channel.create_at},
            {"update_at", channel.create_at},
            {"delete_at", 0},
            {"team_id", channel.team_id},
            {"type", channel.type},
            {"name", channel.name},
            {"display_name", channel.display_name},
            {"header", ""},
            {"purpose", ""},
            {"last_post_at", channel.last_post_at},
            {"last_root_post_at", channel.last_post_at},
            {"total_msg_count", channel.total_msg_count},
            {"total_msg_count_root", channel.total_msg_count},
            {"creator_id", channel.creator_id},
            {"props", nullptr}};
}

Json json_of(const ChannelMember& member) {
    return {{"channel_id", member.channel_id},
            {"user_id", member.user_id},
            {"roles", "channel_user"},
            {"last_viewed_at", member.last_viewed_at},
            {"msg_count", member.msg_count},
            {"msg_count_root", member.msg_count},
            {"mention_count", member.mention_count},
            {"mention_count_root", member.mention_count},
            {"notify_props", Json::object()},
            {"last_update_at", member.last_viewed_at}};
}

Json json_of(const Attachment& file) {
    return {{"id", file.id},
            {"user_id", file.user_id},
            {"channel_id", file.channel_id},
            {"post_id", file.post_id},
            {"create_at", file.create_at},
            {"update_at", file.create_at},
            {"delete_at", 0},
            {"name", file.name},
            {"extension", extension_of(file.name)},
            {"size", file.size},
            {"mime_type", file.mime_type},
            {"width", 0},
            {"height", 0},
            {"has_preview_image", false},
            {"sha256", file.digest}};
}

Json json_of(const Upload& upload) {
    return {{"id", upload.id},
            {"type", "attachment"},
            {"create_at", upload.create_at},
            {"user_id", upload.user_id},
            {"channel_id", upload.channel_id},
            {"filename", upload.name},
            {"file_size", upload.size},
            {"file_offset", upload.offset}};
}

Json json_of(const Post& post, const std::vector<Attachment>& files) {
    Json metadata = Json::object();
    if (!files.empty()) metadata["files"] = json_list(files);
    Json json{{"id", post.id},
              {"create_at", post.create_at},
              {"update_at", post.update_at},
              {"edit_at", post.edit_at},
              {"delete_at", post.delete_at},
              {"is_pinned", false},
              {"user_id", post.user_id},
              {"channel_id", post.channel_id},
              {"root_id", post.root_id},
              {"original_id", ""},
              {"message", post.delete_at == 0 ? post.message : ""},
              {"type", ""},
              {"props", Json::parse(post.props, nullptr, false)},
              {"hashtags", ""},
              {"pending_post_id", post.pending_post_id},
              {"reply_count", 0},
              {"last_reply_at", 0},
              {"participants", nullptr},
              {"metadata", std::move(metadata)}};
    if (!post.file_ids.empty()) json["file_ids"] = post.file_ids;
    return json;
}

template <typename T>
Json json_list(const std::vector<T>& all) {
    Json list = Json::array();
    for (const T& each : all) list.push_back(json_of(each));
    return list;
}

template <>
Json json_list(const std::vector<User>& all) {
    Json list = Json::array();
    for (const User& each : all) list.push_back(json_of(each, false));
    return list;
}

template Json json_list(const std::vector<Status>&);
template Json json_list(const std::vector<Team>&);
template Json json_list(const std::vector<Channel>&);
template Json json_list(const std::vector<ChannelMember>&);
template Json json_list(const std::vector<Attachment>&);

}  // namespace chat
