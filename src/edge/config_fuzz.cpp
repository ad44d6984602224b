// Configs of any bytes: refused with a place, or read so that what is printed reads the same.

#include "base/check.h"
#include "base/json.h"
#include "edge/config.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    const auto json = base::json_from(text, 1 << 20);
    if (!json) return 0;
    const auto config = edge::config_from(*json);
    if (!config) {
        CHECK(config.error().diagnostic.code == "CF0501");
        return 0;
    }
    const auto again = edge::config_from(edge::to_json(*config));
    CHECK(again && *again == *config);
    return 0;
}
