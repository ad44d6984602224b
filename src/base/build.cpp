#include "base/build.h"

#include <fmt/format.h>
#include <link.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace base {

namespace {

constexpr std::uint32_t kBuildIdNote = 3;  // NT_GNU_BUILD_ID

std::size_t padded(std::size_t bytes) {
    return (bytes + 3) / 4 * 4;
}

/// Notes stand one behind the other: three sizes, a name, a description.
std::string id_in(const char* notes, std::size_t bytes) {
    while (bytes >= 12) {
        std::uint32_t head[3];
        std::memcpy(head, notes, sizeof head);
        const std::size_t name = padded(head[0]);
        const std::size_t whole = 12 + name + padded(head[1]);
        if (whole > bytes) break;
        if (head[2] == kBuildIdNote && head[0] == 4 && std::memcmp(notes + 12, "GNU", 4) == 0) {
            std::string made;
            for (std::size_t i = 0; i < head[1]; ++i) {
                fmt::format_to(std::back_inserter(made), "{:02x}",
                               static_cast<unsigned char>(notes[12 + name + i]));
            }
            return made;
        }
        notes += whole;
        bytes -= whole;
    }
    return {};
}

int look(dl_phdr_info* object, std::size_t, void* into) {
    // The first object is the program itself.
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const auto& segment = object->dlpi_phdr[i];
        if (segment.p_type != PT_NOTE) continue;
        const auto* notes =
            reinterpret_cast<const char*>(object->dlpi_addr + segment.p_vaddr);  // NOLINT
        auto& made = *static_cast<std::string*>(into);
        made = id_in(notes, segment.p_memsz);
        if (!made.empty()) break;
    }
    return 1;
}

}  // namespace

std::string build_id() {
    std::string made;
    ::dl_iterate_phdr(look, &made);
    return made;
}

}  // namespace base
