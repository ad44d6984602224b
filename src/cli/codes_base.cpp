#include "cli/codes.h"

#include <array>

namespace cli {
namespace {

constexpr std::array kCodes{
    CodeEntry{"CF0001", "this is no time",
              "An instant is written in RFC 3339, in UTC, with microseconds.",
              "Write it like 2026-11-23T09:30:00.000000Z.", "Nothing was changed."},
    CodeEntry{"CF0002", "this is no length of time",
              "A length needs a number and a unit for each part, in falling order.",
              "Write 250ms, 90s, 10m, 1h30m or 7d.", "Nothing was changed."},
    CodeEntry{"CF0003", "this is no digest", "A digest is 64 lower-case hexadecimal digits.",
              "Copy the whole of it.", "Nothing was changed."},
    CodeEntry{"CF0004", "neither file nor folder",
              "An artifact or asset folder holds something that cannot be copied: a socket, a pipe "
              "or a device; or, where plain files alone can be, a symbolic link.",
              "Take it out of the folder.", "Nothing was changed."},
    CodeEntry{"CF0005", "the system refused a file",
              "Opening, reading, writing or renaming failed; the message has the path and the "
              "system's own words.",
              "Look at owner and mode of that path and of the folders above it.",
              "What was there before is there still: files are replaced whole or not at all."},
    CodeEntry{
        "CF0006", "the disk is full",
        "There is no space, or the quota is used up. Crossfade writes the journal before it acts, "
        "so it does not act now.",
        "Free some space on that disk, then repeat the command; a release that stopped is carried "
        "on by `crossfade resume`.",
        "No step is taken that cannot be journaled. Traffic stays at the last verified weight."},
    CodeEntry{"CF0007", "the file is too large",
              "Files that people write have a bound, so that a wrong path cannot fill memory.",
              "Name the right file.", "Nothing was changed."},
    CodeEntry{
        "CF0008", "this is no JSON",
        "A document cannot be read: it is cut short, has a duplicate key, or is no JSON at all.",
        "Look at who wrote it: another version, or an editor.", "Nothing was changed."},
    CodeEntry{"CF0009", "a member is missing or of another type",
              "A JSON document lacks what this program needs of it.",
              "Look at who wrote it: most often another version of the program.",
              "Nothing was changed."},
    CodeEntry{
        "CF0010", "it cannot be reached",
        "No connection came about: nobody listens at that address or socket.",
        "`crossfade up` starts agent and edge; `crossfade logs agent edge` tells why one ended.",
        "Nothing was sent, so nothing happened."},
    CodeEntry{"CF0011", "it was asked and has not answered",
              "The request was sent and the time is over, so it may have happened.",
              "Look at `crossfade status`; the engine itself looks before it repeats.",
              "Traffic stays at the last verified weight."},
    CodeEntry{"CF0012", "the answer cannot be read",
              "What came back is not what this version expects.",
              "Look whether two versions of Crossfade run at the same time: `crossfade down` and "
              "`up` end that.",
              "Traffic stays at the last verified weight."},
    CodeEntry{
        "CF0020", "this is no address",
        "An address to listen on or connect to is written in another way than this program knows.",
        "Write 127.0.0.1:8080, [::1]:8080 or unix:/path/to.sock.", "Nothing was changed."},
    CodeEntry{"CF0021", "the address is in use",
              "Another process listens there. Crossfade never takes an address from anyone.",
              "Choose another address, or stop who listens there: `ss -ltnp` names it.",
              "Nothing was changed."},
    CodeEntry{"CF0022", "a socket could not be used",
              "The system refused to listen or to connect; the message has its words.",
              "A port below 1024 needs a right that Crossfade does not ask for; another address "
              "may belong to no interface.",
              "Nothing was changed."},
};

}  // namespace

std::span<const CodeEntry> base_codes() {
    return kCodes;
}

}  // namespace cli
