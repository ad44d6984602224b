// Packets of any bytes: what is understood is said again in the same bytes.

#include "base/check.h"
#include "edge/takeover/wire.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view packet(reinterpret_cast<const char*>(bytes), size);
    const auto message = edge::takeover::decode(packet);
    if (message) CHECK(edge::takeover::encode(*message) == packet);
    return 0;
}
