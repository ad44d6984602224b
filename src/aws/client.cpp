#include "aws/client.h"

#include "aws/codec.h"
#include "aws/key.h"
#include "aws/request.h"
#include "aws/scalar.h"
#include "aws/shape.h"
#include "aws/sign.h"
#include "aws/throttle.h"
#include "aws/value.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace aws {
namespace {

using namespace std::chrono_literals;

constexpr int kAttemptsMax = 3;
constexpr std::chrono::nanoseconds kWaitBase = 1s;
constexpr std::chrono::nanoseconds kWaitMax = 20s;
// Services allow five minutes; a complaint about less has another cause.
constexpr std::chrono::seconds kSkewMin = 4min;

// Refused before anything was done. `LimitExceeded` is a quota with ELB and Auto Scaling.
constexpr std::string_view kThrottled[] = {"Throttling",
                                           "ThrottlingException",
                                           "ThrottledException",
                                           "RequestThrottled",
                                           "RequestLimitExceeded",
                                           "RequestThrottledException",
                                           "SlowDown",
                                           "TooManyRequestsException",
                                           "EC2ThrottledException",
                                           "BandwidthLimitExceeded"};
constexpr std::string_view kClockCodes[] = {"RequestTimeTooSkewed",  "InvalidSignatureException",
                                            "SignatureDoesNotMatch", "RequestExpired",
                                            "AuthFailure",           "RequestInTheFuture"};
constexpr std::string_view kKeyCodes[] = {"ExpiredToken",
                                          "ExpiredTokenException",
                                          "InvalidClientTokenId",
                                          "InvalidAccessKeyId",
                                          "UnrecognizedClientException",
                                          "SignatureDoesNotMatch",
                                          "MissingAuthenticationToken",
                                          "InvalidSignatureException",
                                          "AuthFailure",
                                          "IncompleteSignature",
                                          "RequestExpired",
                                          "RequestTimeTooSkewed"};
// Another change of the same thing goes on; the second comes as a 500 though nothing is broken.
constexpr std::string_view kBusy[] = {"ScalingActivityInProgress", "ResourceContention",
                                      "ConditionalRequestConflict", "PreconditionFailed",
                                      "ResourceInUse"};

bool is_one_of(std::string_view code, std::span<const std::string_view> codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool says_not_found(const Fault& fault, int status) {
    return status == 404 || fault.code.ends_with("NotFound") ||
           fault.code.ends_with("NotFoundException") || fault.code.ends_with(".NotFound") ||
           fault.code.starts_with("NoSuch");
}

bool is_passing(const Fault& fault, int status) {
    return status == 500 || status == 502 || status == 503 || status == 504 ||
           fault.code == "RequestTimeout" || fault.code == "InternalError";
}

base::Error error_of(base::Failure failure, const char* code, std::string what, std::string why) {
    return {failure, {.code = code, .what = std::move(what), .why = std::move(why)}};
}

base::Error lost(const Operation& operation, std::string why) {
    if (operation.effect == Effect::reads)
        return error_of(base::Failure::unavailable, "CF0803",
                        fmt::format("{} was not answered", operation.name), std::move(why));
    return error_of(base::Failure::unknown, "CF0805",
                    fmt::format("whether {} took effect is not known", operation.name),
                    std::move(why));
}

// The body may be long: the copy that is signed has it while it is on its way.
struct Loan {
    Request& from;
    Request& to;
    ~Loan() { from.body = std::move(to.body); }
};

base::Error refusal(const Operation& operation, const Fault& fault, int status) {
    const std::string why = fmt::format("{}: {} (request {})", fault.code, fault.message,
                                        fault.request_id.empty() ? "?" : fault.request_id);
    if (is_one_of(fault.code, kThrottled) || status == 429)
        return error_of(base::Failure::unavailable, "CF0803",
                        fmt::format("{} is throttled", operation.name), why);
    // Such a message may quote what was signed, and so the session token (P11).
    if (is_one_of(fault.code, kKeyCodes))
        return error_of(base::Failure::rejected, "CF0804", "AWS refuses the keys", fault.code);
    const std::string what = fmt::format("AWS refuses {}", operation.name);
    if (is_one_of(fault.code, kBusy) || status == 409 || status == 412)
        return error_of(base::Failure::conflict, "CF0806", what, why);
    if (is_passing(fault, status)) return lost(operation, why);
    return error_of(
        says_not_found(fault, status) ? base::Failure::not_found : base::Failure::rejected,
        "CF0806", what, why);
}

}  // namespace

bool RetryBudget::take(int cost, Purpose purpose) {
    const int floor = purpose == Purpose::rollback ? 0 : kReserve;
    if (left_ - cost < floor) return false;
    left_ -= cost;
    return true;
}

void RetryBudget::give_back(int cost) {
    left_ = std::min(kCapacity, left_ + cost);
}

struct Client::Attempt {
    base::Result<Value> result;
    int cost = 0;  ///< Of another attempt; 0 where there must be none.
    bool clock_was_wrong = false;
};

Client::Client(Service service, Transport& transport, KeySource keys, base::Clock& clock,
               base::Random random)
    : service_(std::move(service)),
      transport_(&transport),
      keys_(std::move(keys)),
      clock_(&clock),
      random_(random),
      throttle_(rates_of(service_.scope.service)) {}

base::Result<Value> Client::call(const Operation& operation, Value input, const Terms& terms) {
    auto request = encode(operation, input, service_.endpoint);
    input = {};  // its body may be long, and is in the request
    if (!request) return base::fail(request);
    Attempt last = attempt(operation, *request, terms);
    // The clock is followed once a call, free of cost: what comes back was refused unread.
    if (last.clock_was_wrong) last = attempt(operation, *request, terms);
    int spent = 0;
    for (int number = 1; !last.result && last.cost > 0 && number < kAttemptsMax; ++number) {
        if (!budget_.take(last.cost, terms.purpose)) break;
        spent = last.cost;
        if (!wait_before(number, terms)) break;
        last = attempt(operation, *request, terms);
    }
    if (last.result) budget_.give_back(spent > 0 ? spent : RetryBudget::kFirstSuccess);
    return std::move(last.result);
}

Client::Attempt Client::attempt(const Operation& operation, Request& unsigned_request,
                                const Terms& terms) {
    const bool may_repeat = operation.effect == Effect::reads || terms.repeat == Repeat::harmless;
    if (!wait_for_turn(operation, terms))
        return {.result = tl::unexpected<base::Error>(
                    error_of(base::Failure::unavailable, "CF0803",
                             fmt::format("{} was not sent", operation.name),
                             "it was called so often that its turn comes after the deadline"))};
    std::string body = std::exchange(unsigned_request.body, {});
    Request request = unsigned_request;
    request.body = std::move(body);
    const Loan loan{.from = unsigned_request, .to = request};
    if (operation.signing == Signing::keys) {
        auto keys = keys_(terms.deadline);
        if (!keys) return {.result = base::fail(keys)};
        const Signer signer{
            .keys = std::move(*keys), .scope = service_.scope, .path = service_.path};
        sign_headers(
            request, signer, clock_->now() + skew_,
            service_.scope.service == "s3" ? payload_for_s3(request) : payload_of(request.body));
    }
    const auto answer =
        transport_->send(request, may_repeat ? Effect::reads : Effect::changes, terms.deadline);
    if (!answer) {
        const base::Failure failure = answer.error().failure;
        if (failure == base::Failure::unknown) {
            return {.result = tl::unexpected<base::Error>(lost(operation, answer.error().line())),
                    .cost = may_repeat ? RetryBudget::kTimeoutCost : 0};
        }
        const bool again = failure == base::Failure::unavailable;
        return {.result = base::fail(answer), .cost = again ? RetryBudget::kTimeoutCost : 0};
    }
    compare_clocks(*answer);
    if (const auto fault = fault_in(operation, *answer)) {
        base::Error error = refusal(operation, *fault, answer->status);
        const bool again = error.failure == base::Failure::unavailable ||
                           (may_repeat && error.failure == base::Failure::unknown);
        return {.result = tl::unexpected<base::Error>(std::move(error)),
                .cost = again ? RetryBudget::kCost : 0,
                .clock_was_wrong = follow_clock(*fault)};
    }
    auto value = decode(operation, *answer);
    if (!value)
        return {.result = tl::unexpected<base::Error>(lost(operation, value.error().line()))};
    return {.result = std::move(value)};
}

void Client::compare_clocks(const Answer& answer) {
    const std::string* const date = find_header(answer.headers, "date");
    const auto theirs = date != nullptr ? time_from(*date) : std::nullopt;
    ahead_ = theirs
                 ? std::optional(std::chrono::round<std::chrono::seconds>(*theirs - clock_->now()))
                 : std::nullopt;
}

bool Client::follow_clock(const Fault& fault) {
    if (!is_one_of(fault.code, kClockCodes) || !ahead_) return false;
    if (std::chrono::abs(*ahead_ - skew_) < kSkewMin) return false;
    skew_ = *ahead_;
    return true;
}

// Full jitter: anywhere up to a bound that doubles. False where the call is over before that.
bool Client::wait_before(int attempt, const Terms& terms) {
    const auto bound = std::min(kWaitMax, kWaitBase * (1 << (attempt - 1)));
    const auto share =
        static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(bound.count()) + 1));
    const base::Tick until = clock_->tick() + std::chrono::nanoseconds(share);
    if (until >= terms.deadline.at) return false;
    clock_->wait_until(until, terms.stop);
    return !terms.stop.stop_requested();
}

// The way back takes its turn and does not wait for it.
bool Client::wait_for_turn(const Operation& operation, const Terms& terms) {
    const base::Tick turn = throttle_.reserve(operation.name, clock_->tick());
    if (terms.purpose == Purpose::rollback || turn <= clock_->tick()) return true;
    if (turn >= terms.deadline.at) return false;
    clock_->wait_until(turn, terms.stop);
    return !terms.stop.stop_requested();
}

base::Result<void> Client::pages(const Operation& operation, Value input, const Terms& terms,
                                 const std::function<void(Value&)>& visit) {
    const Paging& paging = operation.paging;
    Value last;
    while (true) {
        auto page = call(operation, input, terms);
        if (!page) return base::fail(page);
        Value token;
        if (!paging.asks.empty())
            if (const Value* const given = page->member(paging.gives)) token = *given;
        const Value* const more = paging.more.empty() ? nullptr : page->member(paging.more);
        const bool is_last = more != nullptr && *more == Value(false);
        visit(*page);
        if (is_last || token.is_null() || token == Value("")) return {};
        if (token == last) return cannot_be_read(operation.name, "its pages lead in a circle");
        last = token;
        if (Value* const asked = input.member(paging.asks)) {
            *asked = token;
        } else if (auto* const entries = input.as<Entries>()) {
            entries->push_back({std::string(paging.asks), token});
        }
    }
}

base::Result<List> Client::all(const Operation& operation, const Value& input, const Items& list,
                               const Terms& terms) {
    List out;
    const auto done = pages(operation, input, terms, [&](Value& page) {
        if (List* const items = list.edit(page))
            std::move(items->begin(), items->end(), std::back_inserter(out));
    });
    if (!done) return base::fail(done);
    return out;
}

std::string_view code_of_service(const base::Error& error) {
    const std::string_view why = error.diagnostic.why;
    if (error.diagnostic.code != "CF0806") return {};
    return why.substr(0, why.find(':'));
}

}  // namespace aws
