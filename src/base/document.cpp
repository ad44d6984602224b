#include "base/document.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <map>
#include <optional>
#include <streambuf>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "base/diagnostic.h"

namespace base {

namespace {

constexpr std::size_t kBytesMax = 1024 * 1024;
constexpr std::size_t kDepthMax = 32;
constexpr std::size_t kNodesMax = 20'000;
constexpr std::size_t kFindingsMax = 100;
// A longer line would fill a terminal; its place is told without it.
constexpr std::size_t kLineShownMax = 240;

/// The document cannot be read on; the finding has been added.
struct Unreadable {};

Spot spot_at(const YAML::Mark& mark, std::size_t length = 1) {
    return {.line = static_cast<std::uint32_t>(mark.line + 1),
            .column = static_cast<std::uint32_t>(mark.column + 1),
            .length = static_cast<std::uint32_t>(std::max<std::size_t>(length, 1))};
}

bool is_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
}

/// Whether the quoted scalar at the front of `text` is closed; the parser takes the end of the
/// file for a closing quote.
bool is_closed(std::string_view text) {
    const char quote = text.empty() ? '\0' : text.front();
    if (quote != '"' && quote != '\'') return true;  // A block text.
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == quote) {
            if (quote == '"' || i + 1 >= text.size() || text[i + 1] != quote) return true;
            ++i;
        } else if (text[i] == '\\' && quote == '"') {
            ++i;
        }
    }
    return false;
}

/// Builds nodes from the parser's events: unlike yaml-cpp's own tree it sees duplicate keys,
/// quotes and aliases, and stops at the bounds before the parser's stack is deep.
class Builder : public YAML::EventHandler {
public:
    Builder(std::string_view text, Findings& findings) : text_(text), findings_(findings) {}

    std::optional<Node> take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnAnchor(const YAML::Mark&, const std::string&) override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add({.kind = Node::Kind::empty,
             .spot = spot_at(mark),
             .text = {},
             .items = {},
             .members = {}},
            anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto at = anchored_.find(anchor);
        if (at == anchored_.end())
            stop(spot_at(mark), {.code = "CF0106",
                                 .what = "an alias stands inside what it refers to",
                                 .fix = "write the value out"});
        count(at->second.size, spot_at(mark));
        attach(Node(at->second.node), at->second.size);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        // The parser says `?` for plain and `!` for quoted scalars and block texts.
        if (tag != "?" && tag != "!" && !tag.empty()) refuse_tag(mark, tag);
        const bool plain = tag != "!";
        if (!plain) check_quoted(mark, value);
        add({.kind = plain ? Node::Kind::plain : Node::Kind::quoted,
             .spot = spot_at(mark, value.size() + (plain ? 0 : 2)),
             .text = value,
             .items = {},
             .members = {}},
            anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Node::Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Node::Kind::map);
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        Node node;
        YAML::anchor_t anchor = 0;
        std::size_t size = 1;
        std::optional<Node> name;                    ///< Of the member whose value comes next.
        std::map<std::string, std::uint32_t> names;  ///< With their lines.
    };
    struct Anchored {
        Node node;
        std::size_t size = 1;
    };

    [[noreturn]] void stop(Spot spot, Diagnostic diagnostic) {
        findings_.add(spot, std::move(diagnostic));
        throw Unreadable{};
    }

    void check_quoted(const YAML::Mark& mark, const std::string& value) {
        const auto at = static_cast<std::size_t>(mark.pos);
        if (at < text_.size() && !is_closed(text_.substr(at)))
            stop(spot_at(mark), {.code = "CF0103",
                                 .what = "these quotes are not closed",
                                 .why = "they go on to the end of the file",
                                 .fix = "close them"});
        if (std::any_of(value.begin(), value.end(), is_control))
            findings_.add(spot_at(mark),
                          {.code = "CF0101", .what = "this text has a control character"});
    }

    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        findings_.add(spot_at(mark),
                      {.code = "CF0105",
                       .what = fmt::format("the tag `{}` has no meaning here", tag.substr(0, 64)),
                       .fix = "leave it out; what a value is follows from its field"});
    }

    void count(std::size_t more, Spot spot) {
        nodes_ += more;
        if (nodes_ > kNodesMax)
            stop(spot, {.code = "CF0107",
                        .what = fmt::format("the document has more than {} values", kNodesMax),
                        .why = "aliases count as often as they are used"});
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              Node::Kind kind) {
        if (tag != "?" && tag != "!" && !tag.empty()) refuse_tag(mark, tag);
        if (frames_.size() >= kDepthMax)
            stop(spot_at(mark),
                 {.code = "CF0107",
                  .what = fmt::format("the document is nested more than {} deep", kDepthMax)});
        count(1, spot_at(mark));
        Frame frame;
        frame.node.kind = kind;
        frame.node.spot = spot_at(mark);
        frame.anchor = anchor;
        frames_.push_back(std::move(frame));
    }

    void close() {
        Frame frame = std::move(frames_.back());
        frames_.pop_back();
        if (frame.anchor != 0) anchored_[frame.anchor] = {frame.node, frame.size};
        attach(std::move(frame.node), frame.size);
    }

    void add(Node node, YAML::anchor_t anchor) {
        count(1, node.spot);
        if (anchor != 0) anchored_[anchor] = {node, 1};
        attach(std::move(node), 1);
    }

    void attach(Node node, std::size_t size) {
        if (frames_.empty()) {
            root_ = std::move(node);
            return;
        }
        Frame& frame = frames_.back();
        frame.size += size;
        if (frame.node.kind == Node::Kind::list) {
            frame.node.items.push_back(std::move(node));
        } else if (!frame.name) {
            if (!node.is_scalar())
                stop(node.spot,
                     {.code = "CF0103",
                      .what = fmt::format("a key must be a word, not {}", words_for(node))});
            frame.name = std::move(node);
        } else {
            Node name = std::move(*frame.name);
            frame.name.reset();
            // The parser notices that a value is missing where the next one begins.
            if (node.kind == Node::Kind::empty) node.spot = name.spot;
            const auto [first, is_new] = frame.names.emplace(name.text, name.spot.line);
            if (is_new)
                frame.node.members.push_back({std::move(name), std::move(node)});
            else
                add_duplicate(name, first->second);
        }
    }

    void add_duplicate(const Node& name, std::uint32_t first_line) {
        findings_.add(name.spot,
                      {.code = "CF0102",
                       .what = fmt::format("the key `{}` stands twice", name.text.substr(0, 64)),
                       .why = fmt::format("it stands in line {} already", first_line),
                       .fix = "leave one of them out"});
    }

    std::string_view text_;
    Findings& findings_;
    std::vector<Frame> frames_;
    std::map<YAML::anchor_t, Anchored> anchored_;
    std::optional<Node> root_;
    std::size_t nodes_ = 0;
};

/// A stream over bytes that stay where they are.
class View : public std::streambuf {
public:
    explicit View(std::string& text) { setg(text.data(), text.data(), text.data() + text.size()); }
};

/// The length of the UTF-8 sequence at the front of `text`; 0 where there is none (RFC 3629).
std::size_t sequence_length(std::string_view text) {
    const auto byte = [text](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&byte](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead < 0xE0) return follows(1) ? 2 : 0;
    if (lead >= 0xE0 && lead < 0xF0) {
        const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
        return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead < 0xF5) {
        const bool overlong = lead == 0xF0 && byte(1) < 0x90;
        const bool beyond = lead == 0xF4 && byte(1) >= 0x90;
        return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

/// Characters as a terminal counts them, near enough: combining ones are rare in specs.
std::uint32_t characters_in(std::string_view text) {
    return static_cast<std::uint32_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

/// Finds what would make the parser guess: other encodings, control characters, tabs.
bool is_plain_text(std::string_view text, Findings& findings) {
    Spot spot;
    bool indentation = true;
    std::optional<Spot> tab;
    bool clean = true;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = sequence_length(text.substr(i));
        const char c = text[i];
        const bool control = is_control(c) && c != '\r';
        if (length == 0 || control) {
            findings.add(
                spot, {.code = "CF0101",
                       .what = length == 0 ? "this is no UTF-8" : "a control character stands here",
                       .fix = "save the file as UTF-8 text"});
            return false;
        }
        if (c == '\n') {
            indentation = true;
            tab.reset();
            spot = {.line = spot.line + 1, .column = 1};
        } else {
            if (c == '\t' && indentation && !tab) tab = spot;
            if (c != '\t' && c != ' ') {
                if (tab && indentation && c != '\r') {
                    findings.add(*tab, {.code = "CF0104",
                                        .what = "a tab is used as indentation",
                                        .why = "how wide a tab is, is for each reader to choose",
                                        .fix = "indent with spaces"});
                    clean = false;
                }
                indentation = false;
            }
            spot.column += static_cast<std::uint32_t>(length);
        }
        i += length;
    }
    return clean;
}

struct Hint {
    std::string_view part;  ///< Of the parser's message.
    std::string_view fix;
};
// The parser names its own state; people need to hear what they probably did.
constexpr Hint kHints[]{
    {"illegal map value", "put quotes around a value that contains `: `, and indent alike"},
    {"end of map", "close the `{`, and put a comma between members"},
    {"end of sequence", "indent the lines of a list alike, or close the `[`"},
    {"bad conversion", "put quotes around the value"},
    {"unknown escape", "use single quotes, in which a backslash is nothing special"},
    {"illegal block entry", "start a list's `- ` on a line of its own"},
    {"illegal EOF in scalar", "close the quotes"},
    {"anchor is not defined", "define the anchor with `&` before its alias is used"},
};

/// Where a scalar that begins at `at` ends in its first line, or a later line of it as a whole.
std::size_t end_of_scalar(std::string_view line, std::size_t at, std::size_t length) {
    if (at >= line.size()) return line.size();
    const char quote = line[at];
    if (quote == '|' || quote == '>') return line.size();
    if (quote != '"' && quote != '\'') return std::min(line.size(), at + length);
    for (std::size_t i = at + 1; i < line.size(); ++i) {
        const bool is_doubled = i + 1 < line.size() && line[i + 1] == quote;
        if (line[i] == '\\' && quote == '"')
            ++i;
        else if (line[i] == quote && quote == '\'' && is_doubled)
            ++i;
        else if (line[i] == quote)
            return i + 1;
    }
    return line.size();
}

void strike(std::string& words, const std::string& quoted) {
    constexpr std::string_view kStars = "`***`";
    for (std::size_t at = words.find(quoted); at != std::string::npos;
         at = words.find(quoted, at + kStars.size()))
        words.replace(at, quoted.size(), kStars);
}

void add_syntax_error(const YAML::Exception& error, Findings& findings) {
    Diagnostic diagnostic{
        .code = "CF0103",
        .what = "this is no YAML that can be read",
        .why = error.msg,
        .fix = "look at the indentation and the quotes here and in the line above"};
    for (const Hint& hint : kHints)
        if (error.msg.find(hint.part) != std::string::npos) diagnostic.fix = hint.fix;
    findings.add(error.mark.is_null() ? Spot{} : spot_at(error.mark), std::move(diagnostic));
}

}  // namespace

const Node* Node::member(std::string_view name) const {
    for (const Member& member : members)
        if (member.name.text == name) return &member.value;
    return nullptr;
}

const Node& Node::nearest(std::string_view path) const {
    const std::size_t dot = path.find('.');
    const Node* next = member(path.substr(0, dot));
    if (next == nullptr) return *this;
    return dot == std::string_view::npos ? *next : next->nearest(path.substr(dot + 1));
}

std::string in_ticks(std::string_view text) {
    std::string shown(text.substr(0, kQuotedMax));
    // Not in the middle of a character.
    if (text.size() > kQuotedMax)
        while (!shown.empty() && (static_cast<unsigned char>(text[shown.size()]) & 0xC0U) == 0x80U)
            shown.pop_back();
    const bool cut = shown.size() < text.size();
    for (char& c : shown)
        if (is_control(c) || c == '\n' || c == '\t') c = ' ';
    return fmt::format("`{}{}`", shown, cut ? "…" : "");
}

std::string_view words_for(const Node& node) {
    switch (node.kind) {
        case Node::Kind::empty:
            return "nothing";
        case Node::Kind::plain:
        case Node::Kind::quoted:
            return "a single value";
        case Node::Kind::list:
            return "a list";
        case Node::Kind::map:
            return "a group of fields";
    }
    return "";
}

std::optional<Node> document_from(std::string_view text, Findings& findings) {
    if (text.size() > kBytesMax) {
        findings.add({}, {.code = "CF0107",
                          .what = fmt::format("the file is larger than {} bytes", kBytesMax)});
        return {};
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (!is_plain_text(text, findings)) return {};
    std::string bytes(text);
    View view(bytes);
    std::istream stream(&view);
    try {
        YAML::Parser parser(stream);
        Builder builder(bytes, findings);
        if (!parser.HandleNextDocument(builder)) return Node{};
        Builder second(bytes, findings);
        if (parser.HandleNextDocument(second)) {
            findings.add(second.take().value_or(Node{}).spot,
                         {.code = "CF0103",
                          .what = "the file has more than one document",
                          .fix = "leave out the line `---` between them, or use two files"});
        }
        return builder.take();
    } catch (const Unreadable&) {
        return {};
    } catch (const YAML::Exception& error) {
        add_syntax_error(error, findings);
        return {};
    }
}

Findings::Findings(std::string_view text, std::string file) : file_(std::move(file)) {
    if (text.size() > kBytesMax) return;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines_.emplace_back(line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
}

void Findings::add(Spot spot, Diagnostic diagnostic) {
    if (++count_ > kFindingsMax) return;
    found_.push_back({spot, std::move(diagnostic)});
}

void Findings::hide(const Node& node) {
    if (node.is_scalar() && !node.text.empty()) {
        hide_at(node.spot);
        hidden_.push_back(node.text);
    }
    for (const Node& item : node.items) hide(item);
    for (const Member& member : node.members) hide(member.value);
}

void Findings::hide_at(Spot spot) {
    std::size_t left = spot.length;
    std::size_t at = spot.column - 1;
    for (std::size_t line = spot.line - 1; line < lines_.size(); ++line) {
        std::string& text = lines_[line];
        const std::size_t end = end_of_scalar(text, at, left);
        for (std::size_t i = at; i < end; ++i) text[i] = '*';
        const std::size_t hidden = end - std::min(at, end) + 1;
        if (hidden >= left || end < text.size() || line + 1 == lines_.size()) return;
        // A text of several lines goes on, indented.
        left -= hidden;
        at = std::min(lines_[line + 1].find_first_not_of(' '), lines_[line + 1].size());
    }
}

Place Findings::place_of(Spot spot) const {
    Place place{.file = file_, .line = spot.line, .column = spot.column, .line_text = {}};
    if (spot.line > lines_.size() || lines_[spot.line - 1].size() > kLineShownMax) return place;
    place.line_text = lines_[spot.line - 1];
    const std::string_view line = place.line_text;
    const std::string_view before =
        line.substr(0, std::min<std::size_t>(spot.column - 1, line.size()));
    place.column = 1 + characters_in(before);
    place.length = characters_in(line.substr(before.size(), spot.length));
    // A tab would move what stands under it; other control characters would move more.
    for (std::size_t i = 0; i < place.line_text.size();) {
        const std::size_t length = sequence_length(std::string_view(place.line_text).substr(i));
        char& c = place.line_text[i];
        if (length == 0) c = '?';
        if (is_control(c) || c == '\t') c = ' ';
        i += std::max<std::size_t>(length, 1);
    }
    return place;
}

std::vector<Diagnostic> Findings::take() {
    std::stable_sort(found_.begin(), found_.end(), [](const Found& a, const Found& b) {
        return std::pair(a.spot.line, a.spot.column) < std::pair(b.spot.line, b.spot.column);
    });
    std::vector<Diagnostic> all;
    for (Found& found : found_) {
        for (const std::string& text : hidden_) {
            strike(found.diagnostic.what, in_ticks(text));
            strike(found.diagnostic.why, in_ticks(text));
            strike(found.diagnostic.fix, in_ticks(text));
        }
        found.diagnostic.place = place_of(found.spot);
        all.push_back(std::move(found.diagnostic));
    }
    found_.clear();
    if (count_ > kFindingsMax)
        all.push_back(
            {.code = "CF0107",
             .what = fmt::format("{} more findings are not shown", count_ - kFindingsMax)});
    return all;
}

std::string Findings::path() const {
    std::string out;
    for (const std::string& part : parts_) {
        if (!out.empty() && !part.starts_with('[')) out += '.';
        out += part;
    }
    return out;
}

std::string Findings::path_to(std::string_view name) const {
    const std::string here = path();
    return here.empty() ? std::string(name) : fmt::format("{}.{}", here, name);
}

}  // namespace base
