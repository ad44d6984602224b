#pragma once
// Open pages: each follows the feed at the pace that its connection bears.

#include "base/clock.h"
#include "console/feed.h"
#include "net/server.h"

#include <cstddef>
#include <memory>
#include <set>

namespace console {

/// Used on the loop's thread.
class Streams {
public:
    /// A browser keeps six connections to a host; this is for a whole company's browsers.
    static constexpr std::size_t kMax = 500;

    explicit Streams(const Feed& feed) : feed_(feed) {}

    /// Begins an event stream behind `cursor` that ends at `until`, or answers 503.
    void open(const net::ExchangePtr& exchange, Cursor cursor, base::Instant until,
              net::FieldList fields);
    /// Gives every page what is new, except to those that have not read what they got.
    void pump(base::Instant now);
    /// Ends all, so that pages come back to whoever serves next.
    void close();
    std::size_t count() const { return streams_.size(); }

private:
    struct Stream {
        net::ExchangePtr exchange;
        Cursor cursor;
        base::Instant until;
        bool is_behind = false;  ///< Nothing is written until it has read.
    };
    void pump(Stream& stream);

    const Feed& feed_;
    std::set<std::shared_ptr<Stream>> streams_;
};

}  // namespace console
