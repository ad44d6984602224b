#pragma once
// Files read with a bound and written so that a crash leaves the old one or the new one.

#include "base/result.h"
#include "base/units.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace base {

/// Owns a file descriptor. Move-only; closes on destruction.
class Fd {
public:
    Fd() = default;
    explicit Fd(int number) : number_(number) {}
    ~Fd() { reset(); }
    Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) {
            reset();
            number_ = std::exchange(other.number_, -1);
        }
        return *this;
    }

    int number() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    int release() { return std::exchange(number_, -1); }
    void reset();

private:
    int number_ = -1;
};

/// What the system refused, with the path and the errno's words. `not_found` for ENOENT and
/// ENOTDIR, `unavailable` for a full disk and other passing states, else `rejected`.
Error system_error(std::string_view what, const std::filesystem::path& path, int error_number);

inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

/// The whole file, or `rejected` when it is larger than `limit`.
Result<std::string> read_file(const std::filesystem::path& path, Bytes limit);

/// Writes beside, syncs, renames over, syncs the folder: readers see the old or the new file
/// whole, also after a power cut. The mode is 0600 unless said otherwise.
Result<void> write_file(const std::filesystem::path& path, std::string_view content,
                        unsigned mode = 0600);

}  // namespace base
