#include "net/websocket.h"

#include <gtest/gtest.h>

#include <vector>

namespace net {
namespace {

/// Writes down what a decoder finds.
struct Notes : MessageHandler {
    std::vector<std::string> lines;

    void on_text(std::string_view text) override { note("text", text); }
    void on_binary(std::string_view bytes) override { note("binary", bytes); }
    void on_ping(std::string_view payload) override { note("ping", payload); }
    void on_pong(std::string_view payload) override { note("pong", payload); }
    void on_close(std::uint16_t code, std::string_view reason) override {
        note("close " + std::to_string(code), reason);
    }
    void note(const std::string& kind, std::string_view what) {
        lines.push_back(kind + ":" + std::string(what));
    }
};

struct Decoded {
    std::vector<std::string> lines;
    FrameFault fault = FrameFault::none;

    friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decoded(const std::string& bytes, std::size_t step, Side receiver = Side::server) {
    MessageDecoder decoder(receiver, 100'000);
    Notes notes;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        if (!decoder.feed(std::string_view(bytes).substr(at, step), notes)) break;
    }
    return {notes.lines, decoder.fault()};
}

/// Fragments, control frames between them, every length form, a close.
std::string conversation() {
    std::string out;
    append_masked_frame(out, Opcode::text, "hel", 0x01020304, false);
    append_masked_frame(out, Opcode::ping, "are you there", 7);
    append_masked_frame(out, Opcode::continuation, "lo", 0xffffffff);
    append_masked_frame(out, Opcode::binary, std::string(300, 'b'), 99);
    append_masked_frame(out, Opcode::text, std::string(70'000, 'x'), 5);
    append_masked_frame(out, Opcode::pong, "", 1);
    append_masked_frame(out, Opcode::close, close_payload(4001, "bye"), 2);
    return out;
}

TEST(MessageDecoding, gives_the_same_messages_however_the_bytes_are_cut) {
    const std::string bytes = conversation();
    const Decoded whole = decoded(bytes, bytes.size());
    EXPECT_EQ(whole.fault, FrameFault::none);
    ASSERT_EQ(whole.lines.size(), 6U);
    EXPECT_EQ(whole.lines[0], "ping:are you there");
    EXPECT_EQ(whole.lines[1], "text:hello");
    EXPECT_EQ(whole.lines[3], "text:" + std::string(70'000, 'x'));
    EXPECT_EQ(whole.lines[5], "close 4001:bye");
    for (const std::size_t step : {1UL, 2UL, 3UL, 5UL, 13UL, 127UL, 4096UL}) {
        EXPECT_EQ(decoded(bytes, step), whole) << "in steps of " << step;
    }
}

TEST(MessageDecoding, refuses_what_rfc_6455_forbids_by_name) {
    using namespace std::string_literals;
    const auto masked = [](Opcode opcode, std::string_view payload) {
        std::string out;
        append_masked_frame(out, opcode, payload, 9);
        return out;
    };
    const std::vector<std::pair<std::string, FrameFault>> cases{
        {"\x83\x80"s + "aaaa", FrameFault::unknown_opcode},
        {"\x89\xfe"s + "aaaa", FrameFault::control_too_long},
        {"\x09\x80"s + "aaaa", FrameFault::control_fragmented},
        {"\x82\xfe\x00\x05"s + "aaaa", FrameFault::length_not_minimal},
        {"\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00"s + "aaaa", FrameFault::length_overflow},
        {"\x82\xff\x00\x00\x00\x00\x00\x0f\x00\x00"s + "aaaa", FrameFault::message_too_big},
        {masked(Opcode::continuation, "x"), FrameFault::stray_continuation},
        {"\x81\x01x"s, FrameFault::not_masked},
        {"\xc1\x81"s + "aaaax", FrameFault::reserved_bits},
        {masked(Opcode::text, "\xff"), FrameFault::bad_text},
        {masked(Opcode::close, "x"), FrameFault::bad_close},
        {masked(Opcode::close, close_payload(1006, "")), FrameFault::bad_close},
    };
    for (const auto& [bytes, fault] : cases) {
        for (const std::size_t step : {std::size_t{1}, bytes.size()}) {
            EXPECT_EQ(name_of(decoded(bytes, step).fault), name_of(fault))
                << "in steps of " << step;
        }
    }
    EXPECT_EQ(decoded(masked(Opcode::text, "x"), 1, Side::client).fault, FrameFault::masked);
}

TEST(FrameWalking, stops_at_the_same_boundaries_however_the_bytes_are_cut) {
    const std::string bytes = conversation();
    const auto stops = [&bytes](std::size_t step) {
        FrameWalker walker;
        std::vector<std::size_t> found;
        std::size_t at = 0;
        while (at < bytes.size()) {
            const auto walked = walker.walk(std::string_view(bytes).substr(at, step));
            at += walked.walked;
            if (walked.stop == FrameWalker::Stop::close) break;
            if (walked.stop == FrameWalker::Stop::boundary) found.push_back(at);
        }
        found.push_back(walker.messages());
        EXPECT_TRUE(walker.saw_close());
        return found;
    };
    const auto whole = stops(bytes.size());
    EXPECT_EQ(whole.back(), 3U);
    for (const std::size_t step : {1UL, 2UL, 7UL, 1000UL}) EXPECT_EQ(stops(step), whole) << step;
}

TEST(FrameWalking, goes_on_in_another_walker_wherever_one_stood) {
    const std::string bytes = conversation();
    FrameWalker walker;
    std::size_t at = 0;
    for (; at < bytes.size() && !walker.saw_close(); ++at) {
        FrameWalker other;
        ASSERT_TRUE(other.begin_at(walker.place())) << at;
        EXPECT_EQ(other.place(), walker.place()) << at;
        EXPECT_EQ(other.partial_header(), walker.partial_header()) << at;
        const auto one = walker.walk(std::string_view(bytes).substr(at, 1));
        const auto two = other.walk(std::string_view(bytes).substr(at, 1));
        EXPECT_EQ(one.stop, two.stop) << at;
        EXPECT_EQ(walker.at_boundary(), other.at_boundary()) << at;
    }
    EXPECT_GT(at, 20U);
}

TEST(FrameWalking, begins_nowhere_that_is_no_place) {
    using Place = FrameWalker::Place;
    EXPECT_FALSE(
        FrameWalker().begin_at(Place{.payload_left = 5, .in_message = true, .header = ""}));
    const std::string text = "\x81\x05";
    EXPECT_TRUE(FrameWalker().begin_at({.payload_left = 5, .in_message = true, .header = text}));
    EXPECT_FALSE(FrameWalker().begin_at({.payload_left = 6, .in_message = true, .header = text}));
    EXPECT_FALSE(FrameWalker().begin_at({.payload_left = 5, .in_message = false, .header = text}));
    EXPECT_FALSE(FrameWalker().begin_at({.payload_left = 0, .in_message = true, .header = text}));
    EXPECT_FALSE(FrameWalker().begin_at({.header = std::string(40, '\x81')}));
}

TEST(Masks, turn_bytes_back_at_any_offset) {
    const std::string text = "the quick brown fox jumps over the lazy dog";
    const std::array<std::uint8_t, 4> mask{1, 22, 133, 244};
    std::string whole = text;
    apply_mask(whole, mask, 0);
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        std::string pieces = text;
        apply_mask(std::span(pieces).first(cut), mask, 0);
        apply_mask(std::span(pieces).subspan(cut), mask, cut);
        EXPECT_EQ(pieces, whole) << cut;
    }
}

TEST(Handshakes, answer_the_key_of_rfc_6455) {
    EXPECT_EQ(accept_for("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(Utf8, is_checked_across_cuts) {
    for (const char* good : {"", "ascii", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                             "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
        EXPECT_TRUE(is_utf8(good)) << good;
    }
    for (const char* bad : {"\x80", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                            "\xf5\x80\x80\x80", "\xe2\x82", "\xff"}) {
        EXPECT_FALSE(is_utf8(bad));
    }
    Utf8Check check;
    for (const char c : std::string("\xf0\x9f\x98\x80")) EXPECT_TRUE(check.feed({&c, 1}));
    EXPECT_TRUE(check.complete());
}

TEST(CloseReasons, are_cut_between_characters) {
    const std::string payload = close_payload(1012, std::string(122, 'a') + "\xc3\xa4");
    EXPECT_EQ(payload.size(), 2U + 122U);
}

}  // namespace
}  // namespace net
