#include "cli/findings.h"

#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace cli {
namespace {

using base::Json;

// RFC 3986: what may stand in a path stays, the rest is bytes in hexadecimal.
std::string uri_of(const std::string& file) {
    std::string out = file.starts_with('/') ? "file://" : "";
    for (const char c : file) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') ||
                              std::string_view("-._~/").find(c) != std::string_view::npos;
        out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string message_of(const base::Diagnostic& diagnostic) {
    std::string out = diagnostic.what;
    if (!diagnostic.why.empty()) out += ": " + diagnostic.why;
    if (!diagnostic.fix.empty()) out += "\n" + diagnostic.fix;
    return out;
}

Json result_of(const base::Diagnostic& diagnostic) {
    Json result{{"ruleId", diagnostic.code},
                {"level", "error"},
                {"message", {{"text", message_of(diagnostic)}}}};
    if (!diagnostic.place || diagnostic.place->line == 0) return result;
    const base::Place& place = *diagnostic.place;
    result["locations"] = Json::array(
        {{{"physicalLocation",
           {{"artifactLocation", {{"uri", uri_of(place.file)}}},
            {"region",
             {{"startLine", place.line},
              {"startColumn", std::max<std::uint32_t>(place.column, 1)},
              {"endColumn", std::max<std::uint32_t>(place.column, 1) + place.length}}}}}}});
    return result;
}

// Of a property a colon and a comma, too, would end it.
std::string escaped(std::string_view text, bool is_property) {
    std::string out;
    for (const char c : text) {
        const bool must =
            c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
        out += must ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
    return out;
}

}  // namespace

std::string refusal_sarif(const Refusal& refusal) {
    Json results = Json::array();
    std::set<std::string> codes;
    for (const base::Diagnostic& diagnostic : refusal.diagnostics) {
        results.push_back(result_of(diagnostic));
        codes.insert(diagnostic.code);
    }
    Json rules = Json::array();
    for (const std::string& code : codes) rules.push_back({{"id", code}});
    const Json driver{{"name", "crossfade"}, {"rules", rules}};
    return base::canonical({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                            {"version", "2.1.0"},
                            {"runs", Json::array({{{"tool", {{"driver", driver}}},
                                                   {"columnKind", "unicodeCodePoints"},
                                                   {"results", results}}})}}) +
           '\n';
}

std::string refusal_annotations(const Refusal& refusal) {
    std::string out;
    for (const base::Diagnostic& diagnostic : refusal.diagnostics) {
        std::string place;
        if (diagnostic.place)
            place = fmt::format("file={},line={},col={},", escaped(diagnostic.place->file, true),
                                diagnostic.place->line, diagnostic.place->column);
        out += fmt::format("::error {}title={}::{}\n", place, escaped(diagnostic.code, true),
                           escaped(message_of(diagnostic), false));
    }
    return out;
}

}  // namespace cli
