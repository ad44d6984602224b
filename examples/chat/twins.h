#pragma once
// What the chat's tests share: both kinds of database, in a temporary folder.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "chat/event.h"
#include "chat/sql.h"

namespace chat {

/// A folder that goes away with the test.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// The address of one PostgreSQL server for the whole test program, or empty where none can be
/// started on this machine.
std::string postgres_url();

enum class Kind { sqlite, postgres };
std::string name_of(Kind kind);

/// An empty database with its schema; skips the test where the kind is not there.
class DatabaseTest : public testing::TestWithParam<Kind> {
protected:
    void SetUp() override;

    std::unique_ptr<Sql> connect();
    /// A write of its own, whose events are stored too.
    template <typename Body>
    auto write(Body body) {
        sql->begin_write();
        Write job{*sql, now_ms};
        auto answer = body(job);
        store_events(job, "test");
        EXPECT_TRUE(sql->commit());
        return answer;
    }

    TemporaryFolder folder;
    std::unique_ptr<Database> database;
    std::unique_ptr<Sql> sql;
    std::int64_t now_ms = 1'700'000'000'000;
};

}  // namespace chat
