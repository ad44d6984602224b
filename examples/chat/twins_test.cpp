#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "chat/identity.h"
#include "chat/twins.h"

namespace chat {
namespace {

std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string output;
    std::array<char, 512> part{};
    while (pipe && fgets(part.data(), part.size(), pipe.get())) output += part.data();
    while (!output.empty() && output.back() == '\n') output.pop_back();
    return output;
}

/// Started once for the test program, when the first test asks.
class Server {
public:
    Server() {
        std::string folder = "/tmp/chat-test.XXXXXX";
        folder_ = mkdtemp(folder.data());
        url_ = output_of(kScript + " start " + folder_ + " --fast 2>/dev/null");
    }
    ~Server() {
        if (!url_.empty()) output_of(kScript + " stop " + folder_ + " 2>&1");
        std::filesystem::remove_all(folder_);
    }
    const std::string& url() const { return url_; }

private:
    inline static const std::string kScript = CROSSFADE_SOURCE_DIR "/tests/postgres";
    std::string folder_;
    std::string url_;
};

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string path = std::filesystem::temp_directory_path() / "chat-test.XXXXXX";
    path_ = mkdtemp(path.data());
}

TemporaryFolder::~TemporaryFolder() {
    std::filesystem::remove_all(path_);
}

std::string postgres_url() {
    static const Server kServer;
    return kServer.url();
}

std::string name_of(Kind kind) {
    return kind == Kind::sqlite ? "sqlite" : "postgres";
}

void DatabaseTest::SetUp() {
    std::string address = folder.path() / "chat.db";
    if (GetParam() == Kind::postgres) {
        const std::string url = postgres_url();
        ASSERT_FALSE(url.empty()) << "no PostgreSQL server can be started: ./x setup installs one";
        // Each test has a schema of its own on the one server.
        const std::string schema = "t" + fresh_id();
        const auto admin = Database(base::Secret(url)).open();
        ASSERT_TRUE(admin) << admin.error().line();
        (*admin)->run("CREATE SCHEMA " + schema);
        ASSERT_FALSE((*admin)->error()) << (*admin)->error()->line();
        address = url + "&options=-csearch_path%3D" + schema;
    }
    database = std::make_unique<Database>(base::Secret(address));
    sql = connect();
    ASSERT_TRUE(create_schema(*sql));
}

std::unique_ptr<Sql> DatabaseTest::connect() {
    auto opened = database->open();
    EXPECT_TRUE(opened) << opened.error().line();
    return opened ? std::move(*opened) : nullptr;
}

}  // namespace chat
