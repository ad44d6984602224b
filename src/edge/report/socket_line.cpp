#include "edge/report/socket_line.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>
#include <utility>

namespace edge {

SocketLine::SocketLine(const Served& handshake) {
    text_.append(handshake.type).append("\n");
    append_parties(text_, handshake);
    text_ += '\n';
    append_request(text_, handshake);
}

void SocketLine::append(std::string& out, base::Instant ended, std::uint16_t close_code) const {
    const std::string_view text = text_;
    const std::size_t first = text.find('\n');
    const std::size_t second = text.find('\n', first + 1);
    if (second == std::string_view::npos) return;
    const auto into = std::back_inserter(out);
    fmt::format_to(into, "{} {}{} {} {}{} {} \"", text.substr(0, first), base::to_text(ended),
                   text.substr(first + 1, second - first - 1), counts.received_bytes,
                   counts.sent_bytes, text.substr(second + 1), close_code);
    const std::array<std::pair<const char*, std::uint32_t>, 4> outcomes{
        {{"swapped", counts.swapped},
         {"recovered", counts.recovered},
         {"refused", counts.refused},
         {"failed", counts.failed}}};
    std::string_view before;
    for (const auto& [name, count] : outcomes) {
        if (count == 0) continue;
        fmt::format_to(into, "{}{}:{}", std::exchange(before, ","), name, count);
    }
    if (before.empty()) out += '-';
    out += "\"\n";
}

}  // namespace edge
