#pragma once
// Fetches what pages refer to, of the present page and of the one before it: a browser that was
// opened before a release still asks for the old files (P10).

#include "base/random.h"
#include "load/books.h"
#include "load/caller.h"
#include "load/schedule.h"

#include <functional>
#include <string>
#include <vector>

namespace load {

/// Used on the loop's thread.
class AssetReader {
public:
    /// With `fixed` paths, pages are not looked at. `found` is told the first of each new set.
    AssetReader(Caller& caller, Books& books, Tempo tempo, std::vector<std::string> fixed,
                std::function<void(const std::string&)> found);

    void pulse(base::Tick now);
    base::Tick next() const;
    std::size_t open() const { return open_; }

private:
    void look_at_page();
    void fetch(base::Tick intended);

    Caller& caller_;
    Books& books_;
    Schedule schedule_;
    Schedule pages_;
    base::Random random_{5};
    std::vector<std::string> paths_;
    std::vector<std::string> before_;
    bool fixed_;
    std::function<void(const std::string&)> found_;
    std::size_t open_ = 0;
    std::uint16_t page_endpoint_;
    std::uint16_t asset_endpoint_;
};

}  // namespace load
