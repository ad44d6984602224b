#pragma once
// What a client has said and its target cannot have taken in: the message under way, and what the
// kernel has not got yet. If the target dies, another is told it from the message's beginning on.
//
// A message that the kernel took whole may have been acted on, so it is never told twice.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace edge {

class Tape {
public:
    /// A larger message under way is not kept: its target's death is the socket's.
    static constexpr std::size_t kBytesMax = 256 * 1024;

    /// The next byte is the `position`th that its outlet is given.
    void begin(std::uint64_t position);
    /// As `begin`, within a message whose beginning is not known: not whole before its end.
    void begin_within(std::uint64_t position) {
        begin(position);
        whole_ = false;
    }
    /// `bytes` were given to the outlet, which has handed `handed` in all to the kernel. `boundary`
    /// is where in `bytes` the last message in it ends, if one does.
    void relayed(std::string_view bytes, std::optional<std::size_t> boundary, std::uint64_t handed);
    /// Forgets messages that have been handed on whole.
    void trim(std::uint64_t handed);

    /// False while a message is under way that was too large to keep.
    bool whole() const { return whole_; }
    std::string take();
    std::size_t bytes() const { return bytes_.size(); }

private:
    std::string bytes_;
    std::uint64_t begins_ = 0;   ///< Position of the first byte kept.
    std::uint64_t relayed_ = 0;  ///< Position behind the last byte relayed.
    bool whole_ = true;
};

}  // namespace edge
