#include "chat/page.h"

#include <system_error>

#include "base/file.h"
#include "chat/files.h"

namespace chat {
namespace {
constexpr base::Bytes kFileMax{8 * 1024 * 1024};
}

base::Result<Page> Page::load(const std::filesystem::path& folder) {
    Page page;
    if (folder.empty()) return page;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (!entry.is_regular_file()) continue;
        auto content = base::read_file(entry.path(), kFileMax);
        if (!content) return base::fail(content);
        const std::string name = entry.path().filename();
        if (name.starts_with("index.") && name.ends_with(".html")) {
            // Another version may be served next time.
            page.files_["/"] = {*std::move(content), "text/html; charset=utf-8", "no-cache"};
        } else {
            page.files_["/static/" + name] = {*std::move(content), mime_type_of(name),
                                              "public, max-age=31556926, immutable"};
        }
    }
    if (!page.files_.contains("/")) {
        return base::fail(base::Failure::not_found,
                          {.code = "CF0804",
                           .what = "there is no index.*.html in " + folder.string(),
                           .fix = "make the folder with examples/chat/package"});
    }
    return page;
}

const Page::File* Page::find(const std::string& path) const {
    auto found = files_.find(path);
    if (found == files_.end() && !path.starts_with("/static/")) found = files_.find("/");
    return found == files_.end() ? nullptr : &found->second;
}

}  // namespace chat
