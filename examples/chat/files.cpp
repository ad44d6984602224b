#include "chat/files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace chat {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kTypes{{
    {"bin", "application/octet-stream"},
    {"css", "text/css"},
    {"csv", "text/csv"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"html", "text/html"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript"},
    {"json", "application/json"},
    {"md", "text/markdown"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"txt", "text/plain"},
    {"wav", "audio/wav"},
    {"webm", "video/webm"},
    {"webp", "image/webp"},
    {"zip", "application/zip"},
}};

constexpr std::string_view kFile =
    "SELECT id, user_id, channel_id, post_id, name, size, mime_type, digest, create_at FROM files ";
constexpr std::string_view kUploadColumns =
    "id, user_id, channel_id, name, size, file_offset, create_at";

std::vector<Attachment> files_from(const Rows& rows) {
    std::vector<Attachment> files;
    for (const Row& row : rows) {
        files.push_back({.id = row.text(0),
                         .user_id = row.text(1),
                         .channel_id = row.text(2),
                         .post_id = row.text(3),
                         .name = row.text(4),
                         .size = row.number(5),
                         .mime_type = row.text(6),
                         .digest = row.text(7),
                         .create_at = row.number(8)});
    }
    return files;
}

std::optional<Upload> upload_from(const Rows& rows) {
    if (rows.empty()) return std::nullopt;
    const Row& row = rows[0];
    return Upload{.id = row.text(0),
                  .user_id = row.text(1),
                  .channel_id = row.text(2),
                  .name = row.text(3),
                  .size = row.number(4),
                  .offset = row.number(5),
                  .create_at = row.number(6)};
}

}  // namespace

std::filesystem::path path_of_file(const std::filesystem::path& root, const std::string& id) {
    return root / id.substr(0, 2) / id;
}

std::string extension_of(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    if (dot == name.npos) return {};
    std::string extension = name.substr(dot + 1);
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension;
}

std::string mime_type_of(const std::string& name) {
    const std::string extension = extension_of(name);
    const auto* const found = std::find_if(
        kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.first == extension; });
    return std::string(found == kTypes.end() ? kTypes[0].second : found->second);
}

void add_file(Write& write, const Attachment& file) {
    write.sql.run("INSERT INTO files VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  {file.id, file.user_id, file.channel_id, file.post_id, file.name, file.size,
                   file.mime_type, file.digest, file.create_at});
}

std::optional<Attachment> file_by_id(Sql& sql, const std::string& id) {
    std::vector<Attachment> files = files_from(sql.run(std::string(kFile) + "WHERE id = $1", {id}));
    if (files.empty()) return std::nullopt;
    return std::move(files.front());
}

std::vector<Attachment> files_by_ids(Sql& sql, const std::vector<std::string>& ids) {
    if (ids.empty()) return {};
    std::vector<Value> values;
    const std::string list = in_list(ids, values);
    const std::vector<Attachment> found =
        files_from(sql.run(std::string(kFile) + "WHERE id IN " + list, values));
    std::vector<Attachment> ordered;
    for (const std::string& id : ids) {
        const auto file = std::find_if(found.begin(), found.end(),
                                       [&](const Attachment& each) { return each.id == id; });
        if (file != found.end()) ordered.push_back(*file);
    }
    return ordered;
}

std::vector<std::string> claim_files(Write& write, const std::vector<std::string>& ids,
                                     const std::string& user_id, const std::string& channel_id) {
    std::vector<std::string> claimed;
    for (const Attachment& file : files_by_ids(write.sql, ids)) {
        const bool free = file.post_id.empty() && file.user_id == user_id;
        if (free && file.channel_id == channel_id) claimed.push_back(file.id);
    }
    return claimed;
}

void attach_files(Write& write, const std::vector<std::string>& ids, const std::string& post_id) {
    for (const std::string& id : ids) {
        write.sql.run("UPDATE files SET post_id = $2 WHERE id = $1", {id, post_id});
    }
}

void add_upload(Write& write, const Upload& upload) {
    write.sql.run(
        "INSERT INTO uploads VALUES ($1, $2, $3, $4, $5, 0, '', 0, $6)",
        {upload.id, upload.user_id, upload.channel_id, upload.name, upload.size, upload.create_at});
}

std::optional<Upload> upload_by_id(Sql& sql, const std::string& id) {
    return upload_from(
        sql.run("SELECT " + std::string(kUploadColumns) + " FROM uploads WHERE id = $1", {id}));
}

std::optional<Upload> lock_upload(Write& write, const std::string& id, const std::string& holder) {
    return upload_from(
        write.sql.run("UPDATE uploads SET locked_by = $2, locked_until = $3 "
                      "WHERE id = $1 AND (locked_by = '' OR locked_until < $4) RETURNING " +
                          std::string(kUploadColumns),
                      {id, holder, write.now_ms + kUploadLockMs, write.now_ms}));
}

bool advance_upload(Write& write, const std::string& id, const std::string& holder,
                    std::int64_t offset) {
    return !write.sql
                .run(
                    "UPDATE uploads SET file_offset = $3, locked_until = $4 "
                    "WHERE id = $1 AND locked_by = $2 RETURNING id",
                    {id, holder, offset, write.now_ms + kUploadLockMs})
                .empty();
}

void unlock_upload(Write& write, const std::string& id, const std::string& holder,
                   std::int64_t offset) {
    write.sql.run(
        "UPDATE uploads SET file_offset = $3, locked_by = '', locked_until = 0 "
        "WHERE id = $1 AND locked_by = $2",
        {id, holder, offset});
}

bool finish_upload(Write& write, const Upload& upload, const std::string& holder) {
    const Rows mine = write.sql.run(
        "DELETE FROM uploads WHERE id = $1 AND locked_by = $2 RETURNING id", {upload.id, holder});
    if (mine.empty()) return false;
    add_file(write, {.id = upload.id,
                     .user_id = upload.user_id,
                     .channel_id = upload.channel_id,
                     .post_id = {},
                     .name = upload.name,
                     .size = upload.size,
                     .mime_type = mime_type_of(upload.name),
                     .digest = {},
                     .create_at = write.now_ms});
    return true;
}

}  // namespace chat
