#pragma once
// Which id of its own an instance gave to the connection behind a Mattermost client's socket, where
// the client knows it by another: the one of the instance that it first met.
//
// Some REST calls carry `Connection-Id`, so that the socket of who caused an event is left out when
// the event is told. They come over any connection and any worker.

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace edge {

/// Safe from any thread; who asks while there is none pays for one load.
class VirtualIds {
public:
    /// Ids that are not of Mattermost's form (26 lower-case letters and digits) are not kept, as
    /// are more than `kMost`: the call then goes with the id that the client gave.
    static constexpr std::size_t kIdBytes = 26;
    static constexpr std::size_t kMost = 1'000'000;

    void put(const std::string& known, const std::string& real);
    void remove(const std::string& known);
    bool any() const { return count_.load(std::memory_order_relaxed) > 0; }
    /// Puts the instance's own id in the place of the client's in a request's head, if there is
    /// one.
    void translate(char* head, std::size_t bytes);

private:
    struct Shard {
        std::mutex mutex;
        std::unordered_map<std::string, std::string> real;
    };
    Shard& shard_of(std::string_view known);

    std::atomic<std::size_t> count_{0};
    std::array<Shard, 16> shards_;
};

}  // namespace edge
