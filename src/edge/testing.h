#pragma once
// For tests: applications behind the edge, the edge itself, and a client that sees every byte.

#include "base/clock.h"
#include "base/json.h"
#include "edge/edge.h"
#include "net/http1.h"
#include "net/loop.h"
#include "net/server.h"
#include "net/socket.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace edge::testing {

/// The machine's clock: these tests drive real sockets.
base::Clock& the_clock();

/// Waits for a condition; false when it does not come true in time.
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds longest = std::chrono::seconds{20});

/// A folder that is gone with its test.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
};

/// An application on a thread and port of its own. Answers `GET /name` with its name, everything
/// else as `handler` says; `/ping` with 200 while `healthy`.
class App {
public:
    using Handler = std::function<void(const net::ExchangePtr&)>;

    explicit App(std::string name, Handler handler = {});
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    /// Closes its listener and every connection.
    void die();
    /// On its thread, soon.
    void post(std::function<void()> work) { loop_.post(std::move(work)); }

    const std::string name;
    std::string address;
    std::atomic<bool> healthy{true};
    std::atomic<std::uint64_t> requests{0};  ///< Probes not counted.

private:
    void serve(const net::ExchangePtr& exchange);

    base::Clock& clock_ = the_clock();
    net::Loop loop_;
    Handler handler_;
    std::unique_ptr<net::Server> server_;
    std::thread thread_;
};

/// Accepts and does what a test says with raw bytes: for targets that misbehave. One thread, one
/// connection after the other.
class RawApp {
public:
    using Handler = std::function<void(int descriptor)>;
    explicit RawApp(Handler handler);
    ~RawApp();
    RawApp(const RawApp&) = delete;
    RawApp& operator=(const RawApp&) = delete;

    std::string address;

private:
    base::Fd listener_;
    std::atomic<bool> over_{false};
    std::thread thread_;
};

/// An answer as it came over the wire.
struct Got {
    int status = 0;
    std::string head;
    std::string body;
    std::map<std::string, std::string> fields;  ///< Names in lower case.
    std::map<std::string, std::string> trailers;
    std::vector<int> interim;
    bool complete = false;
    bool closed = false;  ///< The connection ended within or right after it.
};

/// A client's connection; blocks, ten seconds at most.
class Wire {
public:
    explicit Wire(const std::string& address, int receive_buffer = 0);

    bool send(std::string_view bytes);
    Got answer(net::Method method = net::Method::get);
    Got ask(std::string_view request, net::Method method = net::Method::get);
    /// At least `count` bytes, or what came before the end.
    std::string read(std::size_t count);
    /// True when the peer has ended or reset the connection.
    bool ended();
    void half_close();
    void close() { descriptor_.reset(); }
    bool connected() const { return static_cast<bool>(descriptor_); }
    int descriptor() const { return descriptor_.number(); }

private:
    bool fill();
    base::Fd descriptor_;
    std::string ahead_;
};

/// `GET target` with usual fields.
std::string get(std::string_view target, std::string_view more = "");

/// The edge on a free port, with two groups and a config that forwards everything by weight.
class House {
public:
    explicit House(std::uint32_t workers = 2);
    ~House();

    void start();
    void stop();
    /// Started, with this one target for everything.
    void begin(const RawApp& raw);
    /// Puts the config; `change` may alter it first.
    void configure(const std::function<void(base::Json&)>& change = {});
    void add(const std::string& group, const App& app);
    void add(const std::string& group, const std::string& id, const std::string& address);
    void await_state(const std::string& group, const std::string& id, std::string_view state);
    void weights(unsigned blue, unsigned green);
    std::uint64_t drain(const std::string& group, const std::string& id,
                        std::chrono::milliseconds deadline = std::chrono::seconds{30},
                        std::uint32_t pace = 0);
    base::Json target(const std::string& group, const std::string& id);
    base::Json counts(const std::string& group);
    std::string address();

    Folder folder;
    base::Clock& clock = the_clock();
    std::unique_ptr<Edge> edge;
    Permit permit{.fence = 1, .token = {}};
    std::uint32_t workers;
    std::string access_log;
    std::chrono::milliseconds grace{3000};

private:
    std::string address_;
};

}  // namespace edge::testing
