#include "edge/control/admin.h"

#include "base/json.h"
#include "edge/target/keep.h"
#include "net/url.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <utility>
#include <vector>

namespace edge {

namespace {

using base::Failure;
using base::Json;
using base::Result;

constexpr std::size_t kBodyMax = 8 * 1024 * 1024;

int status_of(const base::Error& error) {
    if (error.diagnostic.code == "CF0528") return 405;
    switch (error.failure) {
        case Failure::rejected:
            return 400;
        case Failure::not_found:
            return 404;
        case Failure::conflict:
            return 409;
        case Failure::unavailable:
        case Failure::unknown:
            return 503;
    }
    return 500;
}

net::Response refused(const base::Error& error) {
    const base::Diagnostic& diagnostic = error.diagnostic;
    const Json body = {{"code", diagnostic.code},
                       {"what", diagnostic.what},
                       {"why", diagnostic.why},
                       {"fix", diagnostic.fix},
                       {"failure", base::name_of(error.failure)}};
    return net::Response::json(status_of(error), base::canonical(body));
}

net::Response answered(const Result<Json>& result) {
    if (!result) return refused(result.error());
    return net::Response::json(200, base::canonical(*result));
}

net::Response written(const Result<std::uint64_t>& result, Json extra = Json::object()) {
    if (!result) return refused(result.error());
    extra["version"] = *result;
    return net::Response::json(200, base::canonical(extra));
}

tl::unexpected<base::Error> wrong(std::string what) {
    return base::fail(Failure::rejected, {.code = "CF0518", .what = std::move(what)});
}

Result<std::uint64_t> number_in_query(std::string_view query, std::string_view name,
                                      std::uint64_t otherwise) {
    const auto text = net::query_value(query, name);
    if (!text) return otherwise;
    std::uint64_t value = 0;
    const char* end = text->data() + text->size();
    const auto [at, error] = std::from_chars(text->data(), end, value);
    if (text->empty() || error != std::errc() || at != end) {
        return wrong(fmt::format("`{}` is no whole number from 0 on", name));
    }
    return value;
}

/// One request, taken apart.
struct Asked {
    Control& control;
    const net::Request& request;
    const std::vector<std::string>& path;
    const std::string& body;

    bool is(net::Method method) const { return request.method == method; }
};

Result<Json> object_of(const Asked& asked) {
    auto json = base::json_from(asked.body, kBodyMax);
    if (json && !json->is_object()) return wrong("the body is no JSON object");
    return json;
}

Result<Permit> permit_of(const Json& json) {
    const auto fence = base::member<std::uint64_t>(json, "fence");
    if (!fence) return base::fail(fence);
    const auto token = base::member_or<std::string>(json, "token", "");
    if (!token) return base::fail(token);
    return Permit{*fence, *token};
}

net::Response wrong_method(std::string_view allowed) {
    net::Response made = refused({Failure::rejected,
                                  {.code = "CF0528",
                                   .what = "this method is not allowed here",
                                   .fix = fmt::format("allowed: {}", allowed)}});
    made.fields.add("Allow", allowed);
    return made;
}

net::Response put_whole(const Asked& asked, const char* member,
                        Result<std::uint64_t> (Control::*put)(const Permit&, const Json&)) {
    const auto json = object_of(asked);
    if (!json) return refused(json.error());
    const auto permit = permit_of(*json);
    if (!permit) return refused(permit.error());
    if (!json->contains(member)) {
        return refused(wrong(fmt::format("the member `{}` is missing", member)).value());
    }
    return written((asked.control.*put)(*permit, (*json)[member]));
}

net::Response put_target(const Asked& asked) {
    const auto json = object_of(asked);
    if (!json) return refused(json.error());
    const auto permit = permit_of(*json);
    if (!permit) return refused(permit.error());
    const auto address = base::member<std::string>(*json, "address");
    if (!address) return refused(address.error());
    NewTarget target{
        .group = asked.path[2], .id = asked.path[4], .address = *address, .labels = {}};
    const Json labels = json->contains("labels") ? (*json)["labels"] : Json::object();
    if (!labels.is_object()) return refused(wrong("`labels` is no object").value());
    for (const auto& [name, value] : labels.items()) {
        if (!value.is_string()) return refused(wrong("a label is no text").value());
        target.labels[name] = value.get<std::string>();
    }
    return written(asked.control.put_target(*permit, target));
}

net::Response delete_target(const Asked& asked) {
    const std::string_view query = asked.request.query;
    const auto fence = number_in_query(query, "fence", 0);
    if (!fence) return refused(fence.error());
    const Permit permit{*fence, net::query_value(query, "token").value_or("")};
    if (net::query_value(query, "forget") == "true") {
        return written(asked.control.forget_target(permit, asked.path[2], asked.path[4]));
    }
    const auto deadline = number_in_query(query, "deadline_ms", 0);
    if (!deadline) return refused(deadline.error());
    const bool said = net::query_value(query, "deadline_ms").has_value();
    const auto pace = number_in_query(query, "sockets_a_second", 0);
    if (!pace) return refused(pace.error());
    if (*deadline > 86'400'000ULL * 30 || *pace > 1'000'000) {
        return refused(wrong("deadline_ms or sockets_a_second is too large").value());
    }
    const bool keep = net::query_value(query, "sockets") == "keep";
    return written(
        asked.control.drain_target(
            permit,
            {.group = asked.path[2],
             .id = asked.path[4],
             .deadline = said ? std::chrono::milliseconds(static_cast<std::int64_t>(*deadline))
                              : kGroupsDelay,
             .sockets_a_second = keep ? kKeepSockets : static_cast<std::uint32_t>(*pace)}),
        {{"state", "draining"}});
}

net::Response move_sockets(const Asked& asked) {
    const auto json = object_of(asked);
    if (!json) return refused(json.error());
    const auto permit = permit_of(*json);
    if (!permit) return refused(permit.error());
    const auto pace = base::member_or<std::uint64_t>(*json, "sockets_a_second", 0);
    if (!pace) return refused(pace.error());
    if (*pace > 1'000'000) return refused(wrong("`sockets_a_second` is too large").value());
    return written(asked.control.move_sockets(
        *permit, {.group = asked.path[2],
                  .id = asked.path[4],
                  .sockets_a_second = static_cast<std::uint32_t>(*pace)}));
}

Result<std::vector<std::string>> names_in(const Json& json, const char* member) {
    std::vector<std::string> made;
    if (!json.contains(member)) return made;
    if (!json[member].is_array()) return wrong(fmt::format("`{}` is no list", member));
    for (const Json& name : json[member]) {
        if (!name.is_string()) return wrong(fmt::format("`{}` lists what is no name", member));
        made.push_back(name.get<std::string>());
    }
    return made;
}

net::Response put_or_release_hold(const Asked& asked) {
    const bool puts = asked.is(net::Method::put);
    const auto json = object_of(asked);
    if (!json) return refused(json.error());
    const auto permit = permit_of(*json);
    if (!permit) return refused(permit.error());
    const auto groups = names_in(*json, "groups");
    if (!groups) return refused(groups.error());
    const auto listeners = names_in(*json, "listeners");
    if (!listeners) return refused(listeners.error());
    HoldOrder order{.groups = *groups, .listeners = *listeners};
    if (!puts) return written(asked.control.release_hold(*permit, order));
    const auto span = base::member<std::uint64_t>(*json, "for_ms");
    if (!span) return refused(span.error());
    if (*span > 3'600'000) return refused(wrong("`for_ms` is longer than an hour").value());
    if (groups->empty() && listeners->empty()) {
        return refused(wrong("neither `groups` nor `listeners` names anything").value());
    }
    order.span = std::chrono::milliseconds(static_cast<std::int64_t>(*span));
    return written(asked.control.put_hold(*permit, order));
}

net::Response nothing_here(const Asked& asked) {
    return refused(
        {Failure::not_found,
         {.code = "CF0517", .what = fmt::format("there is nothing at {}", asked.request.path)}});
}

net::Response groups(const Asked& asked) {
    const auto& path = asked.path;
    using net::Method;
    if (path.size() == 2) {
        if (!asked.is(Method::get)) return wrong_method("GET");
        return answered(asked.control.groups());
    }
    if (path.size() < 5 || path[3] != "targets") return nothing_here(asked);
    if (path.size() == 6 && path[5] == "move-sockets") {
        if (!asked.is(Method::post)) return wrong_method("POST");
        return move_sockets(asked);
    }
    if (path.size() != 5) return nothing_here(asked);
    if (asked.is(Method::get)) return answered(asked.control.target(path[2], path[4]));
    if (asked.is(Method::put)) return put_target(asked);
    if (asked.is(Method::remove)) return delete_target(asked);
    return wrong_method("GET, PUT, DELETE");
}

net::Response observe(const Asked& asked) {
    const auto seconds = number_in_query(asked.request.query, "seconds", 1);
    if (!seconds) return refused(seconds.error());
    return answered(asked.control.observe(*seconds));
}

net::Response metrics(const Asked& asked) {
    net::Response made = net::Response::text(200, asked.control.metrics());
    made.fields.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return made;
}

}  // namespace

net::Response answer_admin(Control& control, const net::Request& request, const std::string& body) {
    using net::Method;
    const auto segments = net::path_segments(request.path);
    const std::vector<std::string> path = segments.value_or(std::vector<std::string>{});
    const Asked asked{control, request, path, body};
    const bool reads = asked.is(Method::get);
    if (path.size() == 1 && path[0] == "metrics") {
        return reads ? metrics(asked) : wrong_method("GET");
    }
    if (path.size() < 2 || path[0] != "v1") return nothing_here(asked);
    if (path[1] == "groups") return groups(asked);
    if (path.size() > 2) return nothing_here(asked);
    if (path[1] == "hold") {
        if (asked.is(Method::put) || asked.is(Method::remove)) return put_or_release_hold(asked);
        return reads ? answered(control.holds()) : wrong_method("GET, PUT, DELETE");
    }
    if (path[1] == "config" || path[1] == "weights") {
        const bool config = path[1] == "config";
        if (asked.is(Method::put)) {
            return config ? put_whole(asked, "config", &Control::put_config)
                          : put_whole(asked, "weights", &Control::put_weights);
        }
        if (!reads) return wrong_method("GET, PUT");
        return answered(config ? control.config() : control.weights());
    }
    if (path[1] != "counts" && path[1] != "observe" && path[1] != "health") {
        return nothing_here(asked);
    }
    if (!reads) return wrong_method("GET");
    if (path[1] == "counts") return answered(control.counts());
    if (path[1] == "observe") return observe(asked);
    return answered(control.health());
}

Admin::Admin(Control& control, base::Clock& clock) : control_(control), loop_(clock) {}

Admin::~Admin() {
    stop();
}

Result<void> Admin::start(const std::filesystem::path& socket) {
    auto address = net::Address::unix_path(socket.string());
    if (!address) return base::fail(address);
    server_ = std::make_unique<net::Server>(
        loop_, net::ServerOptions{}, [this](const net::ExchangePtr& exchange) {
            exchange->collect(kBodyMax, [this, exchange](const std::string& body) {
                exchange->answer(answer_admin(control_, exchange->request(), body));
            });
        });
    if (auto listening = server_->listen(*address); !listening) return base::fail(listening);
    socket_ = socket;
    thread_ = std::thread([this] { loop_.run(); });
    return {};
}

void Admin::stop() {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
    server_.reset();
    if (!socket_.empty()) {
        std::error_code ignored;
        std::filesystem::remove(std::exchange(socket_, {}), ignored);
    }
}

}  // namespace edge
