#pragma once
// engine::Store on one SQLite file, used by several processes at once.

#include "engine/store.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

namespace local {

/// WAL with synchronous=FULL: what a call gave success for is there after a power cut. Writers
/// take turns by BEGIN IMMEDIATE and wait for each other up to five seconds. A file that is
/// damaged, of a newer schema or on a full or read-only disk is reported as such and left alone.
class Store final : public engine::Store {
public:
    /// Opens or makes the file. `rejected` when it is no store of ours or damaged.
    static base::Result<std::unique_ptr<Store>> open(const std::filesystem::path& file);
    ~Store() override;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    base::Result<void> append(const engine::Record& record, std::uint64_t fence) override;
    base::Result<std::vector<engine::Record>> read(std::uint64_t from, std::size_t limit) override;
    base::Result<std::optional<engine::Record>> last() override;
    base::Result<engine::Lease> acquire(const std::string& holder, const std::string& purpose,
                                        base::Instant now,
                                        std::chrono::milliseconds length) override;
    base::Result<engine::Lease> renew(const engine::Lease& lease, base::Instant now,
                                      std::chrono::milliseconds length) override;
    base::Result<void> release(const engine::Lease& lease) override;
    base::Result<std::optional<engine::Lease>> lease() override;
    base::Result<engine::Request> ask(const std::string& verb, const std::string& argument,
                                      const std::string& actor, base::Instant now) override;
    base::Result<std::vector<engine::Request>> requests(std::uint64_t after) override;

    /// No growth beyond so many pages of 4 KiB: a full disk, for tests.
    void limit_pages(std::uint32_t pages);

private:
    Store(sqlite3* database, std::filesystem::path file);

    sqlite3* database_;
    std::filesystem::path file_;
};

}  // namespace local
