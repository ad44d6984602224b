#pragma once
// A SQLite file in WAL mode. Writers of all instances queue at a lock file, in the kernel, instead
// of polling for SQLite's own lock; the kernel gives it back when a process dies.

#include <memory>
#include <string>

#include "chat/sql.h"

namespace chat {

base::Result<std::unique_ptr<Sql>> open_sqlite(const std::string& path);

}  // namespace chat
