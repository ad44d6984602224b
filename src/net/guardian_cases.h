#pragma once
// For tests: the requests that AWS's http-desync-guardian classifies, and what it says of them.

#include "base/collected_test.h"
#include "base/document.h"
#include "net/http1.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace net {

struct GuardianCase {
    std::string name;
    std::string request;  ///< Its head as bytes.
    std::string tier;
    std::string reason;
};

inline std::string scalar(const base::Node& node, std::string_view name) {
    const base::Node* const member = node.member(name);
    return member != nullptr ? member->text : std::string{};
}

inline std::string request_of(const base::Node& each) {
    const std::string version = scalar(each, "version");
    std::string bytes = scalar(each, "method") + " " + scalar(each, "uri") +
                        (version.empty() ? "" : " " + version) + "\r\n";
    bool has_host = false;
    if (const base::Node* const fields = each.member("headers")) {
        for (const base::Node& field : fields->items) {
            has_host = has_host || same_ignoring_case(scalar(field, "name"), "host");
            bytes += scalar(field, "name") + ": " + scalar(field, "value") + "\r\n";
        }
    }
    // The cases leave Host out where it does not matter.
    if (!has_host) bytes += "Host: a\r\n";
    return bytes + "\r\n";
}

/// All cases; none where the data are absent.
inline std::vector<GuardianCase> guardian_cases() {
    std::vector<GuardianCase> cases;
    const auto folder = base::collected("http-desync-guardian/tests");
    if (!folder) return cases;
    for (const auto& file : std::filesystem::directory_iterator(*folder)) {
        if (file.path().extension() != ".yaml") continue;
        const std::string text = base::collected_text(file.path());
        base::Findings findings{text, file.path().filename().string()};
        const auto root = base::document_from(text, findings);
        if (!root) {
            ADD_FAILURE() << base::text_of(findings.take());
            continue;
        }
        for (const base::Node& each : root->items) {
            const base::Node& expected = *each.member("expected");
            cases.push_back({scalar(each, "name"), request_of(each), scalar(expected, "tier"),
                             scalar(expected, "reason")});
        }
    }
    return cases;
}

}  // namespace net
