#pragma once
// Files that users attach: rows here, bytes in a folder that all instances share.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "chat/event.h"
#include "chat/sql.h"

namespace chat {

struct Attachment {
    std::string id;
    std::string user_id;
    std::string channel_id;
    std::string post_id;  ///< Empty until a post refers to it.
    std::string name;
    std::int64_t size = 0;
    std::string mime_type;
    std::string digest;  ///< SHA-256 in hexadecimal; empty for a resumed upload.
    std::int64_t create_at = 0;
};

/// Under `root` by the id's first characters, so that no folder grows without bound.
std::filesystem::path path_of_file(const std::filesystem::path& root, const std::string& id);
/// By the name's extension; `application/octet-stream` for what is not known.
std::string mime_type_of(const std::string& name);
std::string extension_of(const std::string& name);

void add_file(Write& write, const Attachment& file);
std::optional<Attachment> file_by_id(Sql& sql, const std::string& id);
/// In the order of `ids`; those that do not exist are left out.
std::vector<Attachment> files_by_ids(Sql& sql, const std::vector<std::string>& ids);
/// Claims the user's own files of that channel for a post; gives those that could be claimed.
std::vector<std::string> claim_files(Write& write, const std::vector<std::string>& ids,
                                     const std::string& user_id, const std::string& channel_id);
/// After `claim_files`, once the post has an id.
void attach_files(Write& write, const std::vector<std::string>& ids, const std::string& post_id);

/// An upload that may come in parts, at any instance: the offset is here, not in memory.
struct Upload {
    std::string id;
    std::string user_id;
    std::string channel_id;
    std::string name;
    std::int64_t size = 0;
    std::int64_t offset = 0;
    std::int64_t create_at = 0;
};

/// Larger files are refused.
inline constexpr std::int64_t kFileBytesMax = std::int64_t{16} * 1024 * 1024 * 1024;

/// How long a writer may be silent before another may take the upload over.
inline constexpr std::int64_t kUploadLockMs = 15'000;

void add_upload(Write& write, const Upload& upload);
std::optional<Upload> upload_by_id(Sql& sql, const std::string& id);
/// Nothing where another writer holds it. `holder` is fresh for each request.
std::optional<Upload> lock_upload(Write& write, const std::string& id, const std::string& holder);
/// Records progress and keeps the lock; false where it was lost.
bool advance_upload(Write& write, const std::string& id, const std::string& holder,
                    std::int64_t offset);
/// Records progress and gives the lock back; harmless where it was lost.
void unlock_upload(Write& write, const std::string& id, const std::string& holder,
                   std::int64_t offset);
/// The upload has all its bytes and becomes a file of the same id; false where the lock was lost.
bool finish_upload(Write& write, const Upload& upload, const std::string& holder);

}  // namespace chat
