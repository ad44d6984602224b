#include "cli/codes.h"

#include <array>

namespace cli {
namespace {

constexpr std::array kCodes{
    CodeEntry{"CF0501", "the edge's config is wrong",
              "A member is unknown, missing, out of its range, or contradicts another; the message "
              "has its JSON pointer.",
              "Crossfade writes this config from the spec: report it. If you wrote it yourself, "
              "see docs/reference/edge-admin.md.",
              "The edge keeps the config that it has."},
    CodeEntry{"CF0510", "the write came under an old lease",
              "A newer lease has written already (P6).",
              "Nothing: whoever has the lease carries on.", "Refused writes change nothing."},
    CodeEntry{"CF0511", "these are no weights",
              "Weights are whole numbers for groups that exist, and not all zero.",
              "Report it if Crossfade wrote them.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0512", "the edge has no such group", "It was never configured.",
              "`crossfade up` gives the edge the spec's config.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0513", "the group has no such target", "It was never registered, or is forgotten.",
              "`crossfade instances` lists them.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0514", "a worker has not taken the change up",
              "It is busy or stuck; the change is stored.",
              "Read the state back; the engine does so before it goes on.",
              "No capacity leaves before every worker runs the change (P3)."},
    CodeEntry{"CF0515", "the edge cannot store the change",
              "Most often its disk is full, so the change was not made.",
              "Free some space, then repeat.", "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0516", "the edge cannot listen there",
              "The address is in use, or not this machine's.",
              "Stop what uses it, or choose another `listen`.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0517", "the edge's API has nothing there", "It was asked by another version.",
              "See docs/reference/edge-admin.md.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0518", "the edge cannot understand the question",
              "A parameter or body is not of its form.", "See docs/reference/edge-admin.md.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0519", "the target exists already",
              "Under another address, or it is being drained.",
              "Drain and forget it first, or take another id.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0520", "the edge's state file cannot be understood",
              "`edge.json` is damaged or of another version.",
              "Remove the file: the agent and the next release write it anew.",
              "The edge does not start with a state that it cannot trust."},
    CodeEntry{"CF0521", "the target is not drained", "Only what is empty is forgotten.",
              "Wait for the state `drained`.", "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0522", "the write needs a lease", "Only targets are registered without one.",
              "Take the lease first.", "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0523", "too many targets", "A group has a bound.", "Use fewer instances.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0524", "the edge has no config yet", "Nothing was released or brought up.",
              "Run `crossfade up`.", "It answers nobody before it has one."},
    CodeEntry{"CF0525", "the edge has no weights yet", "Nothing was released.",
              "Run `crossfade up`.", "It answers nobody before it has them."},
    CodeEntry{"CF0526", "the window is out of its range",
              "Observation goes back 120 seconds at most.", "Ask for 1 to 120 seconds.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0527", "a worker of the edge does not answer",
              "It is stuck, or the machine is overloaded.",
              "The agent restarts the edge if it stays so.", "Its sibling workers go on serving."},
    CodeEntry{"CF0528", "the method is not allowed there", "The message lists those that are.",
              "See docs/reference/edge-admin.md.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{"CF0541", "nothing of that name can be held",
              "A hold names groups or listeners of the edge's config.",
              "Ask the edge for its config, then name one of them.",
              "The edge keeps what it has and goes on serving."},
    CodeEntry{
        "CF0570", "a certificate or its key cannot be used",
        "A file is missing, is no PEM, needs a passphrase, or the two do not belong together.",
        "Give the certificate with its chain, and its key, as PEM files.",
        "The edge keeps the certificates that it has and goes on serving."},
    CodeEntry{"CF0571", "OpenSSL refuses a certificate or key",
              "Its key is too small or its digest too old, most often.",
              "Have the certificate issued anew, with at least RSA 2048 or P-256 and SHA-256.",
              "The edge keeps the certificates that it has and goes on serving."},
};

}  // namespace

std::span<const CodeEntry> edge_codes() {
    return kCodes;
}

}  // namespace cli
