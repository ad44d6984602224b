#include "local/ground_test.h"

#include "base/json.h"
#include "local/process.h"
#include "local/record.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace local {

namespace {

bool accepts(const std::string& text) {
    const auto address = net::Address::parse(text);
    if (!address) return false;
    const base::Fd probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return connect(probe.number(), address->raw(), address->raw_size()) == 0;
}

std::vector<std::string> segments(const std::string& path) {
    std::vector<std::string> parts;
    for (std::size_t at = 1; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        parts.push_back(path.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

}  // namespace

void EdgeTwin::serve(const std::filesystem::path& socket) {
    EdgeTwin twin;
    net::Loop loop(real_clock());
    net::Server server(loop, {}, [&twin](const net::ExchangePtr& exchange) {
        exchange->collect(
            65536, [&twin, exchange](const std::string& body) { twin.answer(exchange, body); });
    });
    if (server.listen(*net::Address::unix_path(socket.native()))) loop.run();
}

nlohmann::json EdgeTwin::groups() {
    nlohmann::json all = nlohmann::json::object();
    for (auto& [group, targets] : groups_) {
        nlohmann::json list = nlohmann::json::array();
        for (auto& [id, target] : targets) {
            if (target.state == "draining" && !hold_) target.state = "drained";
            if (target.state == "initial" && accepts(target.address)) target.state = "healthy";
            list.push_back(
                {{"id", id},
                 {"address", target.address},
                 {"state", target.state},
                 {"reason", target.state == "initial" ? "Elb.InitialHealthChecking" : ""},
                 {"in_flight", 0},
                 {"sockets", target.state == "draining" ? 1 : 0},
                 {"pooled", 0}});
        }
        all[group] = {{"targets", std::move(list)}};
    }
    return {{"groups", std::move(all)}};
}

int EdgeTwin::change(const net::Request& request, const nlohmann::json& body) {
    const auto parts = segments(request.path);
    if (parts.size() != 5) return 404;
    auto& targets = groups_[parts[2]];
    const std::string& id = parts[4];
    if (request.method_text == "PUT") {
        const std::string address = body.at("address");
        const auto known = targets.find(id);
        if (known != targets.end() &&
            (known->second.address != address || known->second.state.starts_with("drain"))) {
            return 409;
        }
        if (known == targets.end()) targets[id] = {address, "initial"};
        return 200;
    }
    const auto known = targets.find(id);
    if (request.query.find("forget=true") != std::string::npos) {
        if (known != targets.end() && known->second.state != "drained") return 409;
        targets.erase(id);
        return 200;
    }
    if (known == targets.end()) return 404;
    if (known->second.state != "drained") known->second.state = "draining";
    return 200;
}

void EdgeTwin::answer(const net::ExchangePtr& exchange, const std::string& body) {
    const net::Request& request = exchange->request();
    const auto json = base::json_from(body.empty() ? "{}" : body);
    if (request.path == "/test") {
        hold_ = json->value("hold", hold_);
        mute_ = json->value("mute", mute_);
        exchange->answer(net::Response::json(200, "{}"));
    } else if (mute_) {
        exchange->answer(net::Response::json(503, "{}"));
    } else if (request.method_text == "GET") {
        exchange->answer(net::Response::json(200, groups().dump()));
    } else {
        exchange->answer(net::Response::json(change(request, *json), "{}"));
    }
}

// NOLINTNEXTLINE: a script, not a line of prose
const char* const Ground::kServer = R"py(
import socket, sys, signal
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((sys.argv[1], int(sys.argv[2])))
s.listen(64)
print("ready", flush=True)
signal.signal(signal.SIGTERM, lambda *a: (print("ending", flush=True), sys.exit(0)))
while True:
    c, _ = s.accept()
    c.close()
)py";

Ground::Ground() {
    EXPECT_TRUE(folder.create());
    start_edge();
    start_agent();
}

Ground::~Ground() {
    agent_.reset();
    const auto records = Records(folder.instances()).read();
    if (!records) return;
    for (const Record& record : *records) {
        if (record.process) signal_group(*record.process, SIGKILL);
    }
}

void Ground::start_edge() {
    edge_ = std::make_unique<Forked>([this] { EdgeTwin::serve(folder.edge_socket()); });
    EXPECT_TRUE(eventually(clock, [this] {
        return call(folder.edge_socket(), "twin", {"GET", "/v1/groups", {}}, clock, soon())
            .has_value();
    }));
}

void Ground::start_agent() {
    agent_ = std::make_unique<Forked>([this] {
        const int log =
            open(folder.log_of("agent").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
        const auto ran = run_agent(settings, clock);
        if (!ran) fprintf(stderr, "%s\n", ran.error().line().c_str());
    });
    EXPECT_TRUE(eventually(clock, [this] {
        return call(folder.agent_socket(), "agent", {"GET", "/v1/status", {}}, clock, soon())
            .has_value();
    })) << content_of(folder.log_of("agent"));
}

void Ground::tell_edge(const nlohmann::json& how) {
    EXPECT_TRUE(call(folder.edge_socket(), "twin", {"POST", "/test", how.dump()}, clock, soon()));
}

release::Release Ground::release(const std::string& id, const std::string& script) {
    const std::filesystem::path source = place.path / "build" / id;
    put(source / "server.py", "# " + id + "\n" + script);
    release::Release made;
    made.id = id;
    made.version = *release::version_from("1.0." + id.substr(id.find_first_of("0123456789")));
    made.artifact = *base::digest_of(source);
    made.artifact_source = source;
    made.process.command = {"python3",    "-S",     "-E", "${artifact}/server.py",
                            "${address}", "${port}"};
    return made;
}

std::vector<engine::Instance> Ground::listed() {
    const auto list = fleet.list(soon());
    EXPECT_TRUE(list) << list.error().line();
    return list.value_or(std::vector<engine::Instance>{});
}

std::string Ground::text() {
    std::string all;
    for (const engine::Instance& each : listed()) {
        all += each.id + " " + each.release + " " + std::string(name_of(each.state)) + " " +
               each.reason + "\n";
    }
    return all + content_of(folder.log_of("agent"));
}

bool Ground::healthy(std::size_t count) {
    return eventually(clock, [&] {
        const auto list = listed();
        return list.size() == count &&
               std::all_of(list.begin(), list.end(), [](const engine::Instance& each) {
                   return each.state == engine::InstanceState::healthy;
               });
    });
}

std::map<std::string, pid_t> Ground::processes() {
    std::map<std::string, pid_t> found;
    // The agent may take a record away between its name's being read and the record's.
    auto records = Records(folder.instances()).read();
    EXPECT_TRUE(eventually(clock, [&] {
        if (!records) records = Records(folder.instances()).read();
        return records.has_value();
    })) << records.error().line();
    for (const Record& record : records.value_or(std::vector<Record>{})) {
        found[record.id] = record.process ? record.process->pid : 0;
    }
    return found;
}

bool Ground::prepared_and_ensured(const release::Release& release, std::uint32_t instances) {
    const auto prepared = fleet.prepare(release, ticket(), soon());
    EXPECT_TRUE(prepared) << prepared.error().line();
    const auto ensured = fleet.ensure(release::Pool::blue, {release, instances}, ticket(), soon());
    EXPECT_TRUE(ensured) << ensured.error().line();
    return prepared && ensured;
}

}  // namespace local
