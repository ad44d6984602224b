#include "base/json.h"
#include "report/checks.h"
#include "report/forms.h"

namespace report {
namespace {

using base::Json;

Json at(const std::optional<base::Instant>& instant) {
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
    return "";
}

Json steps_of(const Account& account) {
    Json out = Json::array();
    for (std::size_t i = 0; i < account.steps.size(); ++i) {
        const engine::StepStatus& step = account.steps[i];
        out.push_back({{"id", step.id},
                       {"stage", release::name_of(step.stage)},
                       {"direction", i < account.steps_forward ? "forward" : "back"},
                       {"place", name_of(step.place)},
                       {"reason", step.reason},
                       {"entered", at(step.entered)},
                       {"passed", at(step.passed)}});
    }
    return out;
}

Json counts_of(const judge::Counts& counts) {
    return {{"requests", counts.requests},
            {"errors", counts.errors},
            {"sockets_open", counts.sockets_open},
            {"sockets_refused", counts.sockets_refused},
            {"sockets_cut", counts.sockets_cut}};
}

Json course_of(const Account& account) {
    Json shares = Json::array();
    for (const Share& share : account.shares) {
        shares.push_back({{"at", base::to_text(share.at)},
                          {"permille", share.share.value},
                          {"observed", at(share.real_at)}});
    }
    Json points = Json::array();
    for (const Point& point : account.points) {
        points.push_back({{"at", base::to_text(point.at)},
                          {"new", counts_of(point.fresh)},
                          {"old", counts_of(point.old)}});
    }
    return {{"shares", shares}, {"counts", points}};
}

Json people_of(const Account& account) {
    Json wishes = Json::array();
    for (const Wish& wish : account.wishes) {
        wishes.push_back({{"at", base::to_text(wish.at)},
                          {"by", wish.by},
                          {"verb", wish.verb},
                          {"argument", wish.argument},
                          {"taken", wish.taken},
                          {"why_void", wish.why_void}});
    }
    return wishes;
}

Json checks_json(const Account& account) {
    Json out = Json::array();
    for (const Check& check : checks_of(account)) {
        out.push_back({{"suite", check.suite},
                       {"name", check.name},
                       {"outcome", report::name_of(check.outcome)},
                       {"said", check.said},
                       {"took_ms", check.took.count()}});
    }
    return out;
}

}  // namespace

std::string json_of(const Account& account) {
    const engine::PastRun& run = account.run;
    Json verdicts = Json::array();
    for (const Judgement& each : account.judgements) {
        verdicts.push_back({{"at", base::to_text(each.at)},
                            {"word", judge::name_of(each.verdict.word)},
                            {"metric", each.verdict.metric},
                            {"reason", each.verdict.reason}});
    }
    const Json release{{"id", run.id},
                       {"application", account.plan.application},
                       {"version", to_text(run.release.version)},
                       {"from", run.before ? Json(to_text(run.before->version)) : Json(nullptr)},
                       {"artifact", run.release.artifact.hex()},
                       {"strategy", release::name_of(run.strategy)},
                       {"rollback", run.is_rollback},
                       {"order", run.order},
                       {"plan", run.plan.hex()},
                       {"actor", run.actor},
                       {"drivers", account.drivers},
                       {"begun", base::to_text(run.begun)},
                       {"ended", at(run.ended)},
                       {"ending", run.ending ? Json(name_of(*run.ending)) : Json(nullptr)},
                       {"cause", name_of(run.cause)},
                       {"reason", run.reason},
                       {"sentence", account.sentence},
                       {"harm", run.harm},
                       {"user_minutes", user_minutes(account)}};
    return base::canonical({{"schema", "crossfade.report/1"},
                            {"release", release},
                            {"steps", steps_of(account)},
                            {"course", course_of(account)},
                            {"verdicts", verdicts},
                            {"wishes", people_of(account)},
                            {"checks", checks_json(account)},
                            {"journal",
                             {{"head", account.head.hash.hex()},
                              {"records", account.head.index},
                              {"intact", account.audit.intact}}}}) +
           '\n';
}

}  // namespace report
