#pragma once
// A document that a person wrote, as nodes with their places: the YAML of specs, read strictly.
// `form.h` makes typed values of them; only document.cpp sees yaml-cpp.
//
// What YAML leaves open is refused: duplicate keys, tags, several documents, tabs as indentation.
// Bounds: 1 MiB, 32 levels, 20,000 nodes after aliases are followed.

#include "base/diagnostic.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// Where a node stands in its document; counts from 1, columns and length in bytes.
struct Spot {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    std::uint32_t length = 1;
};

struct Member;

/// A value. A copy of what an alias refers to keeps the places of the original.
struct Node {
    enum class Kind { empty, plain, quoted, list, map };

    Kind kind = Kind::empty;
    Spot spot;
    std::string text;             ///< Of a plain or quoted scalar.
    std::vector<Node> items;      ///< Of a list.
    std::vector<Member> members;  ///< Of a map, in the order of the document.

    bool is_scalar() const { return kind == Kind::plain || kind == Kind::quoted; }
    /// The value under `name`; null in what is no map or has no such member.
    const Node* member(std::string_view name) const;
    /// The value at a path of members, `service.health`; the nearest node above it that exists.
    const Node& nearest(std::string_view path) const;
};

struct Member {
    Node name;
    Node value;
};

/// A list, a map, a text …: what a node is, for messages.
std::string_view words_for(const Node& node);

// More would flood a terminal; a value that long is shown with its line anyway.
inline constexpr std::size_t kQuotedMax = 64;

/// How messages quote a value: its beginning, in one line.
std::string in_ticks(std::string_view text);

/// Collects everything that is wrong with one document.
class Findings {
public:
    Findings(std::string_view text, std::string file);

    /// Adds a finding at `spot`; its place is filled in. From the 100th on only counts.
    void add(Spot spot, Diagnostic diagnostic);

    /// What stands in `node` is shown to nobody (P11): neither in the line under a finding nor
    /// quoted in its words, whether that was added before or comes later.
    void hide(const Node& node);

    std::size_t count() const { return count_; }
    /// All findings in the order of the document.
    std::vector<Diagnostic> take();

    /// The path of what is being decoded, `routes[2].path`; for messages.
    std::string path() const;
    /// The same, one step further down.
    std::string path_to(std::string_view name) const;

    /// Names what is decoded next, for as long as it lives.
    class Under {
    public:
        Under(Findings& findings, std::string part) : findings_(findings) {
            findings_.parts_.push_back(std::move(part));
        }
        ~Under() { findings_.parts_.pop_back(); }
        Under(const Under&) = delete;
        Under& operator=(const Under&) = delete;

    private:
        Findings& findings_;
    };

private:
    struct Found {
        Spot spot;
        Diagnostic diagnostic;
    };

    void hide_at(Spot spot);
    Place place_of(Spot spot) const;

    std::string file_;
    std::vector<std::string> lines_;  ///< With stars where something is hidden.
    std::vector<std::string> hidden_;
    std::vector<std::string> parts_;
    std::vector<Found> found_;
    std::size_t count_ = 0;
};

/// The root of the only document in `text`, or nothing when it cannot be read at all. Findings
/// may be added in either case (a duplicate key does not hide what else is wrong).
std::optional<Node> document_from(std::string_view text, Findings& findings);

}  // namespace base
