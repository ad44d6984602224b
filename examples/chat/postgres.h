#pragma once
// A PostgreSQL server. Writers of all instances queue at an advisory lock; announcements are
// NOTIFY without payload, for what is new stands in the table `events`.

#include <memory>

#include "base/secret.h"
#include "chat/sql.h"

namespace chat {

base::Result<std::unique_ptr<Sql>> open_postgres(const base::Secret& url);

}  // namespace chat
