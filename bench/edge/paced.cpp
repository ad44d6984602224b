// Requests at a fixed rate, whatever the answers do: paced PORT PATH RATE CONNECTIONS SECONDS
//
// Open loop. Every request has an intended start; when no connection is free it waits in line, and
// its latency runs from the intended start to the answer's last byte, so a stall counts for all
// whom it delays (no coordinated omission). The first second warms up and is not counted. Prints
// JSON.

#include "wire.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <vector>

namespace bench {
namespace {

struct Connection {
    int fd = -1;
    bool busy = false;
    Clock::time_point intended;
    std::string head;  ///< Of the answer, until it is whole.
    std::size_t body_left = 0;
    bool in_body = false;
};

struct Run {
    std::uint16_t port = 0;
    std::string request;
    std::size_t rate = 0;
    std::size_t connections = 0;
    std::chrono::seconds span{0};
};

class Pacer {
public:
    explicit Pacer(Run run) : run_(std::move(run)), lines_(run_.connections) {
        for (std::size_t i = 0; i < lines_.size(); ++i) open(i);
    }

    void play() {
        const nanoseconds step(1'000'000'000 / run_.rate);
        const auto begun = Clock::now();
        counted_from_ = begun + std::chrono::seconds(1);
        const auto end = counted_from_ + run_.span;
        auto next = begun;
        while (next < end || outstanding_ > 0) {
            auto now = Clock::now();
            if (now > end + std::chrono::seconds(10)) break;
            for (; next <= now && next < end; next += step) {
                due_.push_back(next);
                ++outstanding_;
            }
            dispatch();
            now = Clock::now();
            const auto until = next < end ? next - now : nanoseconds(10'000'000);
            for (const epoll_event& event : epoll_.wait(std::max(until, nanoseconds(0))))
                read(event.data.u64);
        }
        report();
    }

private:
    void open(std::size_t index) {
        Connection& line = lines_[index];
        line = Connection{};
        line.fd = connect_to(run_.port);
        epoll_.add(line.fd, EPOLLIN | EPOLLRDHUP | EPOLLET, index);
        free_.push_back(index);
    }

    void dispatch() {
        while (!due_.empty() && !free_.empty()) {
            const std::size_t index = free_.front();
            Connection& line = lines_[index];
            const auto sent =
                ::send(line.fd, run_.request.data(), run_.request.size(), MSG_NOSIGNAL);
            if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN)) return;  // still connecting
            free_.pop_front();
            line.busy = true;
            line.intended = due_.front();
            due_.pop_front();
            if (sent != static_cast<ssize_t>(run_.request.size())) lose(index);
        }
    }

    void lose(std::size_t index) {
        if (lines_[index].busy) {
            ++failed_;
            --outstanding_;
        } else {
            std::erase(free_, index);
        }
        ::close(lines_[index].fd);
        open(index);
    }

    void read(std::size_t index) {
        for (;;) {
            const auto got = ::recv(lines_[index].fd, scratch_.data(), scratch_.size(), 0);
            if (got < 0 && (errno == EAGAIN || errno == ENOTCONN)) return;
            if (got <= 0) return lose(index);
            take(index, {scratch_.data(), static_cast<std::size_t>(got)});
        }
    }

    void take(std::size_t index, std::string_view bytes) {
        Connection& line = lines_[index];
        if (!line.in_body) {
            line.head += bytes;
            const auto end = line.head.find("\r\n\r\n");
            if (end == std::string::npos) return;
            line.in_body = true;
            line.body_left = length_in(line.head);
            if (!line.head.starts_with("HTTP/1.1 200")) ++failed_;
            bytes = bytes.substr(bytes.size() - (line.head.size() - end - 4));
        }
        line.body_left -= std::min(line.body_left, bytes.size());
        if (line.body_left == 0) finish(index);
    }

    static std::size_t length_in(std::string_view head) {
        std::string lower(head);
        for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        const auto at = lower.find("content-length:");
        if (at == std::string::npos || !lower.starts_with("http/1.1 ")) fail("an answer is odd");
        const auto digits = lower.find_first_of("0123456789", at);
        std::size_t length = 0;
        std::from_chars(lower.data() + digits, lower.data() + lower.size(), length);
        return length;
    }

    void finish(std::size_t index) {
        Connection& line = lines_[index];
        if (line.intended >= counted_from_)
            spans_.push_back(
                std::chrono::duration_cast<microseconds>(Clock::now() - line.intended));
        line.busy = line.in_body = false;
        line.head.clear();
        free_.push_back(index);
        --outstanding_;
    }

    void report() {
        std::ranges::sort(spans_);
        const auto at = [&](std::size_t per_mille) {
            return spans_.empty() ? 0 : spans_[(spans_.size() - 1) * per_mille / 1000].count();
        };
        std::cout << "{\"answered\": " << spans_.size()
                  << ", \"failed\": " << failed_ + outstanding_ << ", \"p50_us\": " << at(500)
                  << ", \"p99_us\": " << at(990) << ", \"p999_us\": " << at(999)
                  << ", \"max_us\": " << at(1000) << "}\n";
    }

    Run run_;
    Epoll epoll_;
    std::vector<Connection> lines_;
    std::deque<std::size_t> free_;
    std::deque<Clock::time_point> due_;
    std::vector<microseconds> spans_;
    Clock::time_point counted_from_;
    std::size_t outstanding_ = 0;
    std::size_t failed_ = 0;
    std::array<char, 65536> scratch_{};
};

}  // namespace
}  // namespace bench

int main(int count, char** words) {
    if (count != 6) {
        std::cerr << "usage: paced PORT PATH RATE CONNECTIONS SECONDS\n";
        return 2;
    }
    bench::Run run{
        .port = static_cast<std::uint16_t>(std::stoul(words[1])),
        .request = std::string("GET ") + words[2] + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
        .rate = std::stoul(words[3]),
        .connections = std::stoul(words[4]),
        .span = std::chrono::seconds(std::stoul(words[5]))};
    bench::Pacer(std::move(run)).play();
}
