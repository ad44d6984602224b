// Our parser beside llhttp: whatever we accept, llhttp reads in the same way. We refuse more.

#ifdef CROSSFADE_LLHTTP

#include "base/random.h"
#include "net/llhttp_oracle.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace net {
namespace {

constexpr std::array<std::string_view, 7> kRequests = {
    "GET /a/b?c=d HTTP/1.1\r\nHost: example.org\r\nAccept: */*\r\nX-Empty:\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a:80\r\nContent-Length: 5\r\nA:  b \t\r\n\r\nhelloGET",
    "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: "
    "u\r\n\r\n",
    "POST http://h/p?q HTTP/1.1\r\nHost: "
    "h\r\nTransfer-Encoding:CHUNKED\r\n\r\n1\r\nx\r\n00\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\nCookie: a=b; c=\"d\"\r\n\r\n",
    "\r\nDELETE /%7e HTTP/1.1\r\nhost: x\r\nExpect: 100-continue\r\ncontent-length: 3\r\n\r\nabc",
};
constexpr std::array<std::string_view, 6> kResponses = {
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\n\r\nhelloHTTP/1.1",
    "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\n",
    "HTTP/1.1 204 No Content\r\nETag: \"x\"\r\n\r\n",
    "HTTP/1.0 200\r\nA: b\r\n\r\nuntil the end",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    "HTTP/1.1 500 Oh dear\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
};

std::string bent(std::string_view message, base::Random& random) {
    constexpr std::string_view kBytes = "\r\n :\t;,0aA1\x00\x7f\xff#/\"-+xChunked";
    std::string result{message};
    for (std::uint64_t i = random.below(4); i > 0 && !result.empty(); --i) {
        const std::size_t at = random.below(result.size());
        const char byte = kBytes[random.below(kBytes.size())];
        switch (random.below(4)) {
            case 0:
                result.erase(at, 1 + random.below(3));
                break;
            case 1:
                result.insert(at, 1, byte);
                break;
            case 2:
                result.insert(at, result.substr(random.below(result.size()), random.below(20)));
                break;
            default:
                result[at] = byte;
        }
    }
    return result;
}

// llhttp knows a fixed list of methods, and is stricter than the RFC with chunk extensions,
// targets, and white space before a response's colon, which the RFC has a proxy remove.
bool excused(const Verdict& theirs, std::string_view bytes) {
    const auto has = [&](std::string_view what) {
        return bytes.find(what) != std::string_view::npos;
    };
    if (theirs.refusal == "HPE_INVALID_METHOD" || theirs.refusal == "HPE_INVALID_URL") return true;
    if (theirs.refusal == "HPE_STRICT" || theirs.refusal == "HPE_INVALID_CHUNK_SIZE")
        return has(";");
    if (theirs.refusal == "HPE_INVALID_CONTENT_LENGTH") return has("\t\r");  // as white space
    return theirs.refusal == "HPE_INVALID_HEADER_TOKEN" && bytes.starts_with("HTTP/") &&
           (has(" :") || has("\t:"));
}

void expect_agreement(const Verdict& ours, const Verdict& theirs, std::string_view bytes) {
    if (ours.ending != Verdict::Ending::whole || excused(theirs, bytes)) return;
    EXPECT_EQ(theirs.ending, Verdict::Ending::whole) << theirs.refusal << "\n" << bytes;
    EXPECT_EQ(ours.message, theirs.message) << bytes;
}

TEST(Oracle, reads_every_request_that_we_accept_as_we_do) {
    base::Random random{21};
    for (int round = 0; round < 5000 && !testing::Test::HasFailure(); ++round) {
        const std::string bytes = bent(kRequests[random.below(kRequests.size())], random);
        expect_agreement(our_request(bytes), Oracle::request(bytes), bytes);
    }
}

TEST(Oracle, reads_every_response_that_we_accept_as_we_do) {
    base::Random random{22};
    for (int round = 0; round < 5000 && !testing::Test::HasFailure(); ++round) {
        const std::string bytes = bent(kResponses[random.below(kResponses.size())], random);
        bool interim = false;
        const Verdict ours = our_response(bytes, &interim);
        if (!interim) expect_agreement(ours, Oracle::response(bytes), bytes);
    }
}

TEST(Oracle, accepts_what_the_test_starts_from) {
    for (const std::string_view bytes : kRequests) {
        EXPECT_EQ(our_request(bytes).message, Oracle::request(bytes).message);
        EXPECT_EQ(our_request(bytes).ending, Verdict::Ending::whole) << bytes;
    }
    for (const std::string_view bytes : kResponses) {
        EXPECT_EQ(our_response(bytes).message, Oracle::response(bytes).message);
        EXPECT_EQ(our_response(bytes).ending, Verdict::Ending::whole) << bytes;
    }
}

}  // namespace
}  // namespace net

#endif
