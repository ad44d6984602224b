#include "console/streams.h"

#include <string>
#include <utility>
#include <vector>

namespace console {
namespace {

// What is handed to the socket at once; the rest follows when it has been read.
constexpr std::size_t kPiece = 64 * 1024;

}  // namespace

void Streams::open(const net::ExchangePtr& exchange, Cursor cursor, base::Instant until,
                   net::FieldList fields) {
    if (streams_.size() >= kMax) {
        fields.add("Retry-After", "10");
        exchange->answer({.status = 503, .fields = std::move(fields), .body = {}});
        return;
    }
    auto stream = std::make_shared<Stream>(Stream{exchange, cursor, until, false});
    streams_.insert(stream);
    exchange->on_gone([this, weak = std::weak_ptr(stream)] {
        if (const auto gone = weak.lock()) streams_.erase(gone);
    });
    exchange->on_drained([this, weak = std::weak_ptr(stream)] {
        const auto drained = weak.lock();
        if (!drained) return;
        drained->is_behind = false;
        pump(*drained);
    });
    fields.set("Content-Type", "text/event-stream; charset=utf-8");
    fields.set("Cache-Control", "no-store");
    fields.set("X-Accel-Buffering", "no");
    exchange->begin(200, std::move(fields));
    // How long a page waits before it comes back.
    exchange->write("retry: 1000\n\n");
    pump(*stream);
}

void Streams::pump(Stream& stream) {
    bool is_all = false;
    while (!is_all && !stream.is_behind) {
        std::string out;
        is_all = feed_.follow(stream.cursor, out, kPiece);
        if (!out.empty()) stream.is_behind = !stream.exchange->write(out);
    }
}

void Streams::pump(base::Instant now) {
    // A page may go while it is written to.
    const std::vector<std::shared_ptr<Stream>> present(streams_.begin(), streams_.end());
    for (const auto& stream : present) {
        if (now < stream->until) {
            pump(*stream);
        } else if (streams_.erase(stream) > 0) {
            stream->exchange->end();
        }
    }
}

void Streams::close() {
    const auto all = std::exchange(streams_, {});
    for (const auto& stream : all) stream->exchange->end();
}

}  // namespace console
