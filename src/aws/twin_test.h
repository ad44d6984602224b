#pragma once
// For tests: a load balancer, its monitoring and a clock, behind the seam of the transport. It
// answers the wire's bytes, keeps what was written, and can lose an answer.

#include "aws/client.h"
#include "aws/request.h"
#include "aws/scalar.h"
#include "base/clock.h"
#include "base/percent.h"
#include "base/random.h"
#include "release/pool.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace aws {

class HandClock final : public base::Clock {
public:
    base::Instant now() override { return base::instant_of_micros(1'700'000'000'000'000) + spent; }
    base::Tick tick() override { return base::Tick{spent}; }
    void wait_until(base::Tick until, const std::stop_token&) override {
        spent = std::max(
            spent, std::chrono::duration_cast<std::chrono::microseconds>(until.time_since_epoch()));
    }
    std::chrono::microseconds spent{0};
};

/// The members of a form: `Action`, `Actions.member.1.Type`.
inline std::map<std::string, std::string> form_from(const std::string& body) {
    std::map<std::string, std::string> out;
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t end = std::min(body.find('&', at), body.size());
        const std::string part = body.substr(at, end - at);
        const std::size_t equals = part.find('=');
        out[base::percent_decoded(part.substr(0, equals)).value()] =
            base::percent_decoded(part.substr(equals + 1)).value();
        at = end + 1;
    }
    return out;
}

/// What happens to one request; the seam of every twin asks for it.
enum class Mishap { none, unreached, unanswered, lost_answer };

/// Lets the nth request from now on meet with something.
struct Misfortune {
    int at = -1;
    Mishap kind = Mishap::none;

    Mishap next() { return at-- == 0 ? kind : Mishap::none; }
    static base::Result<Answer> answer(Mishap mishap) {
        return base::fail(
            mishap == Mishap::unreached ? base::Failure::unavailable : base::Failure::unknown,
            {.code = "CF0805", .what = "lost"});
    }
};

class BalancerTwin final : public Transport {
public:
    explicit BalancerTwin(HandClock& clock) : clock_(&clock) {}

    static constexpr const char* kRule = "arn:aws:elb:x:1:listener-rule/app/shop/1/2/3";
    static constexpr const char* kBalancer = "arn:aws:elb:x:1:loadbalancer/app/shop/1";
    static constexpr const char* kBlue = "arn:aws:elb:x:1:targetgroup/blue/1";
    static constexpr const char* kGreen = "arn:aws:elb:x:1:targetgroup/green/2";

    int blue = 100;
    int green = 0;
    std::string path = "/*";   ///< The rule's condition.
    std::string later = "on";  ///< An element that no model names.
    std::map<std::string, std::string> tags;
    bool lose_next = false;  ///< The next change happens, and nobody hears of it.
    std::vector<std::string> actions;
    std::string health = "healthy";
    std::string status = "Complete";
    bool splits_pages = false;
    Misfortune misfortune;

    void request(unsigned count, unsigned bad = 0, release::Pool pool = release::Pool::green) {
        auto& minute = minutes_[clock_->now().time_since_epoch() / std::chrono::minutes(1)];
        for (unsigned i = 0; i < count + bad; ++i) {
            // Spread as evenly as the weights say.
            owed_ += green;
            const bool to_green = owed_ >= blue + green;
            if (to_green) owed_ -= blue + green;
            const char* const group = to_green ? kGreen : kBlue;
            ++minute[std::string(group) + " RequestCount"];
            if (i >= count) ++minute[std::string(group) + " HTTPCode_Target_5XX_Count"];
        }
        static_cast<void>(pool);
    }

    base::Result<Answer> send(const Request& request, Effect effect, base::Deadline) override {
        const auto form = form_from(request.body);
        const std::string action = form.at("Action");
        actions.push_back(action);
        const Mishap mishap = misfortune.next();
        if (mishap == Mishap::unreached || mishap == Mishap::unanswered)
            return Misfortune::answer(mishap);
        Answer answer{.status = 200, .headers = {}, .body = {}};
        answer.body =
            "<R><" + action + "Result>" + content_of(action, form) + "</" + action + "Result></R>";
        if (effect == Effect::changes && lose_next) {
            lose_next = false;
            return Misfortune::answer(Mishap::lost_answer);
        }
        return mishap == Mishap::none ? base::Result<Answer>(answer) : Misfortune::answer(mishap);
    }

private:
    using Form = std::map<std::string, std::string>;

    std::string content_of(const std::string& action, const Form& form) {
        if (action == "DescribeRules") return rules_page(form);
        if (action == "ModifyRule") return modify(form);
        if (action == "DescribeTags") return tags_of();
        if (action == "AddTags") return add_tags(form);
        if (action == "DescribeTargetHealth")
            return "<TargetHealthDescriptions><member><Target><Id>i-1</Id></Target><TargetHealth>"
                   "<State>" +
                   health + "</State></TargetHealth></member></TargetHealthDescriptions>";
        if (action == "GetMetricData") return metrics(form);
        ADD_FAILURE() << "the twin does not know " << action;
        return {};
    }
    std::string tuple(const char* arn, int weight) const {
        return fmt::format(
            "<member><TargetGroupArn>{}</TargetGroupArn><Weight>{}</Weight></member>", arn, weight);
    }
    std::string rule() const {
        return fmt::format(
            "<Rules><member><RuleArn>{}</RuleArn><Priority>5</Priority><IsDefault>false</IsDefault>"
            "<Conditions><member><Field>path-pattern</Field><Values><member>{}</member></Values>"
            "</member></Conditions><Actions><member><Type>forward</Type><ForwardConfig>"
            "<TargetGroups>{}{}</TargetGroups><Later><Mode>{}</Mode></Later></ForwardConfig>"
            "</member></Actions></member></Rules>",
            kRule, path, tuple(kBlue, blue), tuple(kGreen, green), later);
    }
    std::string rules_page(const Form& form) {
        if (splits_pages && !form.contains("Marker"))
            return "<Rules/><NextMarker>more</NextMarker>";
        return rule();
    }
    std::string modify(const Form& form) {
        later.clear();
        for (const auto& [key, value] : form) {
            if (key.ends_with(".Later.Mode")) later = value;
            if (!key.ends_with(".TargetGroupArn")) continue;
            const std::string weight = key.substr(0, key.size() - 14) + "Weight";
            (value == kBlue ? blue : green) = std::stoi(form.at(weight));
        }
        return rule();
    }
    std::string tags_of() const {
        std::string out =
            "<TagDescriptions><member><ResourceArn>" + std::string(kRule) + "</ResourceArn><Tags>";
        for (const auto& [key, value] : tags)
            out += "<member><Key>" + key + "</Key><Value>" + value + "</Value></member>";
        return out + "</Tags></member></TagDescriptions>";
    }
    std::string add_tags(const Form& form) {
        for (const auto& [key, value] : form)
            if (key.ends_with(".Key"))
                tags[value] = form.at(key.substr(0, key.size() - 3) + "Value");
        return {};
    }
    // Only what is not zero is there, as with AWS.
    std::string metrics(const Form& form) {
        const auto minute_of = [&](const char* key) {
            const auto at = time_from(form.at(key));
            EXPECT_TRUE(at) << form.at(key);
            return at->time_since_epoch() / std::chrono::minutes(1);
        };
        std::string out = "<MetricDataResults>";
        for (int i = 1;; ++i) {
            const std::string before = fmt::format("MetricDataQueries.member.{}.", i);
            if (!form.contains(before + "Id")) break;
            const std::string metric = before + "MetricStat.Metric.";
            std::string group;
            for (const auto& [key, value] : form)
                if (key.starts_with(metric) && value.starts_with("targetgroup/"))
                    group = value == "targetgroup/blue/1" ? kBlue : kGreen;
            std::string times;
            std::string values;
            for (auto at = minute_of("StartTime"); at < minute_of("EndTime"); ++at) {
                const double value = value_of(at, group, form.at(metric + "MetricName"),
                                              form.at(before + "MetricStat.Stat"));
                if (value < 0) continue;
                times += "<member>" + base::to_text(base::Instant{std::chrono::minutes(at)}) +
                         "</member>";
                values += fmt::format("<member>{}</member>", value);
            }
            out += "<member><Id>" + form.at(before + "Id") + "</Id><Timestamps>" + times +
                   "</Timestamps><Values>" + values + "</Values><StatusCode>" + status +
                   "</StatusCode></member>";
        }
        return out + "</MetricDataResults>";
    }
    // Every request takes 40 ms.
    double value_of(std::int64_t minute, const std::string& group, const std::string& name,
                    const std::string& statistic) {
        auto& counts = minutes_[minute];
        const double requests = counts[group + " RequestCount"];
        if (requests == 0) return -1;  // nothing at all where nothing came
        if (name != "TargetResponseTime") {
            const double count = counts[group + " " + name];
            return count == 0 ? -1 : count;
        }
        return std::stod(statistic.substr(4)) >= 0.04 ? 100 : 0;
    }

    HandClock* clock_;
    std::map<std::int64_t, std::map<std::string, double>> minutes_;
    int owed_ = 0;
};

/// A client of the twin, for a service by its signing name.
inline Client client_of(Transport& twin, HandClock& clock, const std::string& service,
                        Endpoint endpoint = {.host = "aws.example"}) {
    return Client(
        {.endpoint = std::move(endpoint),
         .scope = {"eu-central-1", service},
         .path = service == "s3" ? PathStyle::as_sent : PathStyle::normalised},
        twin,
        [](base::Deadline) {
            return Keys{.id = "AKID", .secret = base::Secret("secret"), .session = {}};
        },
        clock, base::Random(11));
}

}  // namespace aws
