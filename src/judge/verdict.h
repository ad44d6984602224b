#pragma once
// What the judge says of a release, and why, in counts that a person can check.

#include <string>
#include <string_view>

namespace judge {

enum class Word {
    pass,     ///< Enough evidence, and within every limit.
    fail,     ///< A limit is exceeded: the release must go back.
    unknown,  ///< Too little evidence, or none: hold, never promote, never delete (P8).
};

std::string_view name_of(Word word);

struct Verdict {
    Word word = Word::unknown;
    std::string metric;  ///< Which limit decided: `errors`, `p99`, `sockets`, `harm`, `evidence`.
    std::string reason;  ///< Like `3 of 120 requests failed (2.5 %), at most 1 % may`.

    friend bool operator==(const Verdict&, const Verdict&) = default;
};

}  // namespace judge
