// What fuzzing starts from, and what it once found, is replayed by every run of the tests.

#ifdef CROSSFADE_REPLAY

#include "base/file.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>

// The fuzz targets, compiled in under these names; see tests.cmake.
extern "C" {
int fuzz_cookies(const std::uint8_t* data, std::size_t size);
int fuzz_config(const std::uint8_t* data, std::size_t size);
int fuzz_wire(const std::uint8_t* data, std::size_t size);
}

namespace edge {
namespace {

void replay(const char* corpus, int (*target)(const std::uint8_t* data, std::size_t size)) {
    const auto folder = std::filesystem::path(CROSSFADE_SOURCE_DIR) / "tests/corpus" / corpus;
    int replayed = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        const auto text = base::read_file(file.path(), {.count = 1 << 20});
        ASSERT_TRUE(text) << file.path();
        // Whole, and cut anywhere.
        for (std::size_t size = 0; size <= text->size(); ++size) {
            target(reinterpret_cast<const std::uint8_t*>(text->data()), size);
        }
        ++replayed;
    }
    EXPECT_GT(replayed, 3);
}

TEST(Corpora, of_cookies_are_replayed) {
    replay("cookies", fuzz_cookies);
}

TEST(Corpora, of_configs_are_replayed) {
    replay("config", fuzz_config);
}

TEST(Corpora, of_takeovers_are_replayed) {
    replay("wire", fuzz_wire);
}

}  // namespace
}  // namespace edge

#endif
