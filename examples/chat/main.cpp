// crossfade-chat: one instance of the reference application.

#include <fcntl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "chat/options.h"
#include "chat/server.h"
#include "net/loop.h"

namespace {

/// The first signal stops the server in order, the second at once.
class Signals final : public net::Watcher {
public:
    Signals(net::Loop& loop, chat::Server& server) : loop_(loop), server_(server) {
        sigset_t wanted;
        sigemptyset(&wanted);
        sigaddset(&wanted, SIGTERM);
        sigaddset(&wanted, SIGINT);
        descriptor_ = base::Fd(signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
        key_ = loop_.watch(descriptor_.number(), *this, net::Trigger::listener);
    }
    ~Signals() override { loop_.forget(key_); }

    /// To be called before any thread is started.
    static void block() {
        sigset_t wanted;
        sigemptyset(&wanted);
        sigaddset(&wanted, SIGTERM);
        sigaddset(&wanted, SIGINT);
        sigprocmask(SIG_BLOCK, &wanted, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
    }

    void on_ready(net::Ready) override {
        signalfd_siginfo signal{};
        while (::read(descriptor_.number(), &signal, sizeof signal) > 0) {
            base::log::info("signal", {{"number", signal.ssi_signo}});
            if (stopping_) {
                loop_.stop();
            } else {
                server_.stop([this] { loop_.stop(); });
            }
            stopping_ = true;
        }
    }

private:
    net::Loop& loop_;
    chat::Server& server_;
    base::Fd descriptor_;
    net::WatchKey key_;
    bool stopping_ = false;
};

}  // namespace

int main(int count, char** arguments) {
    if (count == 2 && std::string_view(arguments[1]) == "--help") {
        std::fputs(std::string(chat::kUsage).c_str(), stdout);
        return 0;
    }
    const auto options = chat::options_from(
        {const_cast<const char**>(arguments) + 1, static_cast<std::size_t>(count - 1)},
        std::getenv("DATABASE_URL"));
    if (!options) {
        std::fputs((options.error().diagnostic.text() + "\n").c_str(), stderr);
        return 2;
    }
    if (options->faults.crash_on_boot) {
        base::log::error("crash-on-boot");
        return 1;
    }
    Signals::block();
    base::SystemClock clock;
    net::Loop loop(clock);
    chat::Server server(loop, *options, base::seed_from_system());
    const Signals signals(loop, server);
    if (const auto address = server.start(); !address) {
        std::fputs((address.error().diagnostic.text() + "\n").c_str(), stderr);
        return 1;
    }
    loop.run();
    return 0;
}
