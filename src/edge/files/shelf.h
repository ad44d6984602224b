#pragma once
// Files that are asked for often stay open, and small ones at hand: one worker's, never shared.

#include "base/clock.h"
#include "base/file.h"
#include "edge/files/asset.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace edge {

/// A regular file, opened beneath its directory.
struct OpenFile {
    base::Fd descriptor;
    std::string name;           ///< Below the directory, without `.br` or `.gz`.
    std::string_view encoding;  ///< `br`, `gzip` or empty.
    std::uint64_t bytes = 0;
    std::int64_t changed_nanos = 0;
    std::string content;  ///< All of a small file, to leave together with its head.
};

struct OpenedFile {
    FileAnswer answer;
    std::shared_ptr<const OpenFile> file;  ///< None where there is no such file.
};

/// The whole body where it is one piece and in memory; else empty: a FileBody sends it.
std::string_view body_at_hand(const OpenedFile& opened);

/// What lies here is looked at anew when it is older than `kFresh`, so that a file that was
/// replaced is seen within that time; a name that has no file is looked for each time.
class Shelf {
public:
    static constexpr std::chrono::milliseconds kFresh{1'000};
    static constexpr std::size_t kFilesMax = 256;
    static constexpr std::size_t kSmall = 16 * 1024;

    /// Opens what the request asks for, beneath the directory and nowhere else, symbolic links
    /// included. 404 and the like are answers.
    OpenedFile open(const Assets& assets, const FileAsked& asked, base::Tick now);

    std::size_t files() const { return files_.size(); }

private:
    struct Place {
        std::shared_ptr<const OpenFile> file;
        base::Tick looked;
        base::Tick used;
    };

    std::shared_ptr<const OpenFile> file_for(const Assets& assets, const FileAsked& asked,
                                             base::Tick now);
    void put(std::shared_ptr<const OpenFile> file, base::Tick now);

    std::unordered_map<std::string, Place> files_;
    std::string key_;  ///< Of the present request; keeps its memory.
};

}  // namespace edge
