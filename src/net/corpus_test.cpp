// What fuzzing starts from, and what it once found, is replayed by every run of the tests.

#ifdef CROSSFADE_REPLAY

#include "base/file.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// The fuzz targets, compiled in under these names; see tests.cmake.
extern "C" {
int fuzz_http1(const std::uint8_t* data, std::size_t size);
int fuzz_http2(const std::uint8_t* data, std::size_t size);
int fuzz_http2_client(const std::uint8_t* data, std::size_t size);
int fuzz_websocket(const std::uint8_t* data, std::size_t size);
int fuzz_multipart(const std::uint8_t* data, std::size_t size);
}

namespace net {
namespace {

using Target = int (*)(const std::uint8_t* data, std::size_t size);

void replay(const char* corpus, Target target) {
    const auto folder = std::filesystem::path(CROSSFADE_SOURCE_DIR) / "tests/corpus" / corpus;
    int replayed = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        const auto text = base::read_file(file.path(), {.count = 1 << 20});
        ASSERT_TRUE(text) << file.path();
        const std::vector<std::uint8_t> bytes(text->begin(), text->end());
        // Every way of cutting that the first byte can name, not only the recorded one.
        for (unsigned first = 0; first < 256; first += 3) {
            std::vector<std::uint8_t> input = bytes;
            if (!input.empty() && first > 0) input[0] = static_cast<std::uint8_t>(first);
            target(input.data(), input.size());
        }
        ++replayed;
    }
    EXPECT_GT(replayed, 3);
}

TEST(Corpora, of_http1_are_replayed) {
    replay("http1", fuzz_http1);
}

TEST(Corpora, of_http2_are_replayed) {
    replay("http2", fuzz_http2);
}

TEST(Corpora, of_targets_http2_are_replayed) {
    replay("http2_client", fuzz_http2_client);
}

TEST(Corpora, of_websockets_are_replayed) {
    replay("websocket", fuzz_websocket);
}

TEST(Corpora, of_forms_are_replayed) {
    replay("multipart", fuzz_multipart);
}

}  // namespace
}  // namespace net

#endif
