#include "cli/view.h"

#include "base/json.h"
#include "engine/person.h"

namespace cli {
namespace {

using base::Json;

Json instant_json(const std::optional<base::Instant>& instant) {
    return instant ? Json(base::to_text(*instant)) : Json(nullptr);
}

std::string_view name_of(engine::StepStatus::Place place) {
    switch (place) {
        case engine::StepStatus::Place::ahead:
            return "ahead";
        case engine::StepStatus::Place::current:
            return "current";
        case engine::StepStatus::Place::passed:
            return "passed";
        case engine::StepStatus::Place::undone:
            return "undone";
    }
    return "ahead";
}

Json pools_json(const engine::Status& status) {
    Json out = Json::array();
    for (const engine::PoolStatus& pool : status.pools) {
        out.push_back(
            {{"pool", release::name_of(pool.pool)},
             {"release", pool.release},
             {"instances", pool.instances},
             {"healthy", pool.healthy},
             {"draining", pool.draining},
             {"sockets", pool.sockets},
             {"in_flight", pool.in_flight},
             {"share_set_permille", status.split ? Json(pool.share_set.value) : Json(nullptr)},
             {"share_observed_permille",
              pool.share_observed ? Json(pool.share_observed->value) : Json(nullptr)}});
    }
    return out;
}

Json steps_json(const engine::Status& status) {
    Json out = Json::array();
    for (const engine::StepStatus& step : status.steps) {
        out.push_back({{"id", step.id},
                       {"stage", release::name_of(step.stage)},
                       {"reason", step.reason},
                       {"place", name_of(step.place)},
                       {"entered", instant_json(step.entered)},
                       {"passed", instant_json(step.passed)}});
    }
    return out;
}

Json consents_json(const engine::Status& status) {
    Json out = Json::array();
    for (const engine::Consent& each : status.consents) {
        const engine::Person person = engine::person_of(each.by);
        out.push_back({{"step", each.step},
                       {"by", each.by},
                       {"claimed", person.claimed},
                       {"proven", person.proven},
                       {"at", base::to_text(each.at)},
                       {"counts", each.why_void.empty()},
                       {"why_void", each.why_void}});
    }
    return out;
}

}  // namespace

Json instances_json(const std::vector<engine::Instance>& instances) {
    Json out = Json::array();
    for (const engine::Instance& instance : instances) {
        out.push_back({{"id", instance.id},
                       {"pool", release::name_of(instance.pool)},
                       {"release", instance.release},
                       {"state", name_of(instance.state)},
                       {"reason", instance.reason},
                       {"address", instance.address},
                       {"since", base::to_text(instance.since)},
                       {"in_flight", instance.requests_in_flight},
                       {"sockets", instance.sockets_open},
                       {"restarts", instance.restarts}});
        if (instance.memory) out.back()["memory_bytes"] = instance.memory->count;
        if (instance.cpu) out.back()["cpu_us"] = instance.cpu->count();
    }
    return out;
}

Json view_json(const View& view) {
    const engine::Status& status = view.status;
    return {{"schema", "crossfade.status/1"},
            {"at", base::to_text(view.now)},
            {"application", status.application},
            {"active_pool", view.active_pool},
            {"serving", view.serving},
            {"address", view.address},
            {"open", view.open},
            {"run", status.run},
            {"from", status.from},
            {"to", status.to},
            {"strategy", status.strategy},
            {"state", name_of(status.state)},
            {"headline", headline_of(status).word},
            {"sentence", status.sentence},
            {"actor", status.actor},
            {"driver", status.driver},
            {"since", status.run.empty() ? Json(nullptr) : Json(base::to_text(status.since))},
            {"over", instant_json(status.over)},
            {"ending", status.ending ? Json(name_of(*status.ending)) : Json(nullptr)},
            {"cause", name_of(status.cause)},
            {"reason", status.reason},
            {"stage", status.run.empty() ? Json(nullptr) : Json(release::name_of(status.stage))},
            {"step", status.step},
            {"steps", steps_json(status)},
            {"next", status.next},
            {"when", instant_json(status.when)},
            {"pools", pools_json(status)},
            {"instances", instances_json(status.instances)},
            {"verdict",
             {{"word", name_of(status.verdict.word)},
              {"metric", status.verdict.metric},
              {"reason", status.verdict.reason}}},
            {"harm", {{"requests", status.harm}, {"budget", status.harm_max}}},
            {"consents", consents_json(status)},
            {"not_by", status.not_by},
            {"way_back",
             {{"feasible", status.way_back.feasible},
              {"sentence", status.way_back.sentence},
              {"until", instant_json(status.way_back.until)}}},
            {"journal", {{"records", status.head.index}, {"head", status.head.hash.hex()}}},
            {"unseen", status.unseen}};
}

std::string change_json(const Change& change, std::string_view run) {
    return base::canonical({{"schema", "crossfade.event/1"},
                            {"at", base::to_text(change.at)},
                            {"run", run},
                            {"kind", change.kind},
                            {"text", change.text}});
}

}  // namespace cli
