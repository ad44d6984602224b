// Bytes as a peer might send them, cut as the network might cut them. The first byte says how;
// llhttp, where it is there, judges what we accept.

#include "base/check.h"
#include "net/http1_recorder.h"

#ifdef CROSSFADE_LLHTTP
#include "net/llhttp_oracle.h"
#endif

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

template <typename Recorder>
void expect_same_for_any_cut(std::string_view bytes, std::size_t step) {
    Recorder once;
    once.feed(bytes);
    once.finish();
    Recorder often;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const std::string piece{bytes.substr(at, step)};  // reading past its end is seen
        often.feed(piece);
    }
    often.finish();
    CHECK(once.text == often.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string bytes{data + 1, data + size};
    const std::size_t step = 1 + data[0] % 64U;
    expect_same_for_any_cut<net::RequestRecorder>(bytes, step);
    expect_same_for_any_cut<net::ResponseRecorder>(bytes, step);
#ifdef CROSSFADE_LLHTTP
    const net::Verdict ours = net::our_request(bytes);
    const net::Verdict theirs = net::Oracle::request(bytes);
    const bool both =
        ours.ending == net::Verdict::Ending::whole && theirs.ending == net::Verdict::Ending::whole;
    CHECK(!both || ours.message == theirs.message);
#endif
    return 0;
}
