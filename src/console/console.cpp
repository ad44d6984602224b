#include "console/console.h"

#include "base/json.h"
#include "console/record_json.h"
#include "net/url.h"

#include <fmt/format.h>

#include <charconv>

namespace console {
namespace {

constexpr std::size_t kBodyMax = 16 * 1024;
constexpr std::size_t kReasonMax = 500;
constexpr std::size_t kLogLines = 200;
// A command that only leaves a wish, or is refused, has ended by then; one that drives goes on.
constexpr std::chrono::milliseconds kErrandPatience{2500};
// Smaller answers do not get smaller.
constexpr std::size_t kGzipMin = 1024;

net::Response refusal(int status, std::string_view code, std::string_view what) {
    return net::Response::json(
        status,
        base::canonical({{"schema", "crossfade.error/1"},
                         {"errors", base::Json::array({{{"code", code}, {"what", what}}})}}));
}

net::Response refusal(const Turned& turned) {
    net::Response response = refusal(turned.status, turned.code, turned.why);
    if (turned.status == 401) response.fields.add("WWW-Authenticate", "Bearer");
    return response;
}

net::Response refusal(const base::Error& error) {
    const int status = error.failure == base::Failure::not_found ? 404 : 503;
    return refusal(status, error.diagnostic.code, error.diagnostic.what);
}

template <typename Number>
Number number_in(const net::Request& request, std::string_view name, Number otherwise) {
    const auto text = net::query_value(request.query, name);
    Number number = otherwise;
    if (text) std::from_chars(text->data(), text->data() + text->size(), number);
    return number;
}

void answer(const net::ExchangePtr& exchange, net::Response response) {
    add_guards(response.fields);
    if (!response.fields.has("Cache-Control")) response.fields.add("Cache-Control", "no-store");
    const bool is_worth = response.body.size() >= kGzipMin &&
                          !response.fields.has("Content-Encoding") &&
                          exchange->request().fields.lists("Accept-Encoding", "gzip");
    if (is_worth) {
        response.body = gzipped(response.body);
        response.fields.add("Content-Encoding", "gzip");
    }
    exchange->answer(std::move(response));
}

bool is_loopback(const net::Address& address) {
    return !address.is_unix() && (address.ip().starts_with("127.") || address.ip() == "::1");
}

// Without what would end a line in a log, or pass for an option.
std::string plain(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return text;
}

// What a command said in the end, as it says it to programs.
net::Response answer_of(const Course& course) {
    if (!course.failure.empty()) return refusal(503, "CF0924", course.failure);
    if (!course.code) return net::Response::json(202, R"({"done":false})");
    if (*course.code == 0) return net::Response::json(200, R"({"done":true})");
    std::string_view last = course.output;
    while (last.ends_with('\n')) last.remove_suffix(1);
    last.remove_prefix(last.rfind('\n') + 1);  // npos + 1 is 0
    const auto json = base::json_from(last);
    const bool is_error = json && json->is_object() && json->contains("errors");
    if (is_error) return net::Response::json(409, base::canonical(*json));
    return refusal(409, "CF0925", fmt::format("the command ended with {}", *course.code));
}

}  // namespace

Console::Console(net::Loop& loop, Settings settings, Source& source)
    : loop_(loop),
      settings_(std::move(settings)),
      tokens_(settings_.tokens),
      streams_(feed_),
      errands_(loop, settings_.program),
      alive_(std::make_shared<bool>(true)),
      reader_(source, loop.clock(), Ledger(settings_.ledger, {}), settings_.cadence,
              [this, alive = std::weak_ptr(alive_)](News news) {
                  auto held = std::make_shared<News>(std::move(news));
                  loop_.post([this, alive, held] {
                      if (alive.lock()) take(std::move(*held));
                  });
              }),
      server_(loop, {}, [this](const net::ExchangePtr& exchange) { respond(exchange); }) {}

Console::~Console() {
    reader_.stop();
    streams_.close();
}

base::Result<net::Address> loopback_address(const std::string& text) {
    auto address = net::Address::parse(text);
    if (!address || is_loopback(*address)) return address;
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0901",
         .what = fmt::format("the console does not listen on {}", text),
         .why = "it speaks plain HTTP, and a token must not cross a network in clear",
         .fix = "listen on 127.0.0.1 and reach it by `ssh -L`, or put a proxy that encrypts in "
                "front and name its host by `--console-host`"});
}

base::Result<net::Address> Console::start() {
    const auto wanted = loopback_address(settings_.listen);
    if (!wanted) return base::fail(wanted);
    auto address = server_.listen(*wanted);
    if (!address) return address;
    door_ = door_of(address->port(), settings_.hosts, settings_.view);
    reader_.start();
    return address;
}

void Console::take(News news) {
    trouble_ = std::move(news.trouble);
    for (auto& [index, json] : news.lines) feed_.add_record(index, std::move(json));
    if (news.releases) feed_.set(Part::releases, std::move(*news.releases));
    if (news.objective) feed_.set(Part::objective, std::move(*news.objective));
    if (news.past) past_ = std::move(news.past);
    if (news.tick) feed_.add_tick(millis_of(news.tick->at), json_of(*news.tick));
    if (news.standing) {
        standing_ = std::move(news.standing);
        const engine::Releases none;
        const auto deeds = deeds_of(standing_->status, past_ ? *past_ : none);
        feed_.set(Part::status, fmt::format(R"({{"deeds":{},"status":{}}})",
                                            base::canonical(json_of(deeds)), standing_->json));
    }
    streams_.pump(loop_.clock().now());
    reader_.watched(streams_.count() > 0);
}

Caller Console::caller_of(const net::Request& request) const {
    const std::string_view bearer = bearer_of(request.fields);
    if (bearer.empty()) return {};
    auto found = tokens_.find(bearer, loop_.clock().now());
    return {found ? std::move(*found) : std::nullopt};
}

void Console::respond(const net::ExchangePtr& exchange) {
    const net::Request& request = exchange->request();
    if (const auto turned = check_host(door_, request.fields))
        return answer(exchange, refusal(*turned));
    const bool is_read = request.method == net::Method::get || request.method == net::Method::head;
    if (is_read) {
        if (auto file = page_.answer(request)) return answer(exchange, std::move(*file));
    }
    const Caller caller = caller_of(request);
    const bool has_bearer = !bearer_of(request.fields).empty();
    if (is_read) {
        if (const auto turned = check_view(door_, caller, has_bearer))
            return answer(exchange, refusal(*turned));
        return route(exchange, caller);
    }
    if (request.method != net::Method::post || request.path != "/api/v1/deeds")
        return answer(exchange, refusal(request.path.starts_with("/api/") ? 405 : 404, "CF0917",
                                        "there is nothing of that name to change"));
    if (const auto turned = check_source(door_, request.fields))
        return answer(exchange, refusal(*turned));
    if (const auto turned = check_operate(caller, has_bearer))
        return answer(exchange, refusal(*turned));
    act(exchange, caller);
}

void Console::route(const net::ExchangePtr& exchange, const Caller& caller) {
    const auto path = net::path_segments(exchange->request().path);
    if (path && path->size() >= 3 && (*path)[0] == "api" && (*path)[1] == "v1") {
        const std::string& noun = (*path)[2];
        if (noun == "overview" && path->size() == 3) return give_overview(exchange, caller);
        if (noun == "events" && path->size() == 3) return give_events(exchange, caller);
        if (noun == "journal" && path->size() <= 4) return give_journal(exchange, *path);
        if (noun == "logs" && path->size() == 4) return give_log(exchange, (*path)[3]);
    }
    if (path && path->size() == 1 && path->front() == "metrics") return give_metrics(exchange);
    answer(exchange, refusal(404, "CF0917", "there is nothing of that name"));
}

void Console::give_metrics(const net::ExchangePtr& exchange) {
    ask(exchange, [](Source& source) {
        auto text = source.metrics();
        if (!text) return refusal(text.error());
        net::Response response;
        response.status = 200;
        response.fields.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        response.body = std::move(*text);
        return response;
    });
}

void Console::give_overview(const net::ExchangePtr& exchange, const Caller& caller) {
    const auto ticks_after = number_in<std::int64_t>(exchange->request(), "ticks_after", 0);
    base::Json who = nullptr;
    if (caller.token) {
        who = {{"token", caller.token->id},
               {"name", caller.token->name},
               {"role", name_of(caller.token->role)},
               {"until", base::to_text(caller.token->until)}};
    }
    const auto now = loop_.clock().now();
    answer(exchange,
           net::Response::json(
               200, fmt::format(R"({{"schema":"crossfade.console/1","at":"{}","cursor":"{}",)"
                                R"("caller":{},"state":{},"releases":{},"objective":{},)"
                                R"("ticks":{},"trouble":{}}})",
                                base::to_text(now), to_text(feed_.present()), base::canonical(who),
                                feed_.json(Part::status), feed_.json(Part::releases),
                                feed_.json(Part::objective), feed_.ticks_after(ticks_after),
                                base::canonical(base::Json(trouble_)))));
}

void Console::give_events(const net::ExchangePtr& exchange, const Caller& caller) {
    const auto id = exchange->request().fields.find("Last-Event-ID");
    Cursor cursor;
    if (id) {
        const auto known = cursor_from(*id);
        if (!known)
            return answer(exchange, refusal(400, "CF0918", "the Last-Event-ID is none of ours"));
        cursor = *known;
    } else {
        cursor = feed_.present();
        cursor.parts = {};
    }
    net::FieldList fields;
    add_guards(fields);
    // Where looking needs a token, it lasts as long as that.
    const bool is_bounded = door_.view == View::token && caller.token;
    streams_.open(exchange, cursor, is_bounded ? caller.token->until : base::Instant::max(),
                  std::move(fields));
    reader_.watched(streams_.count() > 0);
}

void Console::ask(const net::ExchangePtr& exchange,
                  std::function<net::Response(Source&)> question) {
    const bool is_taken = reader_.ask([this, exchange, question = std::move(question),
                                       alive = std::weak_ptr(alive_)](Source& source) {
        auto response = std::make_shared<net::Response>(question(source));
        loop_.post([exchange, response, alive] {
            if (alive.lock()) answer(exchange, std::move(*response));
        });
    });
    if (!is_taken) answer(exchange, refusal(503, "CF0919", "too many questions at once"));
}

void Console::give_journal(const net::ExchangePtr& exchange, const std::vector<std::string>& path) {
    const net::Request& request = exchange->request();
    if (path.size() == 4) {
        std::uint64_t index = 0;
        std::from_chars(path[3].data(), path[3].data() + path[3].size(), index);
        return ask(exchange, [index](Source& source) {
            const auto& records = source.records();
            if (index == 0 || index > records.size())
                return refusal(404, "CF0917", "there is no such record");
            return net::Response::json(200, record_json(records[index - 1]));
        });
    }
    const Wanted wanted{.before = number_in<std::uint64_t>(request, "before", 0),
                        .limit = number_in<std::size_t>(request, "limit", 500),
                        .run = net::query_value(request.query, "run").value_or(""),
                        .kind = net::query_value(request.query, "kind").value_or("")};
    ask(exchange, [wanted](Source& source) {
        return net::Response::json(200, lines_json(source.records(), wanted));
    });
}

void Console::give_log(const net::ExchangePtr& exchange, const std::string& instance) {
    ask(exchange, [instance](Source& source) {
        const auto lines = source.log_tail(instance, kLogLines);
        if (!lines) return refusal(lines.error());
        return net::Response::json(200,
                                   base::canonical({{"instance", instance}, {"lines", *lines}}));
    });
}

void Console::act(const net::ExchangePtr& exchange, const Caller& caller) {
    exchange->collect(kBodyMax, [this, exchange, caller](const std::string& body) {
        carry_out(exchange, caller, body);
    });
}

void Console::carry_out(const net::ExchangePtr& exchange, const Caller& caller,
                        const std::string& body) {
    const auto json = base::json_from(body, kBodyMax);
    const auto name = json ? base::member<std::string>(*json, "verb") : base::fail(json);
    const auto verb = name ? verb_from(*name) : std::nullopt;
    if (!verb) return answer(exchange, refusal(400, "CF0920", "there is no such deed"));
    const std::string reason = base::member_or<std::string>(*json, "reason", "").value_or("");
    const std::string release = base::member_or<std::string>(*json, "release", "").value_or("");
    const std::string run = base::member_or<std::string>(*json, "run", "").value_or("");
    const std::string state = base::member_or<std::string>(*json, "state", "").value_or("");
    if (!standing_ || !past_)
        return answer(exchange, refusal(503, "CF0921", "nothing is known of the application yet"));
    // What was agreed to was said of this run in this state.
    if (run != standing_->status.run || state != name_of(standing_->status.state))
        return answer(exchange, refusal(409, "CF0922",
                                        "the release has moved on since you looked: look again"));
    for (const Deed& deed : deeds_of(standing_->status, *past_)) {
        if (deed.verb == *verb && !deed.possible)
            return answer(exchange, refusal(409, "CF0923", deed.why_not));
    }
    if (*verb == Verb::rollback && rollback_target(*past_, release) == nullptr)
        return answer(exchange, refusal(409, "CF0923", "that release cannot be gone back to"));
    std::vector<std::string> words{std::string(name_of(*verb)), "--output", "json"};
    if (*verb == Verb::rollback) {
        words.emplace_back("--yes");
        if (!release.empty()) words.push_back(release);
    } else if (*verb != Verb::resume && !reason.empty()) {
        words.push_back("--reason=" + plain(reason.substr(0, kReasonMax)));
    }
    const std::string secret(bearer_of(exchange->request().fields));
    errands_.run(words, secret, kErrandPatience,
                 [exchange](const Course& course) { answer(exchange, answer_of(course)); });
}

}  // namespace console
