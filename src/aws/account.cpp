#include "aws/account.h"

#include "aws/client.h"
#include "aws/credentials.h"
#include "aws/crew.h"
#include "aws/endpoints.h"
#include "aws/settings.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace aws {
namespace {

// Pages of DescribeInstances are the largest answers that are read whole.
constexpr std::size_t kAnswerMax = std::size_t{64} << 20;

bool says_true(const std::optional<std::string>& text) {
    return text && (*text == "true" || *text == "True" || *text == "TRUE");
}

}  // namespace

Account::Account(AccountWish wish, Shared shared, std::string region, base::Clock& clock,
                 base::Random random)
    : wish_(std::move(wish)),
      shared_(std::move(shared)),
      region_(std::move(region)),
      clock_(&clock),
      random_(random),
      transport_(clock, kAnswerMax) {}

base::Result<std::unique_ptr<Account>> Account::open(AccountWish wish, base::Clock& clock,
                                                     base::Random random) {
    auto shared = Shared::read(wish.environment, wish.profile);
    if (!shared) return base::fail(shared);
    auto region = region_of(wish.environment, *shared, wish.region);
    if (!region) return base::fail(region);
    std::unique_ptr<Account> out(
        new Account(std::move(wish), std::move(*shared), std::move(*region), clock, random));
    out->keys_ = std::make_unique<KeyRing>(
        KeyRing::Surroundings{
            .environment = out->wish_.environment, .shared = out->shared_, .region = out->region_},
        out->transport_, clock, base::Random(out->random_.next()));
    return out;
}

base::Result<Client*> Account::client(const std::string& service, const std::string& bucket) {
    auto& held = clients_[{service, bucket}];
    if (held != nullptr) return held.get();
    auto client = made(service, bucket, transport_);
    if (!client) return base::fail(client);
    held = std::move(*client);
    return held.get();
}

base::Result<std::unique_ptr<Lane>> Account::lane(const std::string& bucket) {
    auto transport = std::make_shared<CurlTransport>(*clock_, kAnswerMax);
    auto client = made("s3", bucket, *transport);
    if (!client) return base::fail(client);
    return std::make_unique<Lane>(
        Lane{.transport = std::move(transport), .client = std::move(*client)});
}

base::Result<std::unique_ptr<Client>> Account::made(const std::string& service,
                                                    const std::string& bucket,
                                                    Transport& transport) {
    const Environment& environment = wish_.environment;
    const auto told = [&](const char* variable, const char* setting) {
        return says_true(environment(variable)) || says_true(shared_.setting(setting));
    };
    const std::string url = configured_url(environment, shared_, service, wish_.endpoint);
    const auto endpoint =
        endpoint_of({.service = service,
                     .region = region_,
                     .url = url,
                     .bucket = bucket,
                     // A name before `localhost` would be another host.
                     .place = url.empty() ? BucketPlace::automatic : BucketPlace::path,
                     .fips = told("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
                     .dual_stack = told("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")});
    if (!endpoint) return base::fail(endpoint);
    return std::make_unique<Client>(
        *endpoint, transport,
        [this](base::Deadline deadline) {
            const std::lock_guard lock(keys_mutex_);
            return keys_->keys(deadline);
        },
        *clock_, base::Random(random_.next()));
}

}  // namespace aws
