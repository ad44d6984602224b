#pragma once
// HTTP calls to the world outside, by libcurl.

#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace local {

struct Fetched {
    long status = 0;
    std::string body;  ///< At most the asked number of bytes, its end where there were more.
};

/// Downloads `url` into a new file. Follows redirects. `not_found` on 404 and 410.
base::Result<void> fetch_to_file(const std::string& url, const std::filesystem::path& file,
                                 base::Clock& clock, base::Deadline deadline);

struct Post {
    std::string body;                       ///< JSON.
    std::vector<std::string> headers = {};  ///< `Name: value`, besides the content's type.
};

/// Posts JSON and gives whatever the other side answered. `unavailable` when it could not be
/// reached, `unknown` when it was and did not answer in time.
base::Result<Fetched> post_json(const std::string& url, const Post& post, std::size_t answer_max,
                                base::Clock& clock, base::Deadline deadline);

struct Get {
    std::string url;
    std::vector<std::string> headers = {};  ///< `Name: value`.
    std::size_t answer_max = 64 * 1024;
};

/// What `url` answers, whatever the status. Follows no redirect, so that headers go where they were
/// meant for. Gives up at `deadline`, once `stop` is requested, and with an answer that is longer
/// than asked for. All are `unavailable`, and the error names no part of the address (P11).
base::Result<Fetched> fetch_text(const Get& get, base::Clock& clock, base::Deadline deadline,
                                 const std::stop_token& stop = {});

/// Fetches several files over kept connections.
class Fetcher {
public:
    explicit Fetcher(base::Clock& clock);
    ~Fetcher();
    Fetcher(const Fetcher&) = delete;
    Fetcher& operator=(const Fetcher&) = delete;

    /// The digest of what a user would get for `url`; `unavailable` for any status but 200.
    base::Result<base::Digest> digest_of(const std::string& url, base::Deadline deadline);

private:
    base::Clock& clock_;
    void* handle_;
};

/// Percent-encoded, `/` apart.
std::string escaped(const std::string& path);

/// Without user, password and query: what may be shown (P11).
std::string shown(const std::string& url);

}  // namespace local
