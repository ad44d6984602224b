#pragma once
// Everything that calls to one account in one region need: keys, endpoints, a connection.

#include "aws/client.h"
#include "aws/credentials.h"
#include "aws/crew.h"
#include "aws/settings.h"
#include "aws/transport.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace aws {

/// As whom and where, as far as a person chose it; the rest is the environment's and the files'.
struct AccountWish {
    Environment environment;
    std::string profile = {};
    std::string region = {};
    std::string endpoint = {};  ///< For all services, as awsbox's.
};

/// One client a service, made when first asked for. Used by one thread; `clock` outlives it.
class Account {
public:
    /// Nothing is sent. Fails as Shared::read and region_of do.
    static base::Result<std::unique_ptr<Account>> open(AccountWish wish, base::Clock& clock,
                                                       base::Random random);
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;

    /// As the folder of its model: `elbv2`. Fails as endpoint_of does.
    base::Result<Client*> service(const std::string& name) { return client(name, ""); }
    base::Result<Client*> bucket(const std::string& name) { return client("s3", name); }

    /// A connection of its own, for one other thread, while this object's thread waits. They have
    /// the keys of all.
    base::Result<std::unique_ptr<Lane>> lane(const std::string& bucket);

    const std::string& region() const { return region_; }
    KeyRing& keys() { return *keys_; }

private:
    Account(AccountWish wish, Shared shared, std::string region, base::Clock& clock,
            base::Random random);
    base::Result<Client*> client(const std::string& service, const std::string& bucket);
    base::Result<std::unique_ptr<Client>> made(const std::string& service,
                                               const std::string& bucket, Transport& transport);

    AccountWish wish_;
    Shared shared_;
    std::string region_;
    base::Clock* clock_;
    base::Random random_;
    CurlTransport transport_;
    std::mutex keys_mutex_;  ///< Held while keys are asked for.
    std::unique_ptr<KeyRing> keys_;
    std::map<std::pair<std::string, std::string>, std::unique_ptr<Client>> clients_;
};

}  // namespace aws
