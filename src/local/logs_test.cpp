#include "local/logs.h"

#include "local/log_file.h"
#include "local/temporary_test.h"

#include <gtest/gtest.h>
#include <fstream>

namespace local {
namespace {

struct LogsOfAFolder : testing::Test {
    LogsOfAFolder() { EXPECT_TRUE(folder.create()); }
    void write(const std::string& source, const std::string& text) {
        std::ofstream(folder.log_of(source), std::ios::app) << text;
    }
    static std::string text(const base::Result<std::vector<LogLine>>& lines) {
        std::string all;
        for (const LogLine& line : *lines) all += line.source + ":" + line.text + "\n";
        return all;
    }
    std::string next(Logs& logs) { return text(logs.next(real_clock(), soon(real_clock()))); }

    TemporaryFolder place;
    Folder folder{place.path / "state"};
};

TEST_F(LogsOfAFolder, the_last_lines_of_each_come_first_and_then_what_is_added) {
    write("blue-1", "a\nb\nc\n");
    write("edge", "x\n");
    Logs logs(folder, {});
    EXPECT_EQ(text(logs.last(2)), "blue-1:b\nblue-1:c\nedge:x\n");
    write("edge", "y\npar");
    EXPECT_EQ(next(logs), "edge:y\n");
    write("edge", "tial\n");
    EXPECT_EQ(next(logs), "edge:partial\n");
    write("green-2", "new\n");
    EXPECT_EQ(next(logs), "green-2:new\n");
}

TEST_F(LogsOfAFolder, a_log_that_is_moved_aside_is_followed) {
    write("blue-1", std::string(300, 'x') + "\n");
    Logs logs(folder, {"blue-1"});
    ASSERT_TRUE(logs.last(1));
    ASSERT_TRUE(rotate_log(folder.log_of("blue-1"), 100));
    EXPECT_TRUE(
        logs.next(real_clock(), real_clock().deadline_in(std::chrono::milliseconds(10)))->empty());
    write("blue-1", "after\n");
    EXPECT_EQ(next(logs), "blue-1:after\n");
    EXPECT_EQ(content_of(folder.logs() / "blue-1.log.1").size(), 301U);
}

TEST_F(LogsOfAFolder, a_source_without_a_log_is_not_found) {
    Logs logs(folder, {"blue-9"});
    const auto lines = logs.last(1);
    ASSERT_FALSE(lines);
    EXPECT_EQ(lines.error().failure, base::Failure::not_found);
}

TEST_F(LogsOfAFolder, silence_ends_at_the_deadline) {
    Logs logs(folder, {});
    const auto lines =
        logs.next(real_clock(), real_clock().deadline_in(std::chrono::milliseconds(5)));
    ASSERT_TRUE(lines);
    EXPECT_TRUE(lines->empty());
}

TEST_F(LogsOfAFolder, the_last_line_is_the_last_that_says_something) {
    EXPECT_EQ(last_line(folder.log_of("none")), "");
    write("a", "one\ntwo\n\n  \n");
    EXPECT_EQ(last_line(folder.log_of("a")), "two");
    write("b", std::string(10'000, 'x'));
    EXPECT_EQ(last_line(folder.log_of("b")).size(), 200U);
}

TEST_F(LogsOfAFolder, logs_of_who_has_gone_are_kept_for_a_while_only) {
    for (int i = 1; i <= 6; ++i) {
        write("blue-" + std::to_string(i), "x\n");
        const auto age =
            std::filesystem::file_time_type::clock::duration(std::chrono::hours(10 - i));
        const auto path = folder.log_of("blue-" + std::to_string(i));
        std::filesystem::last_write_time(path, std::filesystem::last_write_time(path) - age);
    }
    forget_old_logs(folder.logs(), {"blue-1"}, 2);
    EXPECT_EQ(text(Logs(folder, {}).last(1)), "blue-1:x\nblue-5:x\nblue-6:x\n");
}

TEST(FolderOfAState, a_deep_one_has_its_sockets_elsewhere_and_for_its_owner_alone) {
    const TemporaryFolder place;
    const Folder shallow(place.path / "s");
    EXPECT_EQ(shallow.agent_socket(), place.path / "s/agent.sock");
    const Folder deep(place.path / std::string(120, 'd'));
    EXPECT_LE(deep.agent_socket().native().size(), 107U);
    EXPECT_NE(deep.agent_socket(), Folder(place.path / std::string(121, 'd')).agent_socket());
    ASSERT_TRUE(deep.create());
    ASSERT_TRUE(deep.create());
    const auto mode = std::filesystem::status(deep.agent_socket().parent_path()).permissions();
    EXPECT_EQ(mode, std::filesystem::perms::owner_all);
    std::filesystem::remove(deep.agent_socket().parent_path());
}

}  // namespace
}  // namespace local
