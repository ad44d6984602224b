#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace cli {
namespace {

bool is_set(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && value[0] != '\0';
}

winsize size_of(std::FILE* stream) {
    winsize size{};
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0) size = {};
    return size;
}

}  // namespace

Surroundings Surroundings::of_process() {
    const char* term = std::getenv("TERM");
    const bool dumb = term == nullptr || std::string_view(term) == "dumb";
    return Surroundings{.out_is_terminal = isatty(STDOUT_FILENO) == 1,
                        .err_is_terminal = isatty(STDERR_FILENO) == 1,
                        .in_is_terminal = isatty(STDIN_FILENO) == 1,
                        .colours_wanted = !dumb && !is_set("NO_COLOR"),
                        .colours_forced = is_set("FORCE_COLOR"),
                        .cursor_moves = !dumb};
}

Terminal::Terminal(Surroundings surroundings, std::FILE* out, std::FILE* err)
    : surroundings_(surroundings), out_(out), err_(err) {}

void Terminal::write(std::FILE* stream, std::string_view text) {
    const std::size_t written = std::fwrite(text.data(), 1, text.size(), stream);
    if (written != text.size() || std::fflush(stream) != 0) heard_ = false;
}

void Terminal::print(std::string_view text) {
    settle();
    write(out_, text);
}

void Terminal::print_line(std::string_view line) {
    settle();
    write(out_, std::string(line) + '\n');
}

void Terminal::say(std::string_view line) {
    settle();
    write(err_, std::string(line) + '\n');
}

void Terminal::redraw(const std::string& block) {
    const std::size_t width = columns();
    const std::size_t height = std::max<std::size_t>(rows(), 4);
    std::string frame;
    if (drawn_lines_ > 0) frame += "\x1b[" + std::to_string(drawn_lines_) + "A";
    frame += '\r';
    std::size_t lines = 0;
    for (std::size_t at = 0; at < block.size() && lines + 1 < height;) {
        const std::size_t end = std::min(block.find('\n', at), block.size());
        // Erased to the right first: a line that became shorter leaves nothing of the longer one.
        frame += "\x1b[K" + cut(std::string_view(block).substr(at, end - at), width) + '\n';
        at = end + 1;
        ++lines;
    }
    frame += "\x1b[J";
    write(out_, frame);
    drawn_lines_ = lines;
}

void Terminal::settle() {
    drawn_lines_ = 0;
}

Paint Terminal::out_paint() const {
    return Paint(surroundings_.colours_wanted &&
                 (surroundings_.out_is_terminal || surroundings_.colours_forced));
}

Paint Terminal::err_paint() const {
    return Paint(surroundings_.colours_wanted &&
                 (surroundings_.err_is_terminal || surroundings_.colours_forced));
}

bool Terminal::consent(std::string_view question) {
    settle();
    write(err_, std::string(question) + " [y/N] ");
    std::array<char, 16> answer{};
    if (std::fgets(answer.data(), static_cast<int>(answer.size()), stdin) == nullptr) return false;
    std::string_view text(answer.data());
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    return text == "y" || text == "Y" || text == "yes";
}

std::size_t Terminal::columns() const {
    if (!surroundings_.out_is_terminal) return 0;
    const winsize size = size_of(out_);
    return size.ws_col > 0 ? size.ws_col : 80;
}

std::size_t Terminal::rows() const {
    if (!surroundings_.out_is_terminal) return 0;
    const winsize size = size_of(out_);
    return size.ws_row > 0 ? size.ws_row : 24;
}

}  // namespace cli
