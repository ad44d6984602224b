// Any bytes are a plan or are refused; what is taken prints as what reads back the same.
#include "release/plan.h"

#include "base/check.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string text(bytes, bytes + size);
    const auto plan = release::plan_from_json(text);
    if (!plan) return 0;
    CHECK(!release::plan_to_text(*plan).empty());
    const auto again = release::plan_from_json(release::plan_to_json(*plan));
    CHECK(again.has_value());
    CHECK(*again == *plan);
    return 0;
}
