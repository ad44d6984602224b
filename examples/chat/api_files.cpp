#include <nlohmann/json.hpp>

#include "base/json.h"
#include "chat/api.h"
#include "chat/files.h"
#include "chat/identity.h"
#include "chat/places.h"
#include "chat/wire.h"

namespace chat {
namespace {

Answer file_missing(const Call& call) {
    return refusal(404, "app.file_info.get.app_error", "There is no such file.", call.request_id);
}

std::optional<Attachment> visible_file(Sql& sql, const Call& call) {
    auto file = file_by_id(sql, call.params[0]);
    if (!file) return std::nullopt;
    const bool own = file->user_id == call.user_id;
    if (!own && !channel_member(sql, file->channel_id, call.user_id)) return std::nullopt;
    return file;
}

Answer file_facts(Sql& sql, const Call& call) {
    const auto file = visible_file(sql, call);
    return file ? Answer{.body = json_of(*file).dump()} : file_missing(call);
}

Answer file_link(Sql& sql, const Call& call) {
    const auto file = visible_file(sql, call);
    if (!file) return file_missing(call);
    return {.body = Json{{"link", "/api/v4/files/" + file->id}}.dump()};
}

Answer no_preview(Sql& sql, const Call& call) {
    if (!visible_file(sql, call)) return file_missing(call);
    return refusal(400, "api.file.get_file_preview.no_preview.app_error",
                   "The file has no preview image.", call.request_id);
}

Answer create_upload(Write& write, const Call& call) {
    const auto json = base::json_from(call.body);
    const auto channel_id = json ? base::member_or<std::string>(*json, "channel_id", "") : "";
    const auto name = json ? base::member_or<std::string>(*json, "filename", "") : "";
    const auto size = json ? base::member_or<std::int64_t>(*json, "file_size", 0) : std::int64_t{0};
    if (!channel_id || !name || name->empty() || !size || *size <= 0 || *size > kFileBytesMax) {
        return refusal(400, "api.context.invalid_body_param.app_error",
                       "channel_id, filename and file_size are wanted.", call.request_id);
    }
    if (!channel_member(write.sql, *channel_id, call.user_id)) {
        return refusal(403, "api.context.permissions.app_error",
                       "You do not have the appropriate permissions.", call.request_id);
    }
    const Upload upload{.id = fresh_id(),
                        .user_id = call.user_id,
                        .channel_id = *channel_id,
                        .name = *name,
                        .size = *size,
                        .create_at = write.now_ms};
    add_upload(write, upload);
    return {.status = 201, .body = json_of(upload).dump()};
}

Answer upload_state(Sql& sql, const Call& call) {
    const auto upload = upload_by_id(sql, call.params[0]);
    if (!upload || upload->user_id != call.user_id) {
        return refusal(404, "app.upload.get.app_error", "There is no such upload.",
                       call.request_id);
    }
    return {.body = json_of(*upload).dump()};
}

using enum net::Method;
using enum Route::Access;

// Bytes take another way: see transfer.h.
constexpr Route kRoutes[] = {
    {get, "files/{}/info", session, file_facts},
    {get, "files/{}/link", session, file_link},
    {get, "files/{}/thumbnail", session, no_preview},
    {get, "files/{}/preview", session, no_preview},
    {post, "uploads", session, nullptr, create_upload},
    {get, "uploads/{}", session, upload_state},
};

}  // namespace

std::span<const Route> file_routes() {
    return kRoutes;
}

}  // namespace chat
