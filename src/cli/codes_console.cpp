#include "cli/codes.h"

#include <array>

namespace cli {
namespace {

constexpr std::string_view kNothing = "Nothing was changed.";

constexpr std::array kCodes{
    CodeEntry{
        "CF0901", "the console listens on loopback alone",
        "It speaks plain HTTP: on a network, a token would cross it in clear.",
        "Listen on 127.0.0.1 and reach it by `ssh -L`; or put a proxy that encrypts, and asks "
        "who comes, in front of it and name its host by `up --console-host`.",
        kNothing},
    CodeEntry{"CF0902", "a token cannot hold for so long",
              "One that is lost should be over before it is found.",
              "Ask for a time up to 90d; make another when it is over.", kNothing},
    CodeEntry{"CF0904", "there are no random bytes", "The kernel gave none, so no token was made.",
              "Repeat the command.", kNothing},
    CodeEntry{"CF0905", "there is no such role", "A token allows to look, or to look and to act.",
              "Write `view` or `operate`.", kNothing},
    CodeEntry{"CF0906", "there are too many tokens",
              "Those that are over are forgotten by themselves.",
              "Take some back: `crossfade console revoke ID`.", kNothing},
    CodeEntry{"CF0907", "there is no such token", "None that is kept has this id.",
              "`crossfade console tokens` lists them.", kNothing},
    CodeEntry{"CF0908", "the tokens cannot be read", "Their file was changed by something else.",
              "Remove the file that is named, and make new tokens.",
              "Nobody is let in by a file that cannot be read."},
    CodeEntry{"CF0910", "the console is not known by that name",
              "A request's Host is none of its own: a name of somebody else's may lead here, so "
              "that a page of that name could read this one (DNS rebinding).",
              "Open the address that `crossfade up` prints; name a proxy's host by "
              "`up --console-host`.",
              "The request was answered with nothing of the application."},
    CodeEntry{"CF0911", "a field that a request must carry is missing",
              "A request that acts carries X-Crossfade, which a page of another site cannot send.",
              "Send the field, with any value.", kNothing},
    CodeEntry{"CF0912", "the request comes from another site",
              "Its Origin, or what the browser says of it, is not this console's.",
              "Act from the console's own page.", kNothing},
    CodeEntry{"CF0913", "the token does not hold", "It is wrong, was taken back, or is over.",
              "Make another: `crossfade console token`.", kNothing},
    CodeEntry{"CF0914", "looking needs a token here",
              "It was brought up with `--console-view token`.",
              "Make one: `crossfade console token`.", "Nothing was shown."},
    CodeEntry{"CF0915", "the token may only look", "Its role is `view`.",
              "Make one of the role `operate`: `crossfade console token --role operate`.",
              kNothing},
    CodeEntry{"CF0916", "acting needs a token", "Without one, the console only shows.",
              "Make one: `crossfade console token --role operate --for 8h`.", kNothing},
    CodeEntry{"CF0917", "the console has nothing of that name", "The path is none of its API's.",
              "docs/reference/console-api.md lists them.", kNothing},
    CodeEntry{"CF0918", "the Last-Event-ID is none of the console's",
              "An event stream goes on behind an id that an earlier one gave.",
              "Leave the field out: the stream then begins with the present.", kNothing},
    CodeEntry{"CF0919", "the console has too many questions",
              "Journals and logs are read one after the other.", "Ask again in a second.",
              kNothing},
    CodeEntry{"CF0920", "there is no such deed",
              "What can be done is pause, resume, promote, abort and rollback.",
              "Send one of them as `verb`.", kNothing},
    CodeEntry{"CF0921", "nothing is known of the application yet",
              "The console has just begun and has not seen it.", "Ask again in a second.",
              kNothing},
    CodeEntry{"CF0922", "the release has moved on",
              "What was agreed to was said of another release, or of another state of this one.",
              "Look at what it does now, and decide again.", kNothing},
    CodeEntry{"CF0923", "that cannot be done now", "The message says why.",
              "The page shows what can be done.", kNothing},
    CodeEntry{"CF0924", "the command could not be started",
              "The console does what it is asked as a command of its own.",
              "The message has the system's words; give the command in a terminal.", kNothing},
    CodeEntry{"CF0925", "the command ended otherwise",
              "It was started, ended with another code than 0, and said nothing that can be read.",
              "`crossfade help exit-codes` tells what the number means.",
              "The journal has what it did, if it did anything."},
    CodeEntry{"CF0926", "there is no such instance", "No instance of that name has a log.",
              "`crossfade instances` lists them.", kNothing},
};

}  // namespace

std::span<const CodeEntry> console_codes() {
    return kCodes;
}

}  // namespace cli
