// Requests as AWS's http-desync-guardian classifies them.

#include "edge/http/desync.h"

#include "edge/testing.h"
#include "net/guardian_cases.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace edge {
namespace {

struct Look : net::RequestHandler {
    void on_head(const net::RequestHead& head) override { reason = irregularity_of(head); }
    void on_body(std::string_view) override {}
    void on_end() override {}
    std::optional<Irregularity> reason;
};

Irregularity reason_of(std::string_view bytes, bool* refused = nullptr) {
    Look look;
    net::RequestParser parser;
    parser.feed(bytes, look);
    const bool failed = parser.fault() != net::Fault::none && !look.reason;
    if (refused != nullptr) *refused = failed;
    if (failed) return irregularity_of(parser.fault(), bytes);
    return look.reason.value_or(Irregularity::none);
}

// What we say otherwise, by the case's name, and why.
const std::map<std::string, std::pair<std::string, std::string>, std::less<>> kOtherwise = {
    // The parser ends a line at its CRLF; what stands behind it is no part of the target.
    {"Request Smuggling in URI", {"AmbiguousUri", "refused all the same"}},
    // Codings whose end only they know are not passed on: 400 or 501 is safer than a guess.
    {"Different Transfer-Encoding headers", {"BadTransferEncoding", "does not end in chunked"}},
    {"Different Transfer-Encoding headers combined",
     {"BadTransferEncoding", "does not end in chunked"}},
    {"Transfer-Encoding with a param: chunked;custom_param",
     {"BadTransferEncoding", "chunked has no parameters (RFC 9112 7.1)"}},
    {"TE with custom parameters OK", {"BadTransferEncoding", "chunked has no parameters"}},
    {"Correct TE OK", {"BadTransferEncoding", "a coding beside chunked"}},
    {"Transfer-Encoding: identity and chunked OK",
     {"BadTransferEncoding", "identity is no coding any more (RFC 9112 7)"}},
    {"Multiple transfer encoding headers in a single request OK",
     {"BadTransferEncoding", "a coding beside chunked"}},
    // RFC 9112 3.2 knows four forms of a target; neither is one.
    {"Compliant URL", {"BadUri", "a fragment"}},
    {"Empty URI", {"BadUri", "no target"}},
};

TEST(DesyncCases, are_classified_as_the_load_balancer_of_aws_does) {
    const auto cases = net::guardian_cases();
    if (cases.empty()) {
        GTEST_SKIP() << "http-desync-guardian's cases are not there: set CROSSFADE_TEST_DATA";
    }
    std::size_t otherwise = 0;
    for (const net::GuardianCase& each : cases) {
        const Irregularity reason = reason_of(each.request);
        const std::string ours =
            reason == Irregularity::none ? "Compliant" : std::string(name_of(reason));
        if (ours == each.reason) continue;
        ++otherwise;
        const auto known = kOtherwise.find(each.name);
        EXPECT_TRUE(known != kOtherwise.end() && known->second.first == ours)
            << each.name << ": theirs " << each.reason << ", ours " << ours;
    }
    EXPECT_EQ(cases.size(), 159U);
    EXPECT_EQ(otherwise, kOtherwise.size()) << "the list names what is no longer so";
}

TEST(DesyncCases, that_our_parser_reads_are_compliant_or_have_one_of_four_reasons) {
    struct Row {
        std::string_view head;
        Irregularity reason;
    };
    using enum Irregularity;
    for (const Row& row :
         {Row{"GET / HTTP/1.1\r\n", none}, Row{"POST / HTTP/1.1\r\nContent-Length: 0\r\n", none},
          Row{"HEAD / HTTP/1.1\r\nContent-Length: 0\r\n", get_head_zero_content_length},
          Row{"GET / HTTP/1.1\r\nContent-Length: 1\r\n", undefined_content_length_semantics},
          Row{"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
              undefined_transfer_encoding_semantics},
          Row{"POST / HTTP/1.1\r\nTransfer_Encoding: chunked\r\n", suspicious_header},
          Row{"POST / HTTP/1.1\r\n-Content-Length: 1\r\n", suspicious_header},
          Row{"POST / HTTP/1.1\r\nContent-Lengths: 1\r\nTransfer: x\r\n", none}}) {
        bool refused = false;
        EXPECT_EQ(reason_of(std::string(row.head) + "Host: a\r\n\r\n", &refused), row.reason)
            << row.head;
        EXPECT_FALSE(refused) << row.head;
    }
}

}  // namespace
}  // namespace edge
