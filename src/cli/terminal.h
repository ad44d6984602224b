#pragma once
// Where a command writes: results to standard output, talk to standard error, and on a terminal
// a block that is drawn anew in place.

#include "cli/text.h"

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace cli {

/// What is known of the two streams before anything is written.
struct Surroundings {
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool in_is_terminal = false;
    bool colours_wanted = true;   ///< No NO_COLOR, no TERM=dumb, no --no-color.
    bool colours_forced = false;  ///< FORCE_COLOR, for log viewers that understand it.
    bool cursor_moves = true;     ///< False with TERM=dumb or none.

    /// Of this process: isatty and the environment.
    static Surroundings of_process();
};

/// Owned by the session; used by one thread.
class Terminal {
public:
    Terminal(Surroundings surroundings, std::FILE* out, std::FILE* err);

    /// The result of a command.
    void print(std::string_view text);
    /// A result as a stream: a line that is seen at once, also through a pipe.
    void print_line(std::string_view line);
    /// Talk: what goes on, what to do next. Not part of the result.
    void say(std::string_view line);

    /// Draws `block` over the last one that `redraw` drew. Lines wider than the terminal are cut
    /// and lines beyond its height left out, as a block that scrolls cannot be drawn over.
    void redraw(const std::string& block);
    /// Leaves the last block where it is; what follows is written below.
    void settle();

    Paint out_paint() const;
    Paint err_paint() const;
    bool live() const { return surroundings_.out_is_terminal && surroundings_.cursor_moves; }
    bool asks() const { return surroundings_.in_is_terminal && surroundings_.err_is_terminal; }
    /// Asks a question that `y` or `yes` consents to; anything else does not.
    bool consent(std::string_view question);
    /// Columns of the terminal, or 0 where there is none and lines may be of any length.
    std::size_t columns() const;
    std::size_t rows() const;

    void refuse_colours() { surroundings_.colours_wanted = false; }
    /// False once a write failed: the reader has gone.
    bool heard() const { return heard_; }

private:
    void write(std::FILE* stream, std::string_view text);

    Surroundings surroundings_;
    std::FILE* out_;
    std::FILE* err_;
    std::size_t drawn_lines_ = 0;
    bool heard_ = true;
};

}  // namespace cli
