#pragma once
// Files sent at the pace of a sender's line, so that some are under way whenever a release moves
// traffic, and fetched again to see that not a byte differs.

#include "base/digest.h"
#include "base/random.h"
#include "load/books.h"
#include "load/caller.h"
#include "load/profile.h"
#include "net/loop.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace load {

/// Sizes of all files of a run, whose sum is its upload volume; the two largest that fit come a
/// third and two thirds into it, so that they meet what happens there.
std::vector<std::uint64_t> file_sizes(const Profile& profile, std::uint64_t seed);

struct File {
    std::uint64_t bytes = 0;
    std::string channel;  ///< id of the channel it is sent to
    std::string token;    ///< of the sender
    base::Tick intended;
    bool compare = false;  ///< fetch it again
};

/// Used on the loop's thread.
class Transfers {
public:
    /// `bytes_a_second` is each sender's own line.
    Transfers(net::Loop& loop, Target target, Books& books, std::uint64_t bytes_a_second);
    ~Transfers();
    Transfers(const Transfers&) = delete;
    Transfers& operator=(const Transfers&) = delete;

    void send(const File& file);
    std::size_t open() const { return uploads_.size() + downloads_.size(); }
    /// Stops what is under way: it was cut by us, and counts as unfinished.
    void abandon();

private:
    struct Upload;
    struct Download;
    void pace(Upload& upload);
    bool write_some(Upload& upload, std::uint64_t budget);
    void uploaded(Upload& upload, const net::Ending& ending);
    void fetch(const Upload& upload, std::string id);
    void downloaded(Download& download, const net::Ending& ending);
    void account(std::uint16_t endpoint, const net::Ending& ending, base::Tick intended,
                 std::string_view version, Ended ended);

    net::Loop& loop_;
    Target target_;
    Books& books_;
    std::uint64_t bytes_a_second_;
    std::uint16_t post_files_;
    std::uint16_t get_file_;
    std::string block_;  ///< what all files are cut from
    std::uint64_t sent_files_ = 0;
    std::vector<std::unique_ptr<Upload>> uploads_;
    std::vector<std::unique_ptr<Download>> downloads_;
};

}  // namespace load
