#pragma once
// For tests: Auto Scaling, target health, EC2 and a bucket behind the seam of the transport, in
// one world that moves when it is told to.

#include "aws/client.h"
#include "aws/request.h"
#include "aws/scalar.h"
#include "aws/twin_test.h"
#include "base/percent.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace aws {

class ScalingTwin final : public Transport {
public:
    struct Instance {
        std::string id;
        std::string lifecycle = "Pending";
        std::string health = "Healthy";
        std::string target = "none";
        int version = 0;
        int leaving_for = 0;
        base::Instant since;
    };
    struct AutoGroup {
        std::string name;
        std::string version = "1";
        int min = 0;
        int max = 6;
        int desired = 0;
        std::set<std::string> suspended;
        std::map<std::string, std::string> tags;
        std::vector<Instance> instances;
    };
    struct Version {
        std::string description;
        std::string script;
        std::string source;
    };

    explicit ScalingTwin(HandClock& clock) : clock_(&clock) {}

    AutoGroup blue{.name = "shop-blue"};
    AutoGroup green{.name = "shop-green"};
    std::vector<Version> versions{{}};  ///< The first is 1.
    std::map<std::string, std::string> objects;
    std::set<std::string> sick;  ///< Digests of artifacts that never become healthy.
    std::vector<std::string> actions;
    std::vector<std::string> changes;  ///< Those that were made.
    Misfortune misfortune;
    std::function<void()> before;

    /// One small step of all that moves by itself.
    void advance() {
        for (AutoGroup* const group : {&blue, &green}) {
            for (Instance& each : group->instances) move(*group, each);
            std::erase_if(group->instances, [](const Instance& i) { return i.leaving_for > 2; });
            look_after(*group);
        }
    }

    base::Result<Answer> send(const Request& request, Effect effect, base::Deadline) override {
        if (before) before();
        const auto form = form_from(request.body);
        const bool is_object = request.path != "/";
        const std::string action = is_object ? request.method : form.at("Action");
        actions.push_back(action);
        const Mishap mishap = misfortune.next();
        if (mishap == Mishap::unreached || mishap == Mishap::unanswered)
            return Misfortune::answer(mishap);
        if (effect == Effect::changes) changes.push_back(action);
        const Answer answer = is_object ? object(request) : answered(action, form);
        return mishap == Mishap::none ? base::Result<Answer>(answer) : Misfortune::answer(mishap);
    }

private:
    using Form = std::map<std::string, std::string>;

    // --- what moves -------------------------------------------------------------------------

    bool is_sick(const Instance& each) const {
        const std::string& script = versions[static_cast<std::size_t>(each.version - 1)].script;
        return std::any_of(sick.begin(), sick.end(), [&](const std::string& digest) {
            return script.find(digest) != std::string::npos;
        });
    }
    void move(const AutoGroup& group, Instance& each) const {
        if (each.lifecycle == "Terminating") {
            each.target = "draining";
            ++each.leaving_for;
        } else if (each.lifecycle == "Pending") {
            each.lifecycle = "InService";
            each.target = "initial";
        } else if (each.target == "initial") {
            each.target = is_sick(each) ? "unhealthy" : "healthy";
        } else if (each.health == "Unhealthy" && !group.suspended.contains("ReplaceUnhealthy")) {
            each.lifecycle = "Terminating";
        }
    }
    static int alive(const AutoGroup& group) {
        return static_cast<int>(
            std::count_if(group.instances.begin(), group.instances.end(),
                          [](const Instance& i) { return i.lifecycle != "Terminating"; }));
    }
    void look_after(AutoGroup& group) {
        while (alive(group) < group.desired)
            group.instances.push_back({.id = fmt::format("i-{:04}", ++last_),
                                       .version = std::stoi(group.version),
                                       .since = clock_->now()});
        for (Instance& each : group.instances)
            if (alive(group) > group.desired && each.lifecycle != "Terminating")
                each.lifecycle = "Terminating";
    }

    // --- what answers -----------------------------------------------------------------------

    static Answer refused(int status, const std::string& code) {
        return {.status = status,
                .headers = {},
                .body = "<ErrorResponse><Error><Code>" + code +
                        "</Code><Message>no</Message></Error></ErrorResponse>"};
    }
    Answer object(const Request& request) {
        const std::string key = base::percent_decoded(request.path.substr(1)).value();
        if (request.method == "HEAD")
            return {.status = objects.contains(key) ? 200 : 404, .headers = {}, .body = {}};
        if (find_header(request.headers, "If-None-Match") != nullptr && objects.contains(key))
            return {.status = 412,
                    .headers = {},
                    .body = "<Error><Code>PreconditionFailed</Code></Error>"};
        objects[key] = request.body;
        return {.status = 200, .headers = {{"ETag", "\"x\""}}, .body = {}};
    }
    AutoGroup& group_of(const Form& form, const char* key = "AutoScalingGroupName") {
        return form.at(key) == blue.name ? blue : green;
    }
    Answer answered(const std::string& action, const Form& form) {
        if (action == "TerminateInstanceInAutoScalingGroup") return terminate(form);
        const std::string body = content_of(action, form);
        const bool is_ec2 = form.at("Version") == "2016-11-15";
        return {.status = 200,
                .headers = {},
                .body = is_ec2
                            ? "<R>" + body + "</R>"
                            : "<R><" + action + "Result>" + body + "</" + action + "Result></R>"};
    }
    std::string content_of(const std::string& action, const Form& form) {
        if (action == "DescribeAutoScalingGroups")
            return "<AutoScalingGroups>" + described(blue) + described(green) +
                   "</AutoScalingGroups>";
        if (action == "DescribeTargetHealth") return health(form);
        if (action == "DescribeInstances") return machines();
        if (action == "DescribeLaunchTemplateVersions") return template_versions();
        if (action == "CreateLaunchTemplateVersion") return new_version(form);
        if (action == "CreateOrUpdateTags") return tag(form);
        if (action == "UpdateAutoScalingGroup") return update(form);
        if (action == "SuspendProcesses" || action == "ResumeProcesses") return processes(form);
        ADD_FAILURE() << "the twin does not know " << action;
        return {};
    }
    static std::string described(const AutoGroup& group) {
        std::string out = fmt::format(
            "<member><AutoScalingGroupName>{}</AutoScalingGroupName><LaunchTemplate><Version>{}"
            "</Version></LaunchTemplate><MinSize>{}</MinSize><MaxSize>{}</MaxSize>"
            "<DesiredCapacity>{}</DesiredCapacity><Instances>",
            group.name, group.version, group.min, group.max, group.desired);
        for (const Instance& each : group.instances)
            out += fmt::format(
                "<member><InstanceId>{}</InstanceId><LifecycleState>{}</LifecycleState>"
                "<HealthStatus>{}</HealthStatus><LaunchTemplate><Version>{}</Version>"
                "</LaunchTemplate></member>",
                each.id, each.lifecycle, each.health, each.version);
        out += "</Instances><SuspendedProcesses>";
        for (const std::string& each : group.suspended)
            out += "<member><ProcessName>" + each + "</ProcessName></member>";
        out += "</SuspendedProcesses><Tags>";
        for (const auto& [key, value] : group.tags)
            out += "<member><Key>" + key + "</Key><Value>" + value + "</Value></member>";
        return out + "</Tags></member>";
    }
    std::string health(const Form& form) {
        const AutoGroup& group = form.at("TargetGroupArn").ends_with("blue/1") ? blue : green;
        std::string out = "<TargetHealthDescriptions>";
        for (const Instance& each : group.instances)
            if (each.target != "none")
                out += fmt::format(
                    "<member><Target><Id>{}</Id><Port>8065</Port></Target><TargetHealth><State>{}"
                    "</State><Reason>Target.Reason</Reason></TargetHealth></member>",
                    each.id, each.target);
        return out + "</TargetHealthDescriptions>";
    }
    std::string machines() const {
        std::string out = "<reservationSet>";
        for (const AutoGroup* const group : {&blue, &green})
            for (const Instance& each : group->instances)
                out += fmt::format(
                    "<item><instancesSet><item><instanceId>{0}</instanceId><privateIpAddress>"
                    "10.0.0.{1}</privateIpAddress><launchTime>{2}</launchTime></item>"
                    "</instancesSet></item>",
                    each.id, std::stoi(each.id.substr(2)), base::to_text(each.since));
        return out + "</reservationSet>";
    }
    std::string template_versions() const {
        std::string out = "<launchTemplateVersionSet>";
        for (std::size_t i = 0; i < versions.size(); ++i)
            out += fmt::format(
                "<item><versionNumber>{}</versionNumber><versionDescription>{}"
                "</versionDescription></item>",
                i + 1, versions[i].description);
        return out + "</launchTemplateVersionSet>";
    }
    std::string new_version(const Form& form) {
        versions.push_back({.description = form.at("VersionDescription"),
                            .script = bytes_of(form.at("LaunchTemplateData.UserData")).value_or(""),
                            .source = form.at("SourceVersion")});
        return fmt::format(
            "<launchTemplateVersion><versionNumber>{}</versionNumber>"
            "</launchTemplateVersion>",
            versions.size());
    }
    std::string tag(const Form& form) {
        for (const auto& [key, value] : form) {
            if (!key.ends_with(".Key")) continue;
            const std::string member = key.substr(0, key.size() - 3);
            EXPECT_LE(form.at(member + "Value").size(), 256U);
            (form.at(member + "ResourceId") == blue.name ? blue : green).tags[value] =
                form.at(member + "Value");
        }
        return {};
    }
    std::string update(const Form& form) {
        AutoGroup& group = group_of(form);
        group.min = std::stoi(form.at("MinSize"));
        group.max = std::stoi(form.at("MaxSize"));
        group.desired = std::stoi(form.at("DesiredCapacity"));
        EXPECT_LE(group.min, group.desired);
        EXPECT_LE(group.desired, group.max);
        const auto version = form.find("LaunchTemplate.Version");
        if (version != form.end()) group.version = version->second;
        return {};
    }
    std::string processes(const Form& form) {
        AutoGroup& group = group_of(form);
        for (const auto& [key, value] : form) {
            if (!key.starts_with("ScalingProcesses.")) continue;
            if (form.at("Action") == "SuspendProcesses")
                group.suspended.insert(value);
            else
                group.suspended.erase(value);
        }
        return {};
    }
    Answer terminate(const Form& form) {
        for (AutoGroup* const group : {&blue, &green})
            for (Instance& each : group->instances) {
                if (each.id != form.at("InstanceId")) continue;
                if (each.lifecycle == "Terminating") return refused(400, "ValidationError");
                if (form.at("ShouldDecrementDesiredCapacity") == "true") {
                    if (group->desired == group->min) return refused(400, "ValidationError");
                    --group->desired;
                }
                each.lifecycle = "Terminating";
                each.target = "draining";
            }
        return {.status = 200,
                .headers = {},
                .body = "<R><TerminateInstanceInAutoScalingGroupResult/></R>"};
    }

    HandClock* clock_;
    int last_ = 0;
};

}  // namespace aws
