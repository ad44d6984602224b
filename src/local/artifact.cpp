#include "local/artifact.h"

#include "base/file.h"
#include "local/command.h"
#include "local/fetch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace local {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kStaged = ".staged-";

bool ends_with_one_of(const std::string& name, std::initializer_list<std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return name.ends_with(ending); });
}

bool is_archive(const std::string& name) {
    return ends_with_one_of(name, {".tar", ".tar.gz", ".tgz", ".tar.zst"});
}

bool is_url(const std::string& source) {
    return source.starts_with("http://") || source.starts_with("https://");
}

base::Error copy_error(const fs::path& from, const std::error_code& error) {
    return base::system_error("cannot copy", from, error.value());
}

/// A folder that is removed unless it got its final name.
struct Staging {
    explicit Staging(const fs::path& root) {
        static std::atomic<unsigned> counter{0};
        path = root / fmt::format("{}{}-{}", kStaged, getpid(), counter++);
        std::error_code error;
        fs::create_directories(path / "content", error);
        made = error;
    }
    ~Staging() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;

    fs::path content() const { return path / "content"; }

    fs::path path;
    std::error_code made;
};

base::Result<void> same_digest(const fs::path& path, const std::string& source,
                               const base::Digest& wanted) {
    const auto found = base::digest_of(path);
    if (!found) return base::fail(found);
    if (*found == wanted) return {};
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0413",
         .what = fmt::format("the artifact {} is not the one of this release", shown(source)),
         .why = fmt::format("its digest is {}, the release was planned with {}", found->brief(),
                            wanted.brief()),
         .fix = "plan the release again, or put the artifact back"});
}

base::Result<void> unpack(const fs::path& archive, const fs::path& into, const std::string& source,
                          base::Clock& clock, base::Deadline deadline) {
    Launch launch{.command = {"tar", "--extract", "--no-same-owner", "--file", archive.string(),
                              "--directory", into.string()},
                  .environment = minimal_environment(),
                  .working_folder = into};
    launch.environment["LC_ALL"] = "C";
    constexpr std::size_t kOutputMax = 4096;
    const auto finished = run_command(launch, kOutputMax, clock, deadline);
    if (!finished) return base::fail(finished);
    if (finished->timed_out) {
        return base::fail(
            base::Failure::unavailable,
            {.code = "CF0414", .what = fmt::format("unpacking {} took too long", shown(source))});
    }
    if (finished->exit.code == 0) return {};
    const bool is_full = finished->output.find("No space left") != std::string::npos;
    return base::fail(
        is_full ? base::Failure::unavailable : base::Failure::rejected,
        {.code = is_full ? "CF0416" : "CF0415",
         .what = fmt::format("{} cannot be unpacked", shown(source)),
         .why = fmt::format("tar: {}: {}", finished->exit.text(),
                            finished->output.substr(0, finished->output.find('\n'))),
         .fix = is_full ? "free some space on this disk, then repeat the command" : ""});
}

/// A rename must not reach the disk before what it names.
base::Result<void> synced(const fs::path& root) {
    std::error_code error;
    for (fs::recursive_directory_iterator at(root, error), end; !error && at != end;
         at.increment(error)) {
        if (!at->is_regular_file() || at->is_symlink()) continue;
        const base::Fd file(open(at->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (file && fsync(file.number()) != 0) {
            return base::fail(base::system_error("cannot sync", at->path(), errno));
        }
    }
    return {};
}

base::Result<void> copy_folder(const fs::path& from, const fs::path& into) {
    std::error_code error;
    fs::copy(from, into, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
    if (error) return base::fail(copy_error(from, error));
    return {};
}

}  // namespace

fs::path Artifacts::folder_of(const base::Digest& digest) const {
    return root_ / digest.hex();
}

base::Result<void> Artifacts::prepare(const std::string& source, const base::Digest& digest,
                                      base::Clock& clock, base::Deadline deadline) const {
    std::error_code error;
    if (fs::is_directory(folder_of(digest), error)) return {};
    if (!is_url(source) && !fs::exists(source, error)) {
        return base::fail(base::Failure::not_found,
                          {.code = "CF0417",
                           .what = fmt::format("the artifact {} does not exist", source),
                           .fix = "build it, or correct `artifact` in the spec"});
    }
    const Staging staging(root_);
    if (staging.made) {
        return base::fail(
            base::system_error("cannot make folder", staging.path, staging.made.value()));
    }
    if (!is_url(source) && fs::is_directory(source, error)) {
        if (auto copied = copy_folder(source, staging.content()); !copied) return copied;
        if (auto same = same_digest(staging.content(), source, digest); !same) return same;
    } else {
        const std::string name = fs::path(is_url(source) ? shown(source) : source).filename();
        const fs::path file =
            (is_archive(name) ? staging.path : staging.content()) / (name.empty() ? "file" : name);
        if (is_url(source)) {
            if (auto got = fetch_to_file(source, file, clock, deadline); !got) return got;
        } else {
            fs::copy_file(source, file, error);
            if (error) return base::fail(copy_error(source, error));
        }
        if (auto same = same_digest(file, source, digest); !same) return same;
        if (is_archive(name)) {
            auto unpacked = unpack(file, staging.content(), source, clock, deadline);
            if (!unpacked) return unpacked;
        }
    }
    if (auto safe = synced(staging.content()); !safe) return safe;
    fs::rename(staging.content(), folder_of(digest), error);
    // Another process may have been first; what it made is the same, or it had no such name.
    if (error && !fs::is_directory(folder_of(digest))) {
        return base::fail(base::system_error("cannot name", folder_of(digest), error.value()));
    }
    return {};
}

base::Result<void> Artifacts::retain(const std::set<base::Digest>& kept) const {
    std::set<std::string> names;
    for (const base::Digest& digest : kept) names.insert(digest.hex());
    std::error_code error;
    std::vector<fs::path> gone;
    for (const auto& entry : fs::directory_iterator(root_, error)) {
        const std::string name = entry.path().filename();
        if (name.starts_with(kStaged)) {
            const pid_t maker = std::atoi(name.c_str() + kStaged.size());
            if (maker > 0 && kill(maker, 0) != 0 && errno == ESRCH) gone.push_back(entry.path());
        } else if (!names.contains(name)) {
            // First out of sight, so that a death in between leaves no half of an artifact.
            const fs::path hidden = root_ / fmt::format("{}{}-gone-{}", kStaged, getpid(), name);
            fs::rename(entry.path(), hidden, error);
            if (!error) gone.push_back(hidden);
        }
    }
    for (const fs::path& path : gone) fs::remove_all(path, error);
    if (error) return base::fail(base::system_error("cannot tidy up", root_, error.value()));
    return {};
}

}  // namespace local
