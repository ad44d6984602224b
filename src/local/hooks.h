#pragma once
// engine::Hooks: commands as processes of their own, HTTP calls by libcurl.

#include "base/clock.h"
#include "engine/hooks.h"

#include <filesystem>

namespace local {

class Hooks final : public engine::Hooks {
public:
    /// Commands run in `working_folder`, the one that holds the spec.
    Hooks(std::filesystem::path working_folder, base::Clock& clock);

    base::Result<engine::HookOutcome> call(const release::Hook& hook,
                                           const std::map<std::string, std::string>& context,
                                           const engine::Ticket& ticket,
                                           base::Deadline deadline) override;

private:
    std::filesystem::path working_folder_;
    base::Clock& clock_;
};

}  // namespace local
