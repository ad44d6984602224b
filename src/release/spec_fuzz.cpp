// Any bytes are a spec or are refused; what is taken prints as what reads back the same.
#include "release/spec.h"

#include "base/check.h"
#include "release/spec_form.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string text(bytes, bytes + size);
    const auto spec = release::spec_from(text, "fuzz");
    if (!spec) {
        CHECK(!spec.error().empty());
        CHECK(!base::text_of(spec.error()).empty());
        return 0;
    }
    const auto again = release::spec_from(release::spec_form().json(*spec), "again");
    CHECK(again.has_value());
    CHECK(*again == *spec);
    return 0;
}
