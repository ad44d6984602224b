#include "local/agent_api.h"

#include "base/json.h"
#include "local/wire.h"

#include <fmt/format.h>
#include <unistd.h>

namespace local {

namespace {

constexpr std::size_t kBodyMax = 1024 * 1024;

base::Result<Change::Verb> verb_from(std::string_view name) {
    if (name == "ensure") return Change::Verb::ensure;
    if (name == "replace") return Change::Verb::replace;
    if (name == "retire") return Change::Verb::retire;
    return base::fail(base::Failure::rejected,
                      {.code = "CF0443", .what = fmt::format("`{}` is no wish", name)});
}

base::Result<Change> change_from(const base::Json& json, release::Pool pool) {
    const auto name = base::member<std::string>(json, "verb");
    if (!name) return base::fail(name);
    const auto verb = verb_from(*name);
    if (!verb) return base::fail(verb);
    Change change{.verb = *verb, .pool = pool, .capacity = {}, .updated = 0, .manners = {}};
    const auto manners = manners_from(json.value("manners", base::Json::object()));
    if (!manners) return base::fail(manners);
    change.manners = *manners;
    if (*verb == Change::Verb::retire) return change;
    auto capacity = capacity_from(json.value("capacity", base::Json::object()));
    if (!capacity) return base::fail(capacity);
    change.capacity = std::move(*capacity);
    const auto updated = base::member_or<std::uint64_t>(json, "updated", 0);
    if (!updated) return base::fail(updated);
    change.updated =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(*updated, change.capacity.instances));
    return change;
}

base::Result<base::Json> put_pool(AgentApi& agent, std::string_view pool_name,
                                  const std::string& body) {
    const auto pool = pool_from(pool_name);
    const auto json = base::json_from(body, kBodyMax);
    if (!pool) return base::fail(pool);
    if (!json) return base::fail(json);
    const auto fence = base::member<std::uint64_t>(*json, "fence");
    const auto token = base::member<std::string>(*json, "token");
    if (!fence) return base::fail(fence);
    if (!token) return base::fail(token);
    const auto change = change_from(*json, *pool);
    if (!change) return base::fail(change);
    const auto done = agent.wish(*change, {.fence = *fence, .step = {*token}});
    if (!done) return base::fail(done);
    return base::Json::object();
}

base::Result<base::Json> put_tail(AgentApi& agent, const std::string& body) {
    const auto json = base::json_from(body, kBodyMax);
    if (!json) return base::fail(json);
    std::optional<base::Instant> at;
    if (json->contains("at")) {
        const auto micros = base::member<std::int64_t>(*json, "at");
        if (!micros) return base::fail(micros);
        at = base::instant_of_micros(*micros);
    }
    const auto done = agent.tail_at(at);
    if (!done) return base::fail(done);
    return base::Json::object();
}

base::Result<base::Json> post_down(AgentApi& agent, const std::string& body) {
    const auto json = base::json_from(body, kBodyMax);
    if (!json) return base::fail(json);
    const auto now = base::member_or<bool>(*json, "now", false);
    if (!now) return base::fail(now);
    agent.go_down(*now ? Leaving::now : Leaving::drained);
    return base::Json::object();
}

base::Json instances_of(const AgentApi& agent) {
    base::Json instances = base::Json::array();
    for (const Record& record : agent.records()) {
        base::Json each = base::Json::parse(to_json(record));
        each["boot_deadline_ms"] =
            agent.present_wish().of(record.pool).manners.boot_deadline.count();
        instances.push_back(std::move(each));
    }
    return {{"instances", std::move(instances)}};
}

base::Json status_of(const AgentApi& agent) {
    const Standing standing = agent.standing();
    const Wish& wish = agent.present_wish();
    base::Json json{{"pid", getpid()},
                    {"since", base::micros_of(standing.since)},
                    {"fence", wish.fence},
                    {"blue", wish.blue.instances()},
                    {"green", wish.green.instances()},
                    {"instances", agent.records().size()},
                    {"going_down", standing.course == Course::down},
                    {"build", standing.build},
                    {"edge",
                     {{"answers", standing.edge_answers},
                      {"renews", standing.edge_renews},
                      {"restarts", standing.edge_restarts},
                      {"last_end", standing.edge_last_end}}}};
    if (standing.edge) {
        json["edge"]["pid"] = standing.edge->pid;
        json["edge"]["since"] = base::micros_of(standing.edge_since);
    }
    if (wish.tail_at) json["tail_at"] = base::micros_of(*wish.tail_at);
    return json;
}

tl::unexpected<base::Error> no_such(const net::Request& request) {
    return base::fail(
        base::Failure::not_found,
        {.code = "CF0444",
         .what = fmt::format("the agent has no {} {}", request.method_text, request.path)});
}

base::Result<base::Json> answered(AgentApi& agent, const net::Request& request,
                                  const std::string& body) {
    constexpr std::string_view kPools = "/v1/pools/";
    const std::string route = request.method_text + " " + request.path;
    if (route == "GET /v1/status") return status_of(agent);
    if (route == "GET /v1/instances") return instances_of(agent);
    if (route == "PUT /v1/tail") return put_tail(agent, body);
    if (route == "POST /v1/edge") {
        agent.renew_edge();
        return base::Json::object();
    }
    if (route == "POST /v1/down") return post_down(agent, body);
    if (request.method_text == "PUT" && request.path.starts_with(kPools)) {
        return put_pool(agent, std::string_view(request.path).substr(kPools.size()), body);
    }
    return no_such(request);
}

int status_of(base::Failure failure) {
    switch (failure) {
        case base::Failure::rejected:
            return 400;
        case base::Failure::not_found:
            return 404;
        case base::Failure::conflict:
            return 409;
        case base::Failure::unavailable:
            return 503;
        case base::Failure::unknown:
            return 504;
    }
    return 500;
}

}  // namespace

AgentServer::AgentServer(net::Loop& loop, AgentApi& agent)
    : agent_(agent), server_(loop, net::ServerOptions{}, [this](const net::ExchangePtr& exchange) {
          exchange->collect(kBodyMax,
                            [this, exchange](const std::string& body) { answer(exchange, body); });
      }) {}

base::Result<void> AgentServer::listen(const std::filesystem::path& socket) {
    const auto address = net::Address::unix_path(socket.native());
    if (!address) return base::fail(address);
    const auto listening = server_.listen(*address);
    if (!listening) return base::fail(listening);
    return {};
}

void AgentServer::answer(const net::ExchangePtr& exchange, const std::string& body) {
    const auto json = answered(agent_, exchange->request(), body);
    if (json) {
        exchange->answer(net::Response::json(200, base::canonical(*json)));
        return;
    }
    const base::Diagnostic& diagnostic = json.error().diagnostic;
    exchange->answer(net::Response::json(status_of(json.error().failure),
                                         base::canonical({{"code", diagnostic.code},
                                                          {"what", diagnostic.what},
                                                          {"why", diagnostic.why},
                                                          {"fix", diagnostic.fix}})));
}

}  // namespace local
