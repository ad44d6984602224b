#include "edge/files/shelf.h"

#include "edge/testing.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace edge {
namespace {

using testing::Folder;

constexpr FileFacts kFacts{
    .name = "a.txt", .encoding = "", .bytes = 1000, .changed_nanos = 784'111'777'000'000'000};

FileAnswer ranged(std::string_view range) {
    return answer_for({.path = "/a.txt", .range = range}, kFacts);
}

TEST(Ranges, are_answered_with_206_where_they_lie_within_the_file) {
    struct Row {
        const char* range;
        std::uint64_t offset;
        std::uint64_t bytes;
        const char* content_range;
    };
    for (const Row& row :
         {Row{"bytes=0-0", 0, 1, "bytes 0-0/1000"}, Row{"bytes=0-499", 0, 500, "bytes 0-499/1000"},
          Row{"bytes=500-", 500, 500, "bytes 500-999/1000"},
          Row{"bytes=-1", 999, 1, "bytes 999-999/1000"},
          Row{"bytes=-2000", 0, 1000, "bytes 0-999/1000"},
          Row{"bytes=999-5000", 999, 1, "bytes 999-999/1000"},
          Row{"Bytes= 5-6", 5, 2, "bytes 5-6/1000"},
          Row{"bytes=0-1,5000-", 0, 2, "bytes 0-1/1000"}}) {
        const FileAnswer answer = ranged(row.range);
        EXPECT_EQ(answer.status, 206) << row.range;
        EXPECT_EQ(answer.content_range, row.content_range);
        EXPECT_EQ(answer.content_length, row.bytes);
        ASSERT_EQ(answer.parts.size(), 1U);
        EXPECT_EQ(answer.parts[0].offset, row.offset);
        EXPECT_EQ(answer.parts[0].bytes, row.bytes);
    }
}

TEST(Ranges, that_are_no_ranges_are_ignored) {
    for (const char* range :
         {"", "bytes", "bytes=", "bytes=a-b", "bytes=5", "bytes=6-5", "items=0-1", "bytes=--1",
          "bytes=0-1,x", "bytes=99999999999999999999-",
          "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,"
          "8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,16-16",
          "bytes=0-,0-,0-"}) {
        const FileAnswer answer = ranged(range);
        EXPECT_EQ(answer.status, 200) << range;
        EXPECT_EQ(answer.content_length, 1000U);
    }
}

TEST(Ranges, of_which_nothing_lies_in_the_file_are_416) {
    for (const char* range : {"bytes=1000-", "bytes=-0", "bytes=1000-2000,5000-"}) {
        const FileAnswer answer = ranged(range);
        EXPECT_EQ(answer.status, 416) << range;
        EXPECT_EQ(answer.content_range, "bytes */1000");
        EXPECT_TRUE(answer.parts.empty());
    }
    const FileAnswer empty =
        answer_for({.path = "/", .range = "bytes=0-"}, {.name = "a", .encoding = "", .bytes = 0});
    EXPECT_EQ(empty.status, 416);
}

TEST(Ranges, that_are_several_become_one_multipart_body_of_the_promised_length) {
    const FileAnswer answer = ranged("bytes=0-1, -2");
    EXPECT_EQ(answer.status, 206);
    EXPECT_TRUE(answer.content_type.starts_with("multipart/byteranges; boundary="));
    EXPECT_TRUE(answer.content_range.empty());
    ASSERT_EQ(answer.parts.size(), 3U);
    EXPECT_NE(answer.parts[1].text.find("Content-Range: bytes 998-999/1000"), std::string::npos);
    std::uint64_t sum = 0;
    for (const FilePart& part : answer.parts) sum += part.text.size() + part.bytes;
    EXPECT_EQ(answer.content_length, sum);
}

TEST(Ranges, under_a_condition_hold_only_while_the_file_is_the_same) {
    const std::string etag = answer_for({.path = "/"}, kFacts).etag;
    const auto status = [&](std::string_view condition) {
        return answer_for({.path = "/", .range = "bytes=0-1", .if_range = condition}, kFacts)
            .status;
    };
    EXPECT_EQ(status(etag), 206);
    EXPECT_EQ(status("W/" + etag), 200);
    EXPECT_EQ(status("\"other\""), 200);
    EXPECT_EQ(status("Sun, 06 Nov 1994 08:49:37 GMT"), 206);
    EXPECT_EQ(status("Sun, 06 Nov 1994 08:49:38 GMT"), 200);
}

TEST(Conditions, save_what_the_client_has_already) {
    const std::string etag = answer_for({.path = "/"}, kFacts).etag;
    const auto by_tag = [&](std::string_view tags) {
        return answer_for({.path = "/", .if_none_match = tags}, kFacts).status;
    };
    EXPECT_EQ(by_tag(etag), 304);
    EXPECT_EQ(by_tag("W/" + etag), 304);
    EXPECT_EQ(by_tag("\"x\", " + etag + ", \"y\""), 304);
    EXPECT_EQ(by_tag("*"), 304);
    EXPECT_EQ(by_tag("\"x\""), 200);
    const auto by_date = [&](std::string_view date) {
        return answer_for({.path = "/", .if_modified_since = date}, kFacts).status;
    };
    EXPECT_EQ(by_date("Sun, 06 Nov 1994 08:49:37 GMT"), 304);
    EXPECT_EQ(by_date("Sun, 06 Nov 1994 08:49:36 GMT"), 200);
    EXPECT_EQ(by_date("yesterday"), 200);
    EXPECT_EQ(answer_for({.path = "/",
                          .if_none_match = "\"x\"",
                          .if_modified_since = "Sun, 06 Nov 1994 08:49:37 GMT"},
                         kFacts)
                  .status,
              200)
        << "the tag decides alone";
}

TEST(Names, with_a_digest_are_kept_for_good) {
    for (const char* name : {"app.3f9ac21b.js", "app-BX9k2LmQ.js", "x/main.0a1b2c3d4e.chunk.css",
                             "app.3f9ac21b.js.map"}) {
        EXPECT_TRUE(is_hashed_name(name)) << name;
    }
    for (const char* name :
         {"index.html", "app.js", "jquery.min.js", "report-20240101.pdf", "development.js",
          "3f9ac21b.js", "a1b2c3d4/index.html", "README", "bootstrap-5.3.js"}) {
        EXPECT_FALSE(is_hashed_name(name)) << name;
    }
}

TEST(AcceptEncoding, is_weighed) {
    EXPECT_EQ(quality_of("gzip, br", "br"), 1000);
    EXPECT_EQ(quality_of("gzip;q=0.5, br;q=0", "br"), 0);
    EXPECT_EQ(quality_of("gzip;q=0.5", "gzip"), 500);
    EXPECT_EQ(quality_of("*", "br"), 1000);
    EXPECT_EQ(quality_of("*;q=0, gzip", "br"), 0);
    EXPECT_EQ(quality_of("", "br"), 0);
    EXPECT_EQ(quality_of("brotli", "br"), 0);
}

TEST(AssetPaths, never_lead_out) {
    const Assets assets{.directory = "/srv", .strip_prefix = "/static"};
    EXPECT_EQ(relative_path(assets, "/static/a/b.js"), "a/b.js");
    EXPECT_EQ(relative_path(assets, "/static/"), "index.html");
    EXPECT_EQ(relative_path(assets, "/static/a%20b.js"), "a b.js");
    EXPECT_EQ(relative_path(assets, "/static//etc/passwd"), "etc/passwd") << "below, as ever";
    for (const char* path :
         {"/other", "/static/../x", "/static/%2e%2e/x", "/static/a/..", "/static/a/%2e%2e%2fx",
          "/static/a%00b", "/static/.git/config", "/static/%zz", "/static/..%5cx/../y"}) {
        EXPECT_EQ(relative_path(assets, path), std::nullopt) << path;
    }
}

class AssetFolder : public ::testing::Test {
protected:
    void write(const std::string& name, const std::string& content) const {
        std::filesystem::create_directories((root / name).parent_path());
        std::ofstream(root / name) << content;
    }
    OpenedFile open(std::string_view path, std::string_view encodings = "") {
        return shelf.open({.directory = root.string(), .strip_prefix = ""},
                          {.path = path, .accept_encoding = encodings}, now);
    }

    Folder folder;
    Shelf shelf;
    base::Tick now{};
    std::filesystem::path root = folder.path / "public";
};

TEST_F(AssetFolder, gives_its_files_and_nothing_else) {
    write("a.js", "plain");
    write("sub/index.html", "home");
    std::ofstream(folder.path / "secret") << "secret";
    std::filesystem::create_symlink(folder.path / "secret", root / "link");
    std::filesystem::create_symlink("a.js", root / "inner");
    EXPECT_EQ(open("/a.js").answer.status, 200);
    EXPECT_EQ(open("/a.js").answer.content_type, "text/javascript; charset=utf-8");
    EXPECT_EQ(open("/sub/").answer.content_length, 4U);
    EXPECT_EQ(open("/inner").answer.status, 200);
    EXPECT_EQ(open("/link").answer.status, 404) << "a link out of the folder";
    EXPECT_EQ(open("/sub").answer.status, 404) << "a folder is no file";
    EXPECT_EQ(open("/none").answer.status, 404);
    EXPECT_EQ(open("/../secret").answer.status, 404);
}

TEST_F(AssetFolder, prefers_the_packed_file_that_the_client_takes) {
    write("a.css", "plain");
    write("a.css.gz", "gz");
    write("a.css.br", "b");
    EXPECT_EQ(open("/a.css", "gzip, br").answer.content_encoding, "br");
    EXPECT_EQ(open("/a.css", "gzip").answer.content_encoding, "gzip");
    EXPECT_EQ(open("/a.css", "br;q=0, gzip;q=0").answer.content_encoding, "");
    const OpenedFile packed = open("/a.css", "br");
    EXPECT_EQ(packed.answer.content_length, 1U);
    EXPECT_EQ(packed.answer.content_type, "text/css; charset=utf-8");
    EXPECT_NE(packed.answer.etag, open("/a.css").answer.etag);
}

TEST_F(AssetFolder, keeps_a_file_open_until_it_is_time_to_look_again) {
    write("a.txt", "old");
    const OpenedFile first = open("/a.txt");
    EXPECT_EQ(body_at_hand(first), "old");
    EXPECT_EQ(open("/a.txt").file, first.file);
    std::filesystem::remove(root / "a.txt");
    write("a.txt", "newer");
    EXPECT_EQ(open("/a.txt").file, first.file) << "within a second";
    now += Shelf::kFresh;
    EXPECT_EQ(body_at_hand(open("/a.txt")), "newer");
    EXPECT_EQ(body_at_hand(first), "old") << "an answer under way keeps its file";
    std::filesystem::remove(root / "a.txt");
    now += Shelf::kFresh;
    EXPECT_EQ(open("/a.txt").answer.status, 404);
    EXPECT_EQ(shelf.files(), 0U);
    write("a.txt", "again");
    EXPECT_EQ(body_at_hand(open("/a.txt")), "again") << "what was missing is looked for each time";
}

TEST_F(AssetFolder, holds_so_many_files_and_lets_the_least_used_go) {
    write("a.txt", "a");
    const OpenedFile first = open("/a.txt");
    now += std::chrono::milliseconds{1};
    for (std::size_t i = 0; i < Shelf::kFilesMax; ++i) {
        write(std::to_string(i) + ".txt", "x");
        EXPECT_EQ(open("/" + std::to_string(i) + ".txt").answer.status, 200);
    }
    EXPECT_EQ(shelf.files(), Shelf::kFilesMax);
    EXPECT_NE(open("/a.txt").file, first.file);
}

TEST_F(AssetFolder, has_small_bodies_at_hand_and_large_ones_on_disk) {
    write("small.txt", "0123456789");
    write("large.txt", std::string(Shelf::kSmall + 1, 'x'));
    EXPECT_EQ(body_at_hand(open("/large.txt")), "");
    EXPECT_EQ(body_at_hand(open("/none")), "404 There is no such file.\n");
    const auto ranged = [&](std::string_view range) {
        return shelf.open({.directory = root.string(), .strip_prefix = ""},
                          {.path = "/small.txt", .range = range}, now);
    };
    EXPECT_EQ(body_at_hand(ranged("bytes=2-4")), "234");
    EXPECT_EQ(body_at_hand(ranged("bytes=0-0,5-6")), "") << "several parts";
}

TEST_F(AssetFolder, is_served_through_the_edge) {
    using testing::get;
    using testing::Got;
    using testing::Wire;
    std::string big(3'000'000, 'x');
    for (std::size_t i = 0; i < big.size(); i += 1000) big[i] = 'y';
    write("app.3f9ac21b.js", big);
    testing::House house(1);
    house.start();
    house.configure([&](base::Json& config) {
        config["rules"].push_back(
            {{"priority", 1},
             {"path", "/static/*"},
             {"assets", {{"directory", root.string()}, {"strip_prefix", "/static"}}}});
    });
    Wire wire(house.address());
    const Got whole = wire.ask(get("/static/app.3f9ac21b.js"));
    EXPECT_EQ(whole.status, 200);
    EXPECT_EQ(whole.body, big);
    EXPECT_EQ(whole.fields.at("cache-control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(wire.ask(get("/static/app.3f9ac21b.js",
                           "If-None-Match: " + whole.fields.at("etag") + "\r\n"))
                  .status,
              304);
    const Got part = wire.ask(get("/static/app.3f9ac21b.js", "Range: bytes=1000-1002\r\n"));
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.body, "yxx");
    const Got several = wire.ask(get("/static/app.3f9ac21b.js", "Range: bytes=0-0,1000-1000\r\n"));
    EXPECT_EQ(several.status, 206);
    EXPECT_TRUE(several.complete);
    EXPECT_EQ(std::count(several.body.begin(), several.body.end(), 'y'), 6)
        << "two of the file, two in each part's head";
    const Got head =
        wire.ask("HEAD /static/app.3f9ac21b.js HTTP/1.1\r\nHost: a\r\n\r\n", net::Method::head);
    EXPECT_EQ(head.fields.at("content-length"), "3000000");
    EXPECT_EQ(wire.ask(get("/static/%2e%2e/secret")).status, 404);
    EXPECT_EQ(wire.ask(get("/static/none")).status, 404);
    EXPECT_EQ(wire.ask("DELETE /static/x HTTP/1.1\r\nHost: a\r\n\r\n").status, 405);
    EXPECT_EQ(wire.ask(get("/static/app.3f9ac21b.js")).body.size(), big.size());
}

}  // namespace
}  // namespace edge
