#pragma once
// What every page gets: records, ticks and the present status, as texts made once for all of them.
// Where a page stands is a cursor, its `Last-Event-ID`; a page that was away goes on from there.
// Pure: no socket, no clock.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace console {

/// What has one present state, rather than a past: pages get it whole whenever it differs. In the
/// order in which they are sent: whoever shows the status has what it speaks of.
enum class Part : std::uint8_t { releases, objective, status };
inline constexpr std::size_t kParts = 3;
std::string_view name_of(Part part);

/// How much of everything a page has.
struct Cursor {
    std::uint64_t record = 0;  ///< The journal's index of the last record that it has.
    std::int64_t tick = 0;     ///< Milliseconds since 1970 of its last tick.
    /// The revision that it has of each part; not in the id: a page that comes anew gets the
    /// present ones.
    std::array<std::uint64_t, kParts> parts{};

    friend bool operator==(const Cursor&, const Cursor&) = default;
};

/// `123-1763900000000`
std::string to_text(const Cursor& cursor);
/// None for what is no id of ours.
std::optional<Cursor> cursor_from(std::string_view text);

/// Bounded in everything; used by one thread.
class Feed {
public:
    /// Older ones are for `GET journal` to give.
    static constexpr std::size_t kRecordsMax = 2000;
    static constexpr std::size_t kTicksMax = 3600;

    /// Records come in order, without gaps; `index` is the journal's.
    void add_record(std::uint64_t index, std::string json);
    void add_tick(std::int64_t millis, std::string json);
    /// News only where it differs from what is there.
    void set(Part part, std::string json);

    /// Up to date with everything.
    Cursor present() const;
    /// Appends the events that follow `cursor`, which moves along, until `out` has `bytes_max` or
    /// more; true when that was all. A cursor too far behind, or ahead, gets `reset` alone: its
    /// page asks for everything anew.
    bool follow(Cursor& cursor, std::string& out, std::size_t bytes_max) const;

    /// `null` before it was ever set.
    const std::string& json(Part part) const { return parts_[static_cast<std::size_t>(part)].json; }
    /// All ticks kept that are later than `after`, as a JSON array.
    std::string ticks_after(std::int64_t after) const;
    std::uint64_t head() const { return head_; }

private:
    struct Tick {
        std::int64_t millis;
        std::string json;
    };
    struct Document {
        std::string json = "null";
        std::uint64_t revision = 0;
    };
    void event(std::string& out, const Cursor& cursor, std::string_view name,
               std::string_view json) const;
    bool has_gap(const Cursor& cursor) const;

    std::deque<std::string> records_;  ///< The last of them is number `head_`.
    std::uint64_t head_ = 0;
    std::deque<Tick> ticks_;
    std::array<Document, kParts> parts_;
};

}  // namespace console
