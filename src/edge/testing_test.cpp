#include "edge/testing.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace edge::testing {

base::Clock& the_clock() {
    static base::SystemClock clock;
    return clock;
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds longest) {
    base::Clock& clock = the_clock();
    const base::Tick until = clock.tick() + longest;
    while (!condition()) {
        if (clock.tick() > until) return condition();
        clock.wait_until(clock.tick() + std::chrono::milliseconds(2), std::stop_token{});
    }
    return true;
}

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "edge-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path = name;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

App::App(std::string app_name, Handler handler)
    : name(std::move(app_name)), loop_(clock_), handler_(std::move(handler)) {
    server_ = std::make_unique<net::Server>(
        loop_, net::ServerOptions{}, [this](const net::ExchangePtr& exchange) { serve(exchange); });
    address = server_->listen(*net::Address::parse("127.0.0.1:0"))->text();
    thread_ = std::thread([this] { loop_.run(); });
}

App::~App() {
    die();
}

void App::die() {
    if (!thread_.joinable()) return;
    loop_.post([this] {
        server_.reset();
        loop_.stop();
    });
    thread_.join();
}

void App::serve(const net::ExchangePtr& exchange) {
    const std::string& path = exchange->request().path;
    if (path == "/ping") return exchange->answer(healthy ? 200 : 503);
    ++requests;
    if (path == "/name" || !handler_) return exchange->answer(net::Response::text(200, name));
    handler_(exchange);
}

RawApp::RawApp(Handler handler) {
    listener_ = std::move(*net::listen_on(*net::Address::parse("127.0.0.1:0")));
    address = net::local_address(listener_.number())->text();
    thread_ = std::thread([this, handler = std::move(handler)] {
        while (!over_) {
            pollfd waits{listener_.number(), POLLIN, 0};
            if (::poll(&waits, 1, 20) != 1) continue;
            const base::Fd client(::accept(listener_.number(), nullptr, nullptr));
            if (client) handler(client.number());
        }
    });
}

RawApp::~RawApp() {
    over_ = true;
    thread_.join();
}

namespace {

class Recorder final : public net::ResponseHandler {
public:
    explicit Recorder(Got& got) : got_(got) {}
    void on_head(const net::ResponseHead& head) override {
        if (head.interim) {
            got_.interim.push_back(head.status);
            return;
        }
        got_.status = head.status;
        got_.head = head.bytes;
        record(head.fields, got_.fields);
    }
    void on_body(std::string_view bytes) override { got_.body.append(bytes); }
    void on_trailers(const net::Fields& fields) override { record(fields, got_.trailers); }
    void on_end() override { got_.complete = true; }

private:
    static void record(const net::Fields& fields, std::map<std::string, std::string>& into) {
        for (const net::Field& field : fields) {
            std::string name(field.name);
            std::transform(name.begin(), name.end(), name.begin(), ::tolower);
            std::string& value = into[name];
            if (!value.empty()) value += ", ";
            value += field.value;
        }
    }
    Got& got_;
};

}  // namespace

Wire::Wire(const std::string& address, int receive_buffer) {
    const auto to = net::Address::parse(address);
    base::Fd made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(made.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(made.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_buffer > 0) {
        ::setsockopt(made.number(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    if (::connect(made.number(), to->raw(), to->raw_size()) == 0) descriptor_ = std::move(made);
}

bool Wire::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::send(descriptor_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (put <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

bool Wire::fill() {
    std::array<char, 65536> bytes;
    const ssize_t found = ::recv(descriptor_.number(), bytes.data(), bytes.size(), 0);
    if (found <= 0) return false;
    ahead_.append(bytes.data(), static_cast<std::size_t>(found));
    return true;
}

Got Wire::answer(net::Method method) {
    Got got;
    Recorder recorder(got);
    net::ResponseParser parser;
    parser.expect(method);
    while (true) {
        if (!ahead_.empty()) {
            const net::Fed fed = parser.feed(ahead_, recorder);
            ahead_.erase(0, fed.consumed);
            if (fed.progress == net::Progress::ended || fed.progress == net::Progress::tunnel ||
                fed.progress == net::Progress::failed) {
                return got;
            }
        }
        if (!fill()) {
            got.closed = true;
            parser.finish(recorder);
            return got;
        }
    }
}

Got Wire::ask(std::string_view request, net::Method method) {
    send(request);
    return answer(method);
}

std::string Wire::read(std::size_t count) {
    while (ahead_.size() < count && fill()) {
    }
    const std::size_t have = std::min(count, ahead_.size());
    std::string made = ahead_.substr(0, have);
    ahead_.erase(0, have);
    return made;
}

bool Wire::ended() {
    return ahead_.empty() && !fill() && errno != EAGAIN;
}

void Wire::half_close() {
    ::shutdown(descriptor_.number(), SHUT_WR);
}

std::string get(std::string_view target, std::string_view more) {
    std::string made = "GET ";
    made.append(target).append(" HTTP/1.1\r\nHost: app.test\r\n").append(more).append("\r\n");
    return made;
}

namespace {

/// All tests run both ways: see tests.cmake.
SendBy send_by() {
    const char* const io = std::getenv("CROSSFADE_TEST_IO");
    return io != nullptr && std::string_view(io) == "epoll" ? SendBy::calls : SendBy::whichever;
}

}  // namespace

House::House(std::uint32_t worker_count) : workers(worker_count) {}

House::~House() {
    stop();
}

void House::start() {
    edge = std::make_unique<Edge>(Options{.admin_socket = folder.path / "edge.sock",
                                          .state_file = folder.path / "edge.json",
                                          .access_log = access_log,
                                          .send_by = send_by(),
                                          .workers = workers,
                                          .grace = grace},
                                  clock);
    const auto started = edge->start();
    ASSERT_TRUE(started) << started.error().line();
}

void House::begin(const RawApp& raw) {
    start();
    configure();
    weights(1, 0);
    add("blue", "raw", raw.address);
    await_state("blue", "raw", "healthy");
}

void House::stop() {
    if (edge) edge->stop();
    edge.reset();
}

void House::configure(const std::function<void(base::Json&)>& change) {
    const base::Json group = {
        {"health", {{"path", "/ping"}, {"interval_ms", 50}, {"timeout_ms", 2000}}}};
    base::Json config = {
        {"listeners",
         {{{"name", "http"}, {"address", address_.empty() ? "127.0.0.1:0" : address_}}}},
        {"groups", {{"blue", group}, {"green", group}}},
        {"rules", {{{"priority", 100}, {"path", "*"}, {"forward", base::Json::object()}}}}};
    if (change) change(config);
    const auto put = edge->control().put_config(permit, config);
    ASSERT_TRUE(put) << put.error().line();
}

std::string House::address() {
    return (*edge->control().health())["listeners"][0]["address"].get<std::string>();
}

void House::add(const std::string& group, const std::string& id, const std::string& target) {
    const auto put = edge->control().put_target(
        permit, {.group = group, .id = id, .address = target, .labels = {{"release", "r1"}}});
    ASSERT_TRUE(put) << put.error().line();
}

void House::add(const std::string& group, const App& app) {
    add(group, app.name, app.address);
    await_state(group, app.name, "healthy");
}

void House::await_state(const std::string& group, const std::string& id, std::string_view state) {
    ASSERT_TRUE(eventually([&] { return target(group, id)["state"] == state; }))
        << id << " is " << target(group, id).dump();
    // What the control side knows, a worker may be about to hear.
    ASSERT_TRUE(eventually([&] { return edge->control().health().has_value(); }));
}

void House::weights(unsigned blue, unsigned green) {
    const auto put =
        edge->control().put_weights(permit, base::Json{{"blue", blue}, {"green", green}});
    ASSERT_TRUE(put) << put.error().line();
}

std::uint64_t House::drain(const std::string& group, const std::string& id,
                           std::chrono::milliseconds deadline, std::uint32_t pace) {
    const auto drained = edge->control().drain_target(
        permit, {.group = group, .id = id, .deadline = deadline, .sockets_a_second = pace});
    EXPECT_TRUE(drained) << (drained ? "" : drained.error().line());
    return drained.value_or(0);
}

base::Json House::target(const std::string& group, const std::string& id) {
    const auto found = edge->control().target(group, id);
    return found ? *found : base::Json{{"state", "none"}};
}

base::Json House::counts(const std::string& group) {
    return edge->control().counts()["groups"][group];
}

}  // namespace edge::testing
