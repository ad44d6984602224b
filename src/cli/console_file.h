#pragma once
// What `up` settles for the console that the agent keeps, and where that one listens: two files in
// the state folder.

#include "base/result.h"
#include "cli/site.h"
#include "console/admission.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cli {

struct ConsoleFile {
    bool serve = true;
    std::string listen =
        {};  ///< Empty: a free port of loopback, the same as last time if it can be.
    std::vector<std::string> hosts = {};
    console::View view = console::View::anyone;
    std::filesystem::path spec = {};  ///< For what it does in a person's name.
};

/// Where a console's files are, tokens among them.
std::filesystem::path console_folder(const local::Folder& folder);
/// Makes it, for its owner alone.
base::Result<void> make_console_folder(const local::Folder& folder);

std::string to_text(const ConsoleFile& file);
/// Without a file the usual.
base::Result<ConsoleFile> read_console_file(const local::Folder& folder);
base::Result<void> write_console_file(const local::Folder& folder, const ConsoleFile& file);

/// Where a console listens.
struct ConsoleAddress {
    std::string listen;
    int pid = 0;
    base::Digest settled;  ///< Of the file that it goes by.

    std::string url() const { return "http://" + listen + "/"; }
};

base::Result<ConsoleAddress> read_console_address(const local::Folder& folder);
base::Result<void> write_console_address(const local::Folder& folder,
                                         const ConsoleAddress& address);
/// Waits until the kept console goes by `file` and listens; none where it did not come to that
/// before `deadline`, or does not serve.
std::optional<ConsoleAddress> console_address(const local::Folder& folder, const ConsoleFile& file,
                                              base::Clock& clock, base::Deadline deadline);

}  // namespace cli
