#include "console/feed.h"

#include "base/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace console {
namespace {

template <typename Number>
bool read_number(std::string_view text, Number& into) {
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, into);
    return read.ec == std::errc() && read.ptr == end && !text.empty() && text.front() != '-';
}

}  // namespace

std::string_view name_of(Part part) {
    switch (part) {
        case Part::releases:
            return "releases";
        case Part::objective:
            return "objective";
        case Part::status:
            return "status";
    }
    return "";
}

std::string to_text(const Cursor& cursor) {
    return fmt::format("{}-{}", cursor.record, cursor.tick);
}

std::optional<Cursor> cursor_from(std::string_view text) {
    const std::size_t dash = text.find('-');
    Cursor cursor;
    if (dash == std::string_view::npos || !read_number(text.substr(0, dash), cursor.record) ||
        !read_number(text.substr(dash + 1), cursor.tick))
        return std::nullopt;
    return cursor;
}

void Feed::add_record(std::uint64_t index, std::string json) {
    CHECK(records_.empty() || index == head_ + 1);
    head_ = index;
    records_.push_back(std::move(json));
    if (records_.size() > kRecordsMax) records_.pop_front();
}

void Feed::add_tick(std::int64_t millis, std::string json) {
    // A clock that was set back gives no second tick of the same name.
    if (!ticks_.empty() && millis <= ticks_.back().millis) return;
    ticks_.push_back({millis, std::move(json)});
    if (ticks_.size() > kTicksMax) ticks_.pop_front();
}

void Feed::set(Part part, std::string json) {
    Document& document = parts_[static_cast<std::size_t>(part)];
    if (json != document.json) document = {std::move(json), document.revision + 1};
}

Cursor Feed::present() const {
    Cursor cursor{.record = head_, .tick = ticks_.empty() ? 0 : ticks_.back().millis, .parts = {}};
    for (std::size_t i = 0; i < kParts; ++i) cursor.parts[i] = parts_[i].revision;
    return cursor;
}

void Feed::event(std::string& out, const Cursor& cursor, std::string_view name,
                 std::string_view json) const {
    fmt::format_to(std::back_inserter(out), "id: {}-{}\nevent: {}\ndata: {}\n\n", cursor.record,
                   cursor.tick, name, json);
}

bool Feed::has_gap(const Cursor& cursor) const {
    return cursor.record > head_ || head_ - cursor.record > records_.size();
}

bool Feed::follow(Cursor& cursor, std::string& out, std::size_t bytes_max) const {
    if (has_gap(cursor)) {
        cursor = present();
        event(out, cursor, "reset", "{}");
        return true;
    }
    while (cursor.record < head_) {
        if (out.size() >= bytes_max) return false;
        const std::string& json = records_[records_.size() - (head_ - cursor.record)];
        ++cursor.record;
        event(out, cursor, "journal", json);
    }
    auto tick =
        std::upper_bound(ticks_.begin(), ticks_.end(), cursor.tick,
                         [](std::int64_t at, const Tick& each) { return at < each.millis; });
    for (; tick != ticks_.end(); ++tick) {
        if (out.size() >= bytes_max) return false;
        cursor.tick = tick->millis;
        event(out, cursor, "tick", tick->json);
    }
    for (std::size_t i = 0; i < kParts; ++i) {
        if (cursor.parts[i] == parts_[i].revision) continue;
        cursor.parts[i] = parts_[i].revision;
        event(out, cursor, name_of(static_cast<Part>(i)), parts_[i].json);
    }
    return true;
}

std::string Feed::ticks_after(std::int64_t after) const {
    std::string out = "[";
    for (const Tick& tick : ticks_) {
        if (tick.millis <= after) continue;
        if (out.size() > 1) out += ',';
        out += tick.json;
    }
    return out + ']';
}

}  // namespace console
