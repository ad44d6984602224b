#pragma once
// engine::Sources: asks Prometheus servers and other addresses by HTTP, from this machine.

#include "base/clock.h"
#include "engine/sources.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace local {

class Sources final : public engine::Sources {
public:
    /// Secrets that are files are found from `home`, the folder that holds the spec.
    Sources(std::filesystem::path home, base::Clock& clock);
    /// A question that is under way is given up.
    ~Sources() override;
    Sources(const Sources&) = delete;
    Sources& operator=(const Sources&) = delete;

    engine::SourceReadings latest(const release::Plan& plan) override;

private:
    /// One metric: a thread that asks again and again, so that no source waits for another.
    class Asker;

    std::filesystem::path home_;
    base::Clock& clock_;
    std::string run_;
    std::vector<std::unique_ptr<Asker>> askers_;
};

}  // namespace local
