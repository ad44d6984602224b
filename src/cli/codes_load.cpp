#include "cli/codes.h"

#include <array>

namespace cli {
namespace {

constexpr std::array kCodes{
    CodeEntry{"CF0601", "there is no such profile", "Load is played from a few named profiles.",
              "Use one that the message lists.", "Nothing was changed."},
    CodeEntry{"CF0602", "this load cannot be played",
              "No users, no time, or a rate out of its range.", "Correct what the message names.",
              "Nothing was changed."},
    CodeEntry{"CF0603", "the target is not on this machine",
              "Load is aimed at loopback alone unless said otherwise, so that nobody is hit by a "
              "slip of the finger.",
              "Pass --allow-remote if that server is yours.", "Nothing was changed."},
    CodeEntry{"CF0604", "the server cannot be seeded",
              "Users, teams and channels could not be made through its API.",
              "See that the target is the chat server and that it answers.",
              "Nothing was changed."},
    CodeEntry{"CF0605", "this is no requirement",
              "A requirement is a figure of the report, a comparison and a number.",
              "Write http.failed==0.", "Nothing was changed."},
    CodeEntry{"CF0606", "the server's answer cannot be read",
              "It is not what a chat server of this API gives.",
              "See that the target is the chat server.", "Nothing was changed."},
    CodeEntry{"CF0607", "this is no target", "Load is aimed at an address and a port.",
              "Give http://ADDRESS:PORT, such as http://127.0.0.1:8080.", "Nothing was changed."},
};

}  // namespace

std::span<const CodeEntry> load_codes() {
    return kCodes;
}

}  // namespace cli
