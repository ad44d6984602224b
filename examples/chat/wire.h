#pragma once
// How things look in JSON, as the Mattermost client reads them.

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "chat/accounts.h"
#include "chat/files.h"
#include "chat/places.h"
#include "chat/posts.h"

namespace chat {

using Json = nlohmann::json;

/// `own` adds what only the user may see.
Json json_of(const User& user, bool own);
Json json_of(const Status& status);
Json json_of(const Team& team);
Json json_of(const Channel& channel);
Json json_of(const ChannelMember& member);
Json json_of(const Attachment& file);
Json json_of(const Upload& upload);
/// With the attachments in `metadata.files`.
Json json_of(const Post& post, const std::vector<Attachment>& files);

template <typename T>
Json json_list(const std::vector<T>& all);

}  // namespace chat
