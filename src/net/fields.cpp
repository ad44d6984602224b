#include "net/fields.h"

#include "net/field_names.h"
#include "net/scan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace net {

namespace {

template <typename Word>
bool same_word(const char* name, const char* folded, Word fold_mask) {
    Word left = 0;
    Word right = 0;
    std::memcpy(&left, name, sizeof left);
    std::memcpy(&right, folded, sizeof right);
    return (left | fold_mask) == right;
}

// Folding by one bit is exact here: no two characters of tokens that differ in it alone are
// anything but letters, save for a few signs that no known name has.
bool same_folded(const char* name, const char* folded, std::size_t size) {
    if (size >= 8) {
        constexpr std::uint64_t kFold = 0x2020202020202020U;
        for (std::size_t at = 0; at + 8 < size; at += 8)
            if (!same_word(name + at, folded + at, kFold)) return false;
        return same_word(name + size - 8, folded + size - 8, kFold);
    }
    if (size >= 4) {
        constexpr std::uint32_t kFold = 0x20202020U;
        return same_word(name, folded, kFold) &&
               same_word(name + size - 4, folded + size - 4, kFold);
    }
    for (std::size_t at = 0; at < size; ++at)
        if (static_cast<char>(names::fold(name[at])) != folded[at]) return false;
    return true;
}

}  // namespace

FieldId field_id(std::string_view name) {
    if (name.size() < 2 || name.size() > names::kNameBytesMax) return FieldId::other;
    const std::uint8_t id = names::candidate(name);
    const names::Folded& known = names::kFolded[id];
    const bool same =
        known.size == name.size() && same_folded(name.data(), known.text.data(), name.size());
    return same ? FieldId{id} : FieldId::other;
}

std::string_view name_of(FieldId id) {
    return names::kNames[static_cast<std::size_t>(id)];
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool same_ignoring_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, scan::lower, scan::lower);
}

bool lists_token(std::string_view value, std::string_view token) {
    while (true) {
        const std::size_t comma = value.find(',');
        if (same_ignoring_case(trimmed(value.substr(0, comma)), token)) return true;
        if (comma == std::string_view::npos) return false;
        value.remove_prefix(comma + 1);
    }
}

std::string_view Fields::first(FieldId id) const {
    for (const FieldSpan& span : spans_)
        if (span.id == id) return {bytes_ + span.value_at, span.value_bytes};
    return {};
}

std::optional<std::string_view> Fields::find(std::string_view name) const {
    if (const FieldId id = field_id(name); id != FieldId::other) return find(id);
    for (const Field field : *this)
        if (same_ignoring_case(field.name, name)) return field.value;
    return {};
}

bool Fields::some_line_lists(FieldId id, std::string_view token) const {
    for (const FieldSpan& span : spans_)
        if (span.id == id && lists_token({bytes_ + span.value_at, span.value_bytes}, token))
            return true;
    return false;
}

FieldList::FieldList(const Fields& fields) {
    fields_.reserve(fields.size());
    for (const Field field : fields) add(field.name, field.value);
}

void FieldList::add(std::string_view name, std::string_view value) {
    fields_.emplace_back(name, value);
}

void FieldList::set(std::string_view name, std::string_view value) {
    remove(name);
    add(name, value);
}

void FieldList::remove(std::string_view name) {
    std::erase_if(fields_,
                  [&](const auto& field) { return same_ignoring_case(field.first, name); });
}

std::optional<std::string_view> FieldList::find(std::string_view name) const {
    for (const auto& [each, value] : fields_)
        if (same_ignoring_case(each, name)) return value;
    return {};
}

bool FieldList::lists(std::string_view name, std::string_view token) const {
    return std::ranges::any_of(fields_, [&](const auto& field) {
        return same_ignoring_case(field.first, name) && lists_token(field.second, token);
    });
}

}  // namespace net
