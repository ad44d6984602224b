#include "edge/http/event_stream.h"

#include "net/fields.h"

#include <algorithm>
#include <utility>

namespace edge {

std::size_t EventStream::end_of_events(std::string_view bytes) {
    std::size_t end = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const char c = bytes[at];
        const bool second_half = c == '\n' && after_cr_;
        after_cr_ = c == '\r';
        if (second_half) {
            if (between_) end = at + 1;
            continue;
        }
        if (c == '\n' || c == '\r') {
            between_ = std::exchange(line_is_empty_, true);
            if (between_) end = at + 1;
            continue;
        }
        line_is_empty_ = between_ = false;
    }
    return end;
}

void EventStream::note_ids(std::string_view events) {
    while (!events.empty()) {
        const std::size_t end = std::min(events.find_first_of("\r\n"), events.size());
        const std::string_view line = events.substr(0, end);
        events.remove_prefix(std::min(end + 1, events.size()));
        if (!line.starts_with("id") || (line.size() > 2 && line[2] != ':')) continue;
        std::string_view id = line.substr(std::min<std::size_t>(line.size(), 3));
        if (id.starts_with(' ')) id.remove_prefix(1);
        if (id.find('\0') != std::string_view::npos) continue;
        last_id_ = id;
        has_id_ = !id.empty();
    }
}

std::string_view EventStream::take(std::string_view bytes) {
    const std::size_t end = end_of_events(bytes);
    if (end == 0) {
        held_ += bytes;
        if (!torn_ && held_.size() <= kEventMax) return {};
        torn_ = true;
        return rest();
    }
    out_ = std::exchange(held_, std::string(bytes.substr(end)));
    out_ += bytes.substr(0, end);
    if (torn_) has_id_ = false;  // it may have been in the part that is out
    torn_ = false;
    given_ = true;
    note_ids(out_);
    return out_;
}

std::string_view EventStream::rest() {
    out_ = std::exchange(held_, {});
    return out_;
}

void EventStream::forget_begun() {
    held_.clear();
    line_is_empty_ = true;
    after_cr_ = between_ = false;
}

std::string EventStream::request() const {
    if (!has_id_) return request_;
    std::string made;
    std::string_view left = request_;
    while (!left.empty()) {
        const std::string_view line = left.substr(0, std::min(left.find('\n') + 1, left.size()));
        left.remove_prefix(line.empty() ? left.size() : line.size());
        if (line == "\r\n") made.append("Last-Event-ID: ").append(last_id_).append("\r\n");
        const std::string_view name = line.substr(0, std::min(line.find(':'), line.size()));
        if (!net::same_ignoring_case(name, "last-event-id")) made += line;
    }
    return made;
}

}  // namespace edge
