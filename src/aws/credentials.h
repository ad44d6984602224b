#pragma once
// Keys for requests to AWS, from wherever this machine has them, and fresh before they end.
// The order is that of the SDKs ("Credential provider chain", SDK reference guide):
//
//   environment; a profile's role; web identity; a profile's keys or credential_process; container;
//   instance (IMDSv2, never v1)
//
// A profile that the caller names comes before the environment, and nothing else is asked then.
// Sources of single sign-on are named in the error, with what to do instead.

#include "aws/client.h"
#include "aws/settings.h"
#include "aws/sign.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <vector>

namespace aws {

struct Credentials {
    Keys keys;
    std::optional<base::Instant> until;  ///< None: until someone deletes them.
    std::string source;                  ///< Like `profile production`; never a secret.
};

/// Used by one thread; `transport` and `clock` outlive it. No text of an error has any part of a
/// key, a token or an answer that may hold one (P11).
class KeyRing {
public:
    struct Surroundings {
        Environment environment;
        Shared shared;
        std::string region;  ///< Whose STS gives roles.
    };
    KeyRing(Surroundings surroundings, Transport& transport, base::Clock& clock,
            base::Random random);

    /// Keys that are good for a while. They are fetched anew some time before they end, each
    /// process at another moment; where that fails and they still hold, they are given.
    /// `rejected` where there are none (CF0808) or their source is broken (CF0809), `unavailable`
    /// where it does not answer.
    base::Result<Keys> keys(base::Deadline deadline);

    /// Where the present keys are from; empty before the first.
    std::string source() const { return held_ ? held_->source : std::string{}; }

private:
    using Found = base::Result<std::optional<Credentials>>;

    base::Result<Credentials> fetch(base::Deadline deadline);
    Found from_environment() const;
    Found from_web_identity(base::Deadline deadline);
    Found from_profile(const std::string& name, base::Deadline deadline);
    Found from_role(const std::string& name, base::Deadline deadline);
    Found from_command(const std::string& name, base::Deadline deadline);
    Found from_container(base::Deadline deadline);
    Found from_instance(base::Deadline deadline);
    base::Result<Credentials> base_of_role(const std::string& name, base::Deadline deadline);
    base::Result<Credentials> ask_sts(const Operation& operation, Entries input,
                                      const std::optional<Keys>& keys, base::Deadline deadline);
    base::Result<Answer> ask_machine(Request request, base::Deadline deadline);

    Surroundings given_;
    Transport* transport_;
    base::Clock* clock_;
    base::Random random_;
    std::optional<Credentials> held_;
    base::Instant refresh_at_;
    std::vector<std::string> chain_;  ///< Profiles whose roles are being resolved.
};

}  // namespace aws
