#pragma once
// The web page: an index that this instance's version wrote, and hashed files that it refers to.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace chat {

/// All files of an assets folder, in memory: a page is small.
class Page {
public:
    struct File {
        std::string content;
        std::string type;
        std::string caching;
    };

    /// `index.HASH.html`, and hashed files that stand below `/static/`; flat, so that the folder as
    /// it is can be published. An empty path gives a page without files.
    static base::Result<Page> load(const std::filesystem::path& folder);

    /// The file for a decoded path; the index for all that is no file's path, so that a link into
    /// the page works. Nothing below `/static/` that does not exist.
    const File* find(const std::string& path) const;

private:
    std::map<std::string, File> files_;
};

}  // namespace chat
