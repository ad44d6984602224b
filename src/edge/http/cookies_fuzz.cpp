// Cookie lines of any bytes: what is found stands in the line, behind its name.

#include "base/check.h"
#include "edge/http/cookies.h"
#include "edge/target/sticky.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const edge::Seal seal(std::string(edge::Seal::kKeyBytes, 'k'));
    const std::string_view line(reinterpret_cast<const char*>(bytes), size);
    for (const std::string_view name : {"AWSALB", "AWSALBTG", "a", ""}) {
        const auto value = edge::cookie_in(line, name);
        if (!value) continue;
        const char* const end = value->data() + value->size();
        CHECK(value->empty() || (value->data() >= line.data() && end <= line.data() + size));
        CHECK(value->find(';') == std::string_view::npos);
        // Nobody but us can seal.
        CHECK(!seal.open(*value) || size > 30);
    }
    return 0;
}
