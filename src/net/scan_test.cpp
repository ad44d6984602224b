#include "net/scan.h"

#include "net/field_names.h"
#include "net/fields.h"
#include "net/http1.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace net {
namespace {

using Scanner = const char* (*)(const char*, const char*, const char*);

struct Case {
    Scanner scan;
    std::uint8_t what;
};

class Scanners : public testing::TestWithParam<Case> {};

/// Memory of exactly that size, so that a sanitizer sees what is read beside it.
std::vector<char> exactly(std::size_t bytes, char filling) {
    return std::vector<char>(bytes, filling);
}

TEST_P(Scanners, stop_at_the_first_wrong_byte_wherever_it_stands) {
    const auto [scanner, what] = GetParam();
    for (std::size_t bytes = 0; bytes <= 40; ++bytes) {
        for (std::size_t at = 0; at <= bytes; ++at) {
            std::vector<char> text = exactly(bytes, 'a');
            const char* const begin = text.data();
            EXPECT_EQ(scanner(begin, begin + at, begin + bytes), begin + bytes);
            EXPECT_EQ(scanner(begin + at, begin + at, begin + bytes), begin + bytes);
            for (std::size_t wrong = 0; wrong < bytes; ++wrong) {
                text[wrong] = '\n';
                const char* const stop = wrong < at ? begin + bytes : begin + wrong;
                EXPECT_EQ(scanner(begin, begin + at, begin + bytes), stop)
                    << bytes << ' ' << at << ' ' << wrong;
                text[wrong] = 'a';
            }
        }
    }
}

TEST_P(Scanners, agree_with_the_table_on_every_byte) {
    const auto [scanner, what] = GetParam();
    for (unsigned value = 0; value < 256; ++value) {
        const char byte = static_cast<char>(value);
        for (const std::size_t bytes : {1U, 7U, 16U, 23U, 40U}) {
            std::vector<char> text = exactly(bytes, 'a');
            for (const std::size_t place : {std::size_t{0}, bytes / 2, bytes - 1}) {
                text[place] = byte;
                const char* const begin = text.data();
                const char* const stop = begin + (scan::is(byte, what) ? bytes : place);
                EXPECT_EQ(scanner(begin, begin, begin + bytes), stop) << value;
                text[place] = 'a';
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, Scanners,
                         testing::Values(Case{scan::skip_token, scan::kToken},
                                         Case{scan::skip_text, scan::kText},
                                         Case{scan::skip_target, scan::kTarget},
                                         Case{scan::skip_host, scan::kHost}));

/// Notes as what the fields of a head were recognised.
class Ids final : public RequestHandler {
public:
    void on_head(const RequestHead& head) override {
        for (const Field& field : head.fields) ids.push_back(field.id);
    }
    void on_body(std::string_view) override {}
    void on_end() override {}

    std::vector<FieldId> ids;
};

FieldId recognised(const std::string& name, const std::string& behind) {
    Ids ids;
    RequestParser parser;
    parser.feed("GET / HTTP/1.1\r\nHost: a\r\n" + name + ": 1\r\n" + behind + "\r\n", ids);
    EXPECT_EQ(ids.ids.size(), behind.empty() ? 2U : 3U) << name;
    return ids.ids.size() > 1 ? ids.ids[1] : FieldId::other;
}

std::string in_letters(std::string_view name, bool upper) {
    std::string made(name);
    for (char& byte : made) {
        const bool letter = scan::lower(byte) >= 'a' && scan::lower(byte) <= 'z';
        if (letter) byte = static_cast<char>(upper ? byte & ~0x20 : byte | 0x20);
    }
    return made;
}

TEST(FieldNames, are_recognised_in_any_letters_at_any_place) {
    for (std::size_t nth = 1; nth < names::kNames.size(); ++nth) {
        const FieldId id{static_cast<std::uint8_t>(nth)};
        // One more of these would be no request.
        if (id == FieldId::host || id == FieldId::transfer_encoding) continue;
        for (const std::string& behind :
             {std::string(), std::string("X-Long-Enough: 0123456789\r\n")}) {
            for (const bool upper : {false, true}) {
                const std::string name = in_letters(names::kNames[nth], upper);
                EXPECT_EQ(recognised(name, behind), id) << name;
                EXPECT_EQ(field_id(name), id) << name;
                EXPECT_EQ(recognised(name + 'x', behind), FieldId::other) << name;
                EXPECT_EQ(recognised('x' + name.substr(1) + '-', behind), FieldId::other) << name;
            }
        }
    }
}

TEST(FieldNames, of_a_known_ones_length_and_outer_letters_are_told_apart) {
    EXPECT_EQ(recognised("Axxxxt", "X-Long-Enough: 0123456789\r\n"), FieldId::other);
    EXPECT_EQ(recognised("Cxxxxxxxxxngth", "X-Long-Enough: 0123456789\r\n"), FieldId::other);
}

}  // namespace
}  // namespace net
