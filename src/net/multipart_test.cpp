#include "net/multipart.h"

#include <gtest/gtest.h>

#include <vector>

namespace net {
namespace {

/// Writes down what a parser finds, pieces of one part joined.
struct Notes : PartHandler {
    std::vector<std::string> lines;
    std::string bytes;

    void on_part(const PartHead& head) override {
        lines.push_back(head.name + "|" + head.file_name + "|" + head.content_type);
        bytes.clear();
    }
    void on_part_bytes(std::string_view more) override { bytes += more; }
    void on_part_end() override { lines.push_back(bytes); }
};

struct Parsed {
    std::vector<std::string> lines;
    bool complete = false;
    MultipartFault fault = MultipartFault::none;

    friend bool operator==(const Parsed&, const Parsed&) = default;
};

/// Feeds `text` in pieces of `step` bytes.
Parsed parsed(const std::string& text, std::size_t step, std::string_view boundary = "b") {
    MultipartParser parser(boundary);
    Notes notes;
    for (std::size_t at = 0; at < text.size(); at += step) {
        if (!parser.feed(std::string_view(text).substr(at, step), notes)) break;
    }
    return {notes.lines, parser.complete(), parser.fault()};
}

const std::string kForm =
    "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"channel_id\"\r\n\r\nc1\r\n"
    "--b  \r\ncontent-disposition: form-data; name=files; filename=\"a\\\"; b.txt\"\r\n"
    "Content-Type: text/plain\r\n\r\none\r\n--\r\n-b\r\r\n--bb\r\n\r\n--b\r\n"
    "Content-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--b--\r\nepilogue";

TEST(Multipart, gives_the_same_parts_however_the_bytes_are_cut) {
    // `\r\n--bb` begins like a delimiter and is one by RFC 2046's letter: what follows is no
    // white space, so the form is refused there.
    const std::string form = std::string(kForm).replace(kForm.find("\r\n--bb"), 6, "\r\n--c");
    const Parsed whole = parsed(form, form.size());
    EXPECT_TRUE(whole.complete);
    EXPECT_EQ(whole.lines,
              (std::vector<std::string>{"channel_id||", "c1", "files|a\"; b.txt|text/plain",
                                        "one\r\n--\r\n-b\r\r\n--c\r\n", "empty||", ""}));
    for (std::size_t step = 1; step < form.size(); ++step) {
        EXPECT_EQ(parsed(form, step), whole) << "in steps of " << step;
    }
}

TEST(Multipart, that_is_malformed_is_refused_by_name_however_it_is_cut) {
    const std::vector<std::pair<std::string, MultipartFault>> cases{
        {kForm, MultipartFault::bad_delimiter},
        {"--b\r\n\r\nx", MultipartFault::bad_head},
        {"--b\r\nno colon\r\n\r\nx", MultipartFault::bad_head},
        {"--b\r\nContent-Type: text/plain\r\n\r\nx", MultipartFault::no_name},
        {"--b\r\nA: " + std::string(9000, 'x') + "\r\n\r\n", MultipartFault::head_too_long},
    };
    for (const auto& [text, fault] : cases) {
        for (const std::size_t step : {std::size_t{1}, std::size_t{7}, text.size()}) {
            EXPECT_EQ(parsed(text, step).fault, fault) << text.substr(0, 40) << " / " << step;
        }
    }
    EXPECT_EQ(parsed("x", 1, "").fault, MultipartFault::bad_boundary);
}

TEST(Multipart, that_ends_early_is_not_complete) {
    EXPECT_FALSE(parsed(kForm.substr(0, 100), 100).complete);
}

TEST(Boundaries, are_read_from_the_content_type) {
    EXPECT_EQ(boundary_of("multipart/form-data; boundary=abc"), "abc");
    EXPECT_EQ(boundary_of("Multipart/Form-Data; charset=x; Boundary=\"a b\""), "a b");
    EXPECT_EQ(boundary_of("multipart/mixed; boundary=abc"), "");
    EXPECT_EQ(boundary_of("multipart/form-data"), "");
}

}  // namespace
}  // namespace net
