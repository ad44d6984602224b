#include "cli/codes.h"

#include <array>

namespace cli {
namespace {

constexpr std::array kCodes{
    CodeEntry{"CF0801", "a request to AWS does not fit its operation",
              "A member that the operation does not have, a value of another type, or a part of "
              "the path or host name that is missing.",
              "Correct what the message names; where it is no setting of yours, this is a mistake "
              "of Crossfade.",
              "Nothing was sent."},
    CodeEntry{"CF0802", "an answer of AWS cannot be read",
              "It is cut short, or no answer of this operation; a proxy on the way may have made "
              "it.",
              "See what stands between this machine and the endpoint.",
              "An answer that cannot be read is never taken for an empty one; the call may have "
              "had its effect, so it is read back before anything follows from it."},
};

}  // namespace

std::span<const CodeEntry> aws_codes() {
    return kCodes;
}

}  // namespace cli
