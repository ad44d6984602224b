#pragma once
// engine::Hooks: commands as processes of their own, HTTP calls by libcurl.

#include "base/clock.h"
#include "engine/hooks.h"

#include <filesystem>
#include <map>
#include <string>

namespace local {

class Hooks final : public engine::Hooks {
public:
    /// Commands run in `working_folder`, the one that holds the spec, with this process's
    /// environment. What `secrets` stand for is removed from all that is handed back.
    Hooks(std::filesystem::path working_folder, base::Clock& clock,
          std::map<std::string, release::SecretSource> secrets = {});

    base::Result<engine::HookOutcome> call(const release::Hook& hook,
                                           const std::map<std::string, std::string>& context,
                                           const engine::Ticket& ticket,
                                           base::Deadline deadline) override;

private:
    base::Result<engine::HookOutcome> run(const release::Hook& hook,
                                          const std::map<std::string, std::string>& context,
                                          base::Deadline deadline);
    base::Result<engine::HookOutcome> post(const release::Hook& hook,
                                           const std::map<std::string, std::string>& context,
                                           base::Deadline deadline);

    std::filesystem::path working_folder_;
    base::Clock& clock_;
    std::map<std::string, release::SecretSource> secrets_;
};

}  // namespace local
