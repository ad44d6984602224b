// Messages collected by others: llhttp's own vectors, and request smuggling as AWS classifies it.

#include "base/file.h"
#include "net/guardian_cases.h"
#include "net/http1_recorder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {
namespace {

std::string text_of(const std::filesystem::path& path) {
    return base::read_file(path, {.count = 1 << 20}).value_or("");
}

struct Vector {
    std::string name;
    std::string kind;  // as in the file: "request", "response", or one with a lenient option
    std::string bytes;
    bool refused = false;  // within or before the first message
};

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
}

// A block's text as bytes: line ends are CRLF unless escaped away, \xNN and the like are decoded.
std::string bytes_of(std::string block) {
    if (block.ends_with('\n')) block.pop_back();
    replace_all(block, "\\\n", "");
    replace_all(block, "\n", "\r\n");
    std::string bytes;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const char next = block[i] == '\\' && i + 1 < block.size() ? block[i + 1] : '\0';
        const std::size_t simple = std::string_view("rntf").find(next);
        if (next == 'x') {
            bytes += static_cast<char>(std::stoi(block.substr(i + 2, 2), nullptr, 16));
            i += 3;
        } else if (next != '\0' && simple != std::string_view::npos) {
            bytes += "\r\n\t\f"[simple];
            ++i;
        } else {
            bytes += block[i];
        }
    }
    return bytes;
}

std::string fenced(std::string_view text, std::string_view language, std::size_t& at) {
    const std::string open = "```" + std::string(language) + "\n";
    const std::size_t from = text.find(open, at) + open.size();
    const std::size_t to = text.find("```", from);
    at = to;
    return std::string(text.substr(from, to - from));
}

std::vector<Vector> vectors_in(const std::filesystem::path& file) {
    std::vector<Vector> result;
    const std::string text = text_of(file);
    for (std::size_t at = 0; (at = text.find("<!-- meta={", at)) != std::string::npos;) {
        Vector vector;
        const std::size_t type = text.find("\"type\"", at);
        const std::size_t open = text.find('"', text.find(':', type)) + 1;
        vector.kind = text.substr(open, text.find('"', open) - open);
        const std::size_t title = text.rfind("\n#", at) + 1;
        vector.name = text.substr(title, text.find('\n', title) - title);
        vector.bytes = bytes_of(fenced(text, "http", at));
        const std::string log = fenced(text, "log", at);
        vector.refused = log.find("error") < log.find("message complete");
        if (log.find("pause") != std::string::npos) vector.kind += "-pause";
        result.push_back(std::move(vector));
    }
    return result;
}

// What llhttp reads and we refuse, by the name of the vector.
const std::map<std::string, Fault, std::less<>> kStricter = {
    {"## No HTTP version", Fault::bad_version},
    {"### M-SEARCH request", Fault::bad_target},
    {"### SOURCE request with ICE", Fault::bad_version},
    {"### OPTIONS request with RTSP", Fault::bad_version},
    {"### ANNOUNCE request with RTSP", Fault::bad_version},
    {"## POST with `chunked` as last transfer-encoding", Fault::bad_target},  // has a fragment
    {"## POST with `chunked` as last transfer-encoding (multiple headers)", Fault::bad_target},
    {"## Fragment in URI", Fault::bad_target},
    {"## `host:port` and basic auth", Fault::bad_target},
    {"## RTSP response", Fault::bad_version},
    {"## ICE response", Fault::bad_version},
    {"## HTTP version 0.9", Fault::unsupported_version},
    {"## Response starting with CRLF", Fault::bad_version},
    {"## HTTP 100 first, then 400", Fault::bad_version},  // an empty line between them
    {"## `chunked` before other transfer-encoding", Fault::bad_transfer_encoding},
    {"## multiple transfer-encoding where chunked is not the last one",
     Fault::bad_transfer_encoding},
    {"## `chunkedchunked` transfer-encoding does not enable chunked enconding",
     Fault::bad_transfer_encoding},
};

// What llhttp refuses and we read: any method is a token, and chunk extensions are not understood,
// only bounded; they are never passed on.
const std::set<std::string, std::less<>> kLooser = {
    "### HTTP protocol and ANNOUNCE method", "### Invalid method",
    "### No extension after semicolon",      "### Unbalanced chunk extensions quoting",
    "## No extension after semicolon",       "## Unbalanced chunk extensions quoting",
};

template <typename Parser, typename Recorder>
void judge(const Vector& vector, Parser& parser, Recorder& recorder) {
    Fed fed = parser.feed(vector.bytes, recorder);
    // llhttp refuses a line before its head is complete; we judge the head as a whole.
    for (int i = 0; i < 2 && vector.refused && fed.progress == Progress::more; ++i)
        if (!parser.in_body()) fed = parser.feed("\r\n", recorder);
    const bool refused = parser.fault() != Fault::none;
    if (refused == vector.refused) return;
    const auto stricter = kStricter.find(vector.name);
    const bool on_purpose = refused
                                ? stricter != kStricter.end() && stricter->second == parser.fault()
                                : kLooser.contains(vector.name);
    EXPECT_TRUE(on_purpose) << vector.name << " is " << name_of(parser.fault()) << " to us:\n"
                            << vector.bytes;
}

TEST(LlhttpVectors, requests_are_judged_alike) {
    const auto folder = base::collected("llhttp/test/request");
    if (!folder) GTEST_SKIP() << "llhttp's vectors are not there: set CROSSFADE_TEST_DATA";
    int judged = 0;
    for (const auto& file : std::filesystem::directory_iterator(*folder)) {
        for (Vector& vector : vectors_in(file.path())) {
            if (vector.kind != "request") continue;
            // The vectors leave Host out; we do not.
            RequestParser probe;
            RequestRecorder recorder;
            probe.feed(vector.bytes, recorder);
            if (probe.fault() == Fault::missing_host)
                vector.bytes.insert(vector.bytes.find("\r\n", 2) + 2, "Host: a\r\n");
            RequestParser parser;
            judge(vector, parser, recorder);
            ++judged;
        }
    }
    EXPECT_GT(judged, 80);
}

TEST(LlhttpVectors, responses_are_judged_alike) {
    const auto folder = base::collected("llhttp/test/response");
    if (!folder) GTEST_SKIP() << "llhttp's vectors are not there: set CROSSFADE_TEST_DATA";
    int judged = 0;
    for (const auto& file : std::filesystem::directory_iterator(*folder)) {
        for (const Vector& vector : vectors_in(file.path())) {
            if (vector.kind != "response") continue;
            ResponseRecorder recorder;
            ResponseParser parser;
            judge(vector, parser, recorder);
            ++judged;
        }
    }
    EXPECT_GT(judged, 50);
}

// Codings that we do not know have no end that we could find, and targets must have a form.
bool on_purpose(Fault fault, std::string_view bytes) {
    const std::string_view target = bytes.substr(0, bytes.find("\r\n"));
    if (fault == Fault::bad_target)
        return target.find('#') != std::string_view::npos || target.starts_with("GET  ");
    return fault == Fault::unsupported_transfer_encoding ||
           (fault == Fault::bad_transfer_encoding &&
            bytes.find("chunked;") != std::string_view::npos);
}

TEST(DesyncGuardian, what_is_severe_is_refused_and_what_is_compliant_is_not) {
    const auto cases = guardian_cases();
    if (cases.empty())
        GTEST_SKIP() << "http-desync-guardian's cases are not there: set CROSSFADE_TEST_DATA";
    int severe = 0;
    int compliant = 0;
    for (const GuardianCase& each : cases) {
        RequestRecorder recorder;
        recorder.feed(each.request);
        const Fault fault = recorder.parser().fault();
        const bool refused = fault != Fault::none;
        if (each.tier == "Severe") {
            ++severe;
            EXPECT_TRUE(refused) << each.name;
        }
        if (each.tier == "Compliant") {
            ++compliant;
            EXPECT_TRUE(!refused || on_purpose(fault, each.request))
                << each.name << " " << name_of(fault);
        }
    }
    EXPECT_GT(severe, 50);
    EXPECT_GT(compliant, 20);
}

}  // namespace
}  // namespace net
