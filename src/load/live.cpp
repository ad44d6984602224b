#include "load/live.h"

#include "load/report.h"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

namespace load {
namespace {

constexpr std::chrono::milliseconds kRedraw{200};
constexpr std::chrono::seconds kPlainEvery{5};

std::size_t columns_of(std::FILE* stream) {
    winsize size{};
    if (::ioctl(::fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
    return size.ws_col - 1U;
}

}  // namespace

Live::Live(std::FILE* stream, base::Clock& clock)
    : stream_(stream), clock_(clock), terminal_(::isatty(::fileno(stream)) == 1) {}

Live::~Live() {
    if (drawn_ && terminal_) fmt::print(stream_, "\r\x1b[K");
    std::fflush(stream_);
}

void Live::show(const Progress& progress) {
    const base::Tick now = clock_.tick();
    const bool changed = progress.stage != stage_ || !drawn_;
    if (!changed && now < next_) return;
    stage_ = progress.stage;
    drawn_ = true;
    if (terminal_) {
        next_ = now + kRedraw;
        fmt::print(stream_, "\r{}\x1b[K", render_progress(progress, columns_of(stream_)));
    } else {
        next_ = now + kPlainEvery;
        fmt::print(stream_, "{}\n", render_progress(progress, 200));
    }
    std::fflush(stream_);
}

}  // namespace load
