#pragma once
// A call of an operation from its input to its output: signed, sent, and sent again only where
// that is safe. Standard mode of AWS's retries ("Retry behavior", SDK reference guide), with a
// reserve for the way back.

#include "aws/codec.h"
#include "aws/key.h"
#include "aws/request.h"
#include "aws/shape.h"
#include "aws/sign.h"
#include "aws/throttle.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string_view>

namespace aws {

/// Carries one request to its answer; behind it are libcurl and the twin of the tests.
class Transport {
public:
    virtual ~Transport() = default;

    /// Any status is an answer. Fails with `unavailable` where the service provably received
    /// nothing, and with `unknown` where it may have: sent, but not answered at `deadline`. What
    /// changes something leaves this machine once at most.
    virtual base::Result<Answer> send(const Request& request, Effect effect,
                                      base::Deadline deadline) = 0;
};

/// Who asks: the way back may spend what a release on its way forward may not.
enum class Purpose { forward, rollback };

/// Whether a change may be sent again after its answer was lost: only where the input is such that
/// the second one finds what the first one left, as the same content under a name that is free.
enum class Repeat { harmful, harmless };

struct Terms {
    base::Deadline deadline;
    Purpose purpose = Purpose::forward;
    std::stop_token stop = {};  ///< Ends the wait before another attempt.
    Repeat repeat = Repeat::harmful;
};

/// What repeated attempts may cost, so that a service in trouble is not given more of it. Full at
/// first; each further attempt takes, each success gives back.
class RetryBudget {
public:
    /// False, and nothing taken, where too little is left. `forward` leaves the reserve alone.
    bool take(int cost, Purpose purpose);
    void give_back(int cost);
    int left() const { return left_; }

    static constexpr int kCapacity = 500;  ///< Of SDKs' standard mode, as are the costs.
    static constexpr int kReserve = 100;   ///< Ten timeouts for the way back.
    static constexpr int kCost = 5;
    static constexpr int kTimeoutCost = 10;
    static constexpr int kFirstSuccess = 1;

private:
    int left_ = kCapacity;
};

/// Where one service is and how it wants to be signed.
struct Service {
    Endpoint endpoint;
    Scope scope;
    PathStyle path = PathStyle::normalised;
};

/// The keys to sign with, asked before each attempt.
using KeySource = std::function<base::Result<Keys>(base::Deadline)>;

/// The calls of one service in one region, not more often than `rates_of` it. Used by one thread;
/// what it refers to outlives it.
class Client {
public:
    Client(Service service, Transport& transport, KeySource keys, base::Clock& clock,
           base::Random random);

    /// The operation's output. Fails with
    /// - `rejected` where the input does not fit, the keys are refused (CF0804) or the service
    ///   refuses (CF0806);
    /// - `not_found` and `conflict` where the service says so, as in a conditional write, or
    ///   another change of the same thing is still going on;
    /// - `unavailable` where nothing happened: throttled or unreachable through all attempts, or
    ///   a read that was never answered (CF0803);
    /// - `unknown` where a change was sent and its effect is not known (CF0805): read it back.
    ///   It is never sent twice, unless `terms` say that this is harmless.
    base::Result<Value> call(const Operation& operation, Value input, const Terms& terms);

    /// Every page of an operation, in order: all of them or an error, never a part (P8). A page
    /// that leads back to itself cannot be read (CF0802).
    base::Result<void> pages(const Operation& operation, Value input, const Terms& terms,
                             const std::function<void(Value&)>& visit);
    /// The items of `list` on every page.
    base::Result<List> all(const Operation& operation, const Value& input, const Items& list,
                           const Terms& terms);

    /// How far the service's clock is ahead of ours, as far as it complained.
    std::chrono::seconds skew() const { return skew_; }
    /// How far its clock was ahead of ours at its last answer, to a second or two; nothing before
    /// the first, or where answers have no date.
    std::optional<std::chrono::seconds> ahead() const { return ahead_; }
    const RetryBudget& budget() const { return budget_; }

private:
    struct Attempt;
    Attempt attempt(const Operation& operation, Request& unsigned_request, const Terms& terms);
    void compare_clocks(const Answer& answer);
    bool follow_clock(const Fault& fault);
    bool wait_before(int attempt, const Terms& terms);
    bool wait_for_turn(const Operation& operation, const Terms& terms);

    Service service_;
    Transport* transport_;
    KeySource keys_;
    base::Clock* clock_;
    base::Random random_;
    RetryBudget budget_;
    Throttle throttle_;
    std::chrono::seconds skew_{0};
    std::optional<std::chrono::seconds> ahead_;
};

/// The service's own word in a refusal of Client::call, as `RuleNotFound`; else nothing.
std::string_view code_of_service(const base::Error& error);

}  // namespace aws
