#pragma once
// What a target was given of a request's body, beyond what memory holds of it: an unnamed file, so
// that nothing is left behind whatever ends the edge.

#include "base/file.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace edge {

/// One request's; one thread's. Reads and writes block for as long as the page cache does.
class Spool {
public:
    /// All requests' spools: the folder, and how much they may hold together.
    struct Room {
        std::string folder;
        std::atomic<std::uint64_t> bytes_max{0};
        std::atomic<std::uint64_t> bytes{0};
    };

    /// Nothing where no file can be made there.
    static std::unique_ptr<Spool> open(Room& room);
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    std::uint64_t size() const { return size_; }
    /// All of it or, where there is no more room, false: the spool is of no more use then.
    bool append(std::string_view bytes);
    /// What stands from `at` on, as much as fits; empty at the end, and where it cannot be read.
    std::string_view read(std::uint64_t at, std::span<char> into) const;

private:
    Spool(Room& room, base::Fd file);

    Room& room_;
    base::Fd file_;
    std::uint64_t size_ = 0;
    std::uint64_t taken_ = 0;  ///< Of the room.
};

}  // namespace edge
