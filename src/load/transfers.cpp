#include "load/transfers.h"

#include "load/chat_text.h"
#include "net/http1_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace load {
namespace {

constexpr std::size_t kBlockBytes = 1024 * 1024;
constexpr std::chrono::milliseconds kPace{20};
constexpr std::string_view kBoundary = "crossfade-load-2b1f8c";

std::uint64_t drawn_size(const SizeMix& mix, base::Random& random) {
    // Box and Muller: two uniform numbers make a normal one.
    const double radius = std::sqrt(-2.0 * std::log(1.0 - random.unit()));
    const double normal = radius * std::cos(2.0 * std::numbers::pi * random.unit());
    const double size = static_cast<double>(mix.median.count) * std::exp(mix.sigma * normal);
    return static_cast<std::uint64_t>(
        std::clamp(size, 1.0, static_cast<double>(mix.largest.count)));
}

template <typename T>
void let_go(std::vector<std::unique_ptr<T>>& all, const T* one, net::Loop& loop) {
    const auto at =
        std::find_if(all.begin(), all.end(), [one](const auto& each) { return each.get() == one; });
    if (at == all.end()) return;
    // Its connection is on the stack; so may its timer be.
    loop.defer([kept = std::shared_ptr<T>(std::move(*at)), &loop] {
        loop.dispose(std::move(kept->connection));
    });
    all.erase(at);
}

}  // namespace

std::vector<std::uint64_t> file_sizes(const Profile& profile, std::uint64_t seed) {
    base::Random random(seed);
    std::vector<std::uint64_t> sizes;
    std::uint64_t left = profile.upload_volume.count;
    // No single file is more than a tenth of the volume, else a short run would be one upload.
    const std::uint64_t large = std::min(profile.sizes.largest.count, left / 10);
    for (int i = 0; i < 2 && large > 0; ++i) left -= large;
    while (left > 0) {
        const std::uint64_t size =
            std::min({drawn_size(profile.sizes, random), left, std::max<std::uint64_t>(large, 1)});
        sizes.push_back(size);
        left -= size;
    }
    if (large > 0) {
        const auto third = static_cast<std::ptrdiff_t>(sizes.size() / 3);
        sizes.insert(sizes.begin() + 2 * third, large);
        sizes.insert(sizes.begin() + third, large);
    }
    return sizes;
}

struct Transfers::Upload {
    File file;
    std::uint64_t offset = 0;  ///< into the block
    std::uint64_t sent = 0;    ///< of the file's bytes
    bool blocked = false;
    bool complete = false;
    base::Tick begun;
    base::Sha256 sha;
    std::string digest;
    std::string front;
    std::string back;
    std::string answer;
    std::string version;
    std::unique_ptr<net::ClientConnection> connection;
    std::unique_ptr<net::Timer> timer;
};

struct Transfers::Download {
    std::string digest;  ///< wanted
    base::Sha256 sha;
    std::string version;
    base::Tick begun;
    std::unique_ptr<net::ClientConnection> connection;
};

Transfers::Transfers(net::Loop& loop, Target target, Books& books, std::uint64_t bytes_a_second)
    : loop_(loop),
      target_(std::move(target)),
      books_(books),
      bytes_a_second_(std::max<std::uint64_t>(bytes_a_second, 1024)),
      post_files_(books.ledger.add_endpoint("POST /files", Kind::transfer)),
      get_file_(books.ledger.add_endpoint("GET /files/{id}", Kind::transfer)),
      block_(kBlockBytes, '\0') {
    base::Random random(20);
    for (char& byte : block_) byte = static_cast<char>(random.next());
}

Transfers::~Transfers() {
    abandon();
}

void Transfers::abandon() {
    books_.uploads.unfinished += uploads_.size();
    for (const auto& upload : std::exchange(uploads_, {})) upload->connection->abandon();
    for (const auto& download : std::exchange(downloads_, {})) download->connection->abandon();
}

void Transfers::send(const File& file) {
    uploads_.push_back(std::make_unique<Upload>());
    Upload& upload = *uploads_.back();
    upload.file = file;
    upload.offset = (sent_files_++ * 7919) % kBlockBytes;  // a prime: files differ
    upload.begun = loop_.clock().tick();
    upload.front = fmt::format(
        "--{0}\r\nContent-Disposition: form-data; name=\"channel_id\"\r\n\r\n{1}\r\n"
        "--{0}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"load-{2}.bin\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n",
        kBoundary, file.channel, sent_files_);
    upload.back = fmt::format("\r\n--{}--\r\n", kBoundary);

    Want want{
        .method = net::Method::post, .target = "/api/v4/files", .token = file.token, .fresh = true};
    std::string head = request_head(want, target_.host);
    net::append_field(head, "Content-Type",
                      fmt::format("multipart/form-data; boundary={}", kBoundary));
    net::append_field(head, "Content-Length",
                      upload.front.size() + file.bytes + upload.back.size());
    net::append_head_end(head);

    Upload* const raw = &upload;
    net::ExchangeEvents events;
    events.on_head = [raw](const net::ResponseHead& answer) {
        if (!answer.interim)
            raw->version = std::string(answer.fields.find("X-Version-Id").value_or(""));
    };
    events.on_body = [raw](std::string_view bytes) {
        if (raw->answer.size() < 64 * 1024) raw->answer += bytes;
    };
    events.on_writable = [this, raw] {
        raw->blocked = false;
        pace(*raw);
    };
    events.on_end = [this, raw](const net::Ending& ending) { uploaded(*raw, ending); };
    const std::chrono::seconds at_pace{file.bytes / bytes_a_second_};
    upload.connection = std::make_unique<net::ClientConnection>(loop_, target_.address);
    upload.timer = std::make_unique<net::Timer>(loop_, [this, raw] { pace(*raw); });
    upload.connection->send_streamed(net::Method::post, head, false, std::move(events),
                                     at_pace * 3 + std::chrono::seconds{60});
    upload.connection->write(upload.front);
    pace(upload);
}

bool Transfers::write_some(Upload& upload, std::uint64_t budget) {
    const std::uint64_t at = (upload.offset + upload.sent) % kBlockBytes;
    const std::uint64_t size =
        std::min({budget, upload.file.bytes - upload.sent, kBlockBytes - at, std::uint64_t{65536}});
    const std::string_view bytes = std::string_view(block_).substr(at, size);
    upload.sha.add(bytes);
    upload.sent += size;
    books_.ledger.uploaded(loop_.now(), size);
    return upload.connection->write(bytes);
}

void Transfers::pace(Upload& upload) {
    if (upload.complete || !upload.connection->busy()) return;
    const double seconds = static_cast<double>((loop_.now() - upload.begun).count()) / 1e9 + 0.02;
    const auto due = static_cast<std::uint64_t>(seconds * static_cast<double>(bytes_a_second_));
    const std::uint64_t until = std::min(due, upload.file.bytes);
    while (!upload.blocked && upload.sent < until)
        upload.blocked = !write_some(upload, until - upload.sent);
    if (upload.sent < upload.file.bytes) {
        if (!upload.blocked) upload.timer->arm_in(kPace);
        return;
    }
    upload.complete = true;
    upload.digest = upload.sha.finish().hex();
    upload.connection->write(upload.back);
    upload.connection->end_upload();
}

void Transfers::account(std::uint16_t endpoint, const net::Ending& ending, base::Tick intended,
                        std::string_view version, Ended ended) {
    books_.ledger.record({.endpoint = endpoint,
                          .ended = ended,
                          .intended = intended,
                          .begun = ending.timing.begun,
                          .at = ending.timing.ended,
                          .version = version});
}

void Transfers::uploaded(Upload& upload, const net::Ending& ending) {
    std::optional<Ended> ended = ended_of(ending, !upload.version.empty());
    if (!ended) return;  // abandoned by us
    const std::optional<std::string> id = file_id_in(upload.answer);
    if (*ended == Ended::well && (!id || !upload.complete)) ended = Ended::mangled;
    account(post_files_, ending, upload.file.intended, upload.version, *ended);
    if (*ended == Ended::well) {
        UploadOutcome& outcome = books_.uploads;
        ++outcome.files;
        outcome.bytes += upload.file.bytes;
        outcome.largest_bytes = std::max(outcome.largest_bytes, upload.file.bytes);
        books_.upload_ms_sum +=
            static_cast<double>((ending.timing.ended - upload.begun).count()) / 1e6;
        if (upload.file.compare) fetch(upload, *id);
    } else if (*ended != Ended::ours) {
        ++books_.uploads.failed;
    }
    upload.timer->disarm();
    let_go(uploads_, &upload, loop_);
}

void Transfers::fetch(const Upload& upload, std::string id) {
    downloads_.push_back(std::make_unique<Download>());
    Download* const raw = downloads_.back().get();
    raw->digest = upload.digest;
    raw->begun = loop_.clock().tick();
    const Want want{.target = "/api/v4/files/" + id, .token = upload.file.token, .fresh = true};
    std::string head = request_head(want, target_.host);
    net::append_head_end(head);
    net::ExchangeEvents events;
    events.on_head = [raw](const net::ResponseHead& answer) {
        if (!answer.interim)
            raw->version = std::string(answer.fields.find("X-Version-Id").value_or(""));
    };
    events.on_body = [raw](std::string_view bytes) { raw->sha.add(bytes); };
    events.on_end = [this, raw](const net::Ending& ending) { downloaded(*raw, ending); };
    raw->connection = std::make_unique<net::ClientConnection>(loop_, target_.address);
    raw->connection->send(net::Method::get, head, {}, std::move(events), std::chrono::seconds{120});
}

void Transfers::downloaded(Download& download, const net::Ending& ending) {
    std::optional<Ended> ended = ended_of(ending, !download.version.empty());
    if (!ended) return;
    if (*ended == Ended::well) {
        ++books_.uploads.compared;
        if (download.sha.finish().hex() != download.digest) {
            ++books_.uploads.different;
            ended = Ended::mangled;
        }
    }
    if (*ended != Ended::well && *ended != Ended::ours) ++books_.uploads.failed;
    account(get_file_, ending, download.begun, download.version, *ended);
    let_go(downloads_, &download, loop_);
}

}  // namespace load
