#include "net/call.h"

#include "net/http1.h"
#include "net/http1_text.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace net {

namespace {

using base::Failure;

/// Collects one answer.
class Collector final : public ResponseHandler {
public:
    explicit Collector(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    void on_head(const ResponseHead& head) override {
        if (head.interim) return;
        answer.status = head.status;
        answer.fields = FieldList(head.fields);
    }
    void on_body(std::string_view bytes) override {
        too_large = too_large || answer.body.size() + bytes.size() > bytes_max_;
        if (!too_large) answer.body += bytes;
    }
    void on_end() override {}

    Answer answer;
    bool too_large = false;

private:
    std::size_t bytes_max_;
};

tl::unexpected<base::Error> failed(Failure failure, const Address& to, std::string why) {
    const auto diagnostic = [&](std::string code, std::string_view what) {
        return base::Diagnostic{.code = std::move(code),
                                .what = fmt::format("{} {}", to.text(), what),
                                .why = std::move(why)};
    };
    switch (failure) {
        case Failure::rejected:
            return base::fail(failure, diagnostic("CF0012", "gave no answer that can be read"));
        case Failure::unknown:
            return base::fail(failure, diagnostic("CF0011", "was asked and has not answered"));
        case Failure::not_found:
        case Failure::conflict:
        case Failure::unavailable:
            break;
    }
    return base::fail(Failure::unavailable, diagnostic("CF0010", "cannot be reached"));
}

/// One exchange on its own connection, in blocking steps.
class Exchange {
public:
    Exchange(const Address& to, const Call& call, base::Deadline deadline, base::Clock& clock)
        : to_(to), call_(call), deadline_(deadline), clock_(clock) {}

    base::Result<Answer> run() {
        if (auto ready = connect(); !ready) return base::fail(ready);
        if (auto sent = send_all(request_text()); !sent) return base::fail(sent);
        return read_answer();
    }

private:
    /// False at the deadline.
    bool wait_for(short events) {
        for (;;) {
            const auto left = deadline_.at - clock_.tick();
            if (left <= std::chrono::nanoseconds::zero()) return false;
            const auto whole = std::chrono::ceil<std::chrono::milliseconds>(left).count();
            pollfd one{connection_.number(), events, 0};
            const int ready = poll(&one, 1, static_cast<int>(std::min<long>(whole, 60'000)));
            if (ready > 0) return true;
            if (ready < 0 && errno != EINTR) return false;
        }
    }

    base::Result<void> connect() {
        auto connection = connect_to(to_);
        if (!connection)
            return failed(Failure::unavailable, to_, connection.error().diagnostic.why);
        connection_ = std::move(*connection);
        if (!wait_for(POLLOUT)) return failed(Failure::unavailable, to_, "no connection in time");
        if (const int error = connect_error(connection_.number()); error != 0) {
            return failed(Failure::unavailable, to_, std::strerror(error));
        }
        return {};
    }

    std::string request_text() const {
        std::string text;
        append_request_line(text, call_.method, call_.target);
        append_field(text, "Host", to_.is_unix() ? "localhost" : to_.text());
        append_field(text, "Connection", "close");
        append_fields(text, call_.fields);
        const bool has_body =
            !call_.body.empty() || call_.method == "POST" || call_.method == "PUT";
        if (has_body) {
            append_field(text, "Content-Type", call_.content_type);
            append_field(text, "Content-Length", std::uint64_t{call_.body.size()});
        }
        append_head_end(text);
        return text + call_.body;
    }

    base::Result<void> send_all(std::string_view text) {
        bool sent_something = false;
        while (!text.empty()) {
            const Moved moved = send(connection_.number(), text);
            const Failure failure = sent_something ? Failure::unknown : Failure::unavailable;
            if (moved.io == Io::moved) {
                sent_something = true;
                text.remove_prefix(moved.bytes);
            } else if (moved.io == Io::would_block) {
                if (!wait_for(POLLOUT)) return failed(failure, to_, "it takes no bytes");
            } else if (sent_something) {
                return {};  // it may have answered early and closed
            } else {
                return failed(failure, to_, std::strerror(moved.error));
            }
        }
        return {};
    }

    base::Result<Answer> read_answer() {
        ResponseParser parser;
        parser.expect(method_from(call_.method));
        Collector collector(call_.answer_bytes_max);
        std::array<char, 16 * 1024> scratch;
        for (;;) {
            const Moved moved = receive(connection_.number(), scratch);
            if (moved.io == Io::would_block) {
                if (!wait_for(POLLIN)) return failed(Failure::unknown, to_, "no answer in time");
                continue;
            }
            if (moved.io == Io::failed) {
                return failed(Failure::unknown, to_, std::strerror(moved.error));
            }
            if (moved.io == Io::ended) {
                if (parser.finish(collector) == Progress::ended) return std::move(collector.answer);
                return failed(Failure::unknown, to_, "it closed before its answer was complete");
            }
            const Progress progress = feed_all(parser, collector, {scratch.data(), moved.bytes});
            if (collector.too_large)
                return failed(Failure::rejected, to_, "the answer is too large");
            if (progress == Progress::failed) {
                return failed(Failure::rejected, to_, std::string(name_of(parser.fault())));
            }
            if (progress != Progress::more) return std::move(collector.answer);
        }
    }

    /// An interim answer may share its bytes with the final one.
    static Progress feed_all(ResponseParser& parser, Collector& collector, std::string_view bytes) {
        for (;;) {
            const Fed fed = parser.feed(bytes, collector);
            bytes.remove_prefix(fed.consumed);
            const bool interim_only =
                fed.progress == Progress::ended && collector.answer.status == 0;
            if (!interim_only) return fed.progress;
            if (bytes.empty()) return Progress::more;
        }
    }

    const Address& to_;
    const Call& call_;
    base::Deadline deadline_;
    base::Clock& clock_;
    base::Fd connection_;
};

}  // namespace

base::Result<Answer> call(const Address& to, const Call& call, base::Deadline deadline,
                          base::Clock& clock) {
    return Exchange(to, call, deadline, clock).run();
}

}  // namespace net
