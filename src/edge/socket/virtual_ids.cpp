#include "edge/socket/virtual_ids.h"

#include <algorithm>
#include <functional>

namespace edge {

namespace {

constexpr std::string_view kField = "\r\nconnection-id: ";

bool is_id(std::string_view text) {
    return text.size() == VirtualIds::kIdBytes && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
           });
}

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

VirtualIds::Shard& VirtualIds::shard_of(std::string_view known) {
    return shards_[std::hash<std::string_view>{}(known) % shards_.size()];
}

void VirtualIds::put(const std::string& known, const std::string& real) {
    if (!is_id(known) || !is_id(real) || count_.load() >= kMost) return;
    Shard& shard = shard_of(known);
    const std::lock_guard lock(shard.mutex);
    if (shard.real.insert_or_assign(known, real).second) ++count_;
}

void VirtualIds::remove(const std::string& known) {
    Shard& shard = shard_of(known);
    const std::lock_guard lock(shard.mutex);
    count_ -= shard.real.erase(known);
}

void VirtualIds::translate(char* head, std::size_t bytes) {
    char* const end = head + bytes;
    char* const at = std::search(head, end, kField.begin(), kField.end(),
                                 [](char a, char b) { return lower(a) == b; });
    if (static_cast<std::size_t>(end - at) < kField.size() + kIdBytes + 2) return;
    char* const value = at + kField.size();
    if (value[kIdBytes] != '\r') return;
    const std::string known(value, kIdBytes);
    Shard& shard = shard_of(known);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.real.find(known);
    if (found != shard.real.end()) std::copy(found->second.begin(), found->second.end(), value);
}

}  // namespace edge
