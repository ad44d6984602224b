#include "local/call.h"

#include "base/file.h"
#include "base/json.h"
#include "local/wait.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace local {

namespace {

constexpr std::size_t kAnswerMax = 16 * 1024 * 1024;

base::Error not_reached(const std::string& who, const std::filesystem::path& socket, int why) {
    return {base::Failure::unavailable,
            {.code = "CF0420",
             .what = fmt::format("{} does not answer", who),
             .why = fmt::format("{}: {}", socket.native(), std::strerror(why)),
             .fix = "`crossfade up` starts it"}};
}

base::Error not_answered(const std::string& who, const Call& call, const std::string& why) {
    return {call.method == "GET" ? base::Failure::unavailable : base::Failure::unknown,
            {.code = "CF0421",
             .what = fmt::format("{} did not answer {} {}", who, call.method, call.target),
             .why = why}};
}

base::Result<base::Fd> connected(const std::filesystem::path& path, const std::string& who) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.native().size() >= sizeof address.sun_path) {
        return base::fail(not_reached(who, path, ENAMETOOLONG));
    }
    std::memcpy(address.sun_path, path.c_str(), path.native().size() + 1);
    base::Fd descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!descriptor) return base::fail(not_reached(who, path, errno));
    const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    if (connect(descriptor.number(), generic, sizeof address) != 0) {
        return base::fail(not_reached(who, path, errno));
    }
    return descriptor;
}

struct Answer {
    int status = 0;
    std::string body;
};

/// What of the answer has come; complete when the body has its whole length.
class Reader {
public:
    /// False when this is no answer that we read.
    bool add(std::string_view bytes) {
        text_.append(bytes);
        if (head_end_ == 0 && !read_head()) return false;
        return text_.size() <= kAnswerMax;
    }
    bool complete() const { return head_end_ != 0 && text_.size() >= head_end_ + length_; }
    Answer take() { return {.status = status_, .body = text_.substr(head_end_, length_)}; }

private:
    bool read_head() {
        const std::size_t end = text_.find("\r\n\r\n");
        if (end == std::string::npos) return true;
        std::string head = text_.substr(0, end + 2);
        if (head.size() < 12 || head.compare(0, 7, "HTTP/1.") != 0) return false;
        std::from_chars(head.data() + 9, head.data() + 12, status_);
        for (char& c : head) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const std::size_t at = head.find("\r\ncontent-length:");
        if (at == std::string::npos && status_ != 204) return false;
        if (at != std::string::npos) {
            std::size_t from = at + std::strlen("\r\ncontent-length:");
            while (head[from] == ' ') ++from;
            const auto read =
                std::from_chars(head.data() + from, head.data() + head.size(), length_);
            if (read.ec != std::errc() || length_ > kAnswerMax) return false;
        }
        head_end_ = end + 4;
        return true;
    }

    std::string text_;
    std::size_t head_end_ = 0;
    std::size_t length_ = 0;
    int status_ = 0;
};

/// Sends all and reads one answer; the text says what went wrong.
tl::expected<Answer, std::string> exchange(int descriptor, std::string_view request,
                                           base::Clock& clock, base::Deadline deadline) {
    Reader reader;
    std::array<char, 64 * 1024> chunk{};
    for (;;) {
        const auto wanted = static_cast<short>(request.empty() ? POLLIN : POLLIN | POLLOUT);
        pollfd watched{descriptor, wanted, 0};
        if (!wait_for(&watched, 1, clock, deadline))
            return tl::unexpected<std::string>("the deadline passed");
        if (!request.empty() && (watched.revents & POLLOUT) != 0) {
            const ssize_t put =
                send(descriptor, request.data(), request.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (put < 0 && errno != EAGAIN && errno != EINTR) {
                return tl::unexpected<std::string>(std::strerror(errno));
            }
            if (put > 0) request.remove_prefix(static_cast<std::size_t>(put));
        }
        if ((watched.revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
        const ssize_t got = recv(descriptor, chunk.data(), chunk.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got < 0) return tl::unexpected<std::string>(std::strerror(errno));
        if (got == 0) return tl::unexpected<std::string>("it closed the connection");
        if (!reader.add({chunk.data(), static_cast<std::size_t>(got)})) {
            return tl::unexpected<std::string>("its answer is no HTTP that is understood here");
        }
        if (reader.complete()) return reader.take();
    }
}

base::Failure failure_of(int status) {
    switch (status) {
        case 404:
            return base::Failure::not_found;
        case 409:
            return base::Failure::conflict;
        case 429:
        case 503:
            return base::Failure::unavailable;
        case 504:
            return base::Failure::unknown;
    }
    return base::Failure::rejected;
}

base::Error error_of(const std::string& who, const Call& call, const Answer& answer) {
    base::Error error{failure_of(answer.status),
                      {.code = "CF0422",
                       .what = fmt::format("{} refused {} {} with status {}", who, call.method,
                                           call.target, answer.status)}};
    const auto body = base::json_from(answer.body);
    if (!body) return error;
    const auto take = [&body](std::string_view key, std::string& into) {
        if (const auto text = base::member<std::string>(*body, key)) into = *text;
    };
    take("code", error.diagnostic.code);
    take("what", error.diagnostic.what);
    take("why", error.diagnostic.why);
    take("fix", error.diagnostic.fix);
    return error;
}

}  // namespace

base::Result<nlohmann::json> call(const std::filesystem::path& socket, const std::string& who,
                                  const Call& call, base::Clock& clock, base::Deadline deadline) {
    const auto descriptor = connected(socket, who);
    if (!descriptor) return base::fail(descriptor);
    const std::string request = fmt::format(
        "{} {} HTTP/1.1\r\nHost: local\r\nConnection: close\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        call.method, call.target, call.body.size(), call.body);
    const auto answer = exchange(descriptor->number(), request, clock, deadline);
    if (!answer) return base::fail(not_answered(who, call, answer.error()));
    if (answer->status < 200 || answer->status > 299) {
        return base::fail(error_of(who, call, *answer));
    }
    if (answer->body.empty()) return nlohmann::json::object();
    auto body = base::json_from(answer->body);
    if (!body) return base::fail(not_answered(who, call, body.error().line()));
    return std::move(*body);
}

}  // namespace local
