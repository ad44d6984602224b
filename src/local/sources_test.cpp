// Answers of sources, and a source that is asked over a socket, slow, gone, or talkative.

#include "local/sources.h"

#include "local/source_answer.h"
#include "local/temporary_test.h"
#include "release/sample.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <mutex>
#include <thread>

namespace local {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::optional<double> number(std::string_view data) {
    const auto read =
        number_from_prometheus({200, fmt::format(R"({{"status":"success","data":{}}})", data)});
    EXPECT_TRUE(read) << read.error().line();
    return read.value_or(std::nullopt);
}

std::string refusal(std::string_view body, long status = 200) {
    const auto read = number_from_prometheus({status, body});
    EXPECT_FALSE(read);
    return read ? "" : read.error().line();
}

TEST(PrometheusAnswer, is_one_number_or_none) {
    EXPECT_EQ(number(R"({"resultType":"vector","result":[{"metric":{},"value":[1.5,"42"]}]})"), 42);
    EXPECT_EQ(
        number(R"({"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1,"1.5e+06"]}]})"),
        1.5e6);
    EXPECT_EQ(number(R"({"resultType":"scalar","result":[1.5,"0.25"]})"), 0.25);
    EXPECT_FALSE(number(R"({"resultType":"vector","result":[]})"));
    EXPECT_FALSE(number(R"({"resultType":"vector","result":[{"metric":{},"value":[1,"NaN"]}]})"));
}

TEST(PrometheusAnswer, that_is_no_number_says_what_it_is) {
    const auto data = [](std::string_view text) {
        return fmt::format(R"({{"status":"success","data":{}}})", text);
    };
    EXPECT_NE(
        refusal(data(R"({"resultType":"vector","result":[{"value":[1,"1"]},{"value":[1,"2"]}]})"))
            .find("2 series"),
        std::string::npos);
    EXPECT_NE(refusal(data(R"({"resultType":"matrix","result":[]})")).find("range of values"),
              std::string::npos);
    EXPECT_NE(
        refusal(data(R"({"resultType":"vector","result":[{"value":[1,"+Inf"]}]})")).find("+Inf"),
        std::string::npos);
    for (const char* odd :
         {R"({"resultType":"vector","result":[3]})", R"({"resultType":"vector","result":[{}]})",
          R"({"resultType":"vector","result":[{"value":[1,2]}]})", R"({"resultType":"vector"})",
          R"({"result":[]})", R"([])", R"({"resultType":"scalar","result":"1"})", "null",
          R"({"resultType":"vector","result":[{"value":[1,"1x"]}]})",
          R"({"resultType":"vector","result":[{"value":[1,""]}]})"}) {
        EXPECT_NE(refusal(data(odd)), "") << odd;
    }
}

TEST(PrometheusAnswer, of_an_error_is_told_on_one_line) {
    const std::string told = refusal(
        R"({"status":"error","errorType":"bad_data","error":"parse error:\nunexpected \u001b[1m"})",
        400);
    EXPECT_NE(told.find("bad_data: parse error: unexpected"), std::string::npos) << told;
    EXPECT_EQ(told.find('\n'), std::string::npos);
    EXPECT_EQ(told.find('\x1b'), std::string::npos);
    EXPECT_NE(refusal("<html>who are you?</html>", 401).find("401"), std::string::npos);
    EXPECT_NE(refusal("{\"status\":"), "");
}

TEST(SourceCounts, are_whole_and_not_negative) {
    EXPECT_EQ(count_from(0).value_or(9), 0U);
    EXPECT_EQ(count_from(41.9999999).value_or(9), 42U);
    for (const double wrong : {-1.0, 1e300, std::nan("")}) EXPECT_FALSE(count_from(wrong)) << wrong;
}

TEST(JsonAnswer, has_counts_or_a_value) {
    const auto counts = figures_from_json({200, R"({"failed":3,"total":1200,"mine":[]})"}, false);
    ASSERT_TRUE(counts && *counts);
    EXPECT_EQ(**counts, (engine::SourceFigures{.failed = 3, .total = 1200}));
    const auto level = figures_from_json({200, R"({"value":0.25})"}, true);
    ASSERT_TRUE(level && *level);
    EXPECT_EQ((*level)->level, 0.25);
    for (const long none : {204L, 404L}) {
        const auto nothing = figures_from_json({none, ""}, false);
        EXPECT_TRUE(nothing && !*nothing) << none;
    }
    for (const char* odd : {"", "[]", "3", R"({"failed":1})", R"({"failed":"1","total":2})",
                            R"({"failed":-1,"total":2})", R"({"value":1})"}) {
        EXPECT_FALSE(figures_from_json({200, odd}, false)) << odd;
    }
    EXPECT_FALSE(figures_from_json({503, R"({"failed":1,"total":2})"}, false));
}

/// One answer a connection, by the request's head; a listener on loopback.
class Page {
public:
    explicit Page(std::function<std::string(const std::string& head)> answer)
        : answer_(std::move(answer)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
        EXPECT_EQ(bind(listener_, generic, size), 0);
        EXPECT_EQ(listen(listener_, 16), 0);
        EXPECT_EQ(getsockname(listener_, generic, &size), 0);
        port = ntohs(address.sin_port);
        thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
    }
    ~Page() {
        thread_.request_stop();
        thread_.join();
        close(listener_);
    }
    std::string url() const { return fmt::format("http://127.0.0.1:{}", port); }
    std::string heads() {
        const std::lock_guard lock(mutex_);
        return heads_;
    }

    std::uint16_t port = 0;

private:
    void serve(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            pollfd watched{listener_, POLLIN, 0};
            if (poll(&watched, 1, 20) != 1) continue;
            const int peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            std::string head(4096, '\0');
            head.resize(static_cast<std::size_t>(
                std::max<ssize_t>(recv(peer, head.data(), head.size(), 0), 0)));
            {
                const std::lock_guard lock(mutex_);
                heads_ += head;
            }
            const std::string answer = answer_(head);
            (void)!send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
            close(peer);
        }
    }

    std::function<std::string(const std::string&)> answer_;
    int listener_;
    std::mutex mutex_;
    std::string heads_;
    std::jthread thread_;
};

std::string http(int status, std::string_view body) {
    return fmt::format("HTTP/1.1 {} x\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body);
}

class SourcesTest : public testing::Test {
protected:
    release::Plan plan_with(release::SourcedMetric metric) const {
        release::Spec spec = release::sample_spec();
        spec.guard.interval = milliseconds{100};
        metric.name = "orders";
        metric.timeout = milliseconds{500};
        spec.guard.metrics = {std::move(metric)};
        return *release::plan_release(
            spec, release::sample_release("r2", "1.0.1+b"),
            release::sample_present(release::sample_release("r1", "1.0.0")), std::nullopt);
    }
    static release::SourcedMetric at(std::string url) {
        release::SourcedMetric metric;
        metric.http.emplace().url = std::move(url);
        return metric;
    }
    /// Asks until `holds`, or a while is over.
    engine::SourceReading wait_for(Sources& sources, const release::Plan& plan,
                                   const std::function<bool(const engine::SourceReading&)>& holds) {
        const auto until = clock.tick() + seconds{10};
        for (;;) {
            auto readings = sources.latest(plan);
            EXPECT_EQ(readings.size(), 1U);
            if (holds(readings[0]) || clock.tick() > until) return readings[0];
            clock.wait_until(clock.tick() + milliseconds{5}, {});
        }
    }
    static bool is_seen(const engine::SourceReading& reading) { return reading.blind.empty(); }

    TemporaryFolder folder;
    base::Clock& clock = real_clock();
};

TEST_F(SourcesTest, ask_for_each_release_by_its_names) {
    Page page([](const std::string& head) {
        const bool is_new = head.find("/green/r2/1.0.1%2Bb") != std::string::npos;
        return http(200, is_new ? R"({"failed":1,"total":10})" : R"({"failed":2,"total":90})");
    });
    const auto plan = plan_with(at(page.url() + "/${pool}/${release}/${version}"));
    Sources sources(folder.path, clock);
    const auto reading = wait_for(sources, plan, is_seen);
    EXPECT_EQ(reading.fresh, (engine::SourceFigures{.failed = 1, .total = 10}));
    EXPECT_EQ(reading.old, (engine::SourceFigures{.failed = 2, .total = 90}));
    EXPECT_NE(page.heads().find("/blue/r1/1.0.0 "), std::string::npos);
}

TEST_F(SourcesTest, a_first_look_waits_for_nobody) {
    Page page([&](const std::string&) {
        clock.wait_until(clock.tick() + milliseconds{300}, {});
        return http(200, R"({"failed":1,"total":10})");
    });
    const auto plan = plan_with(at(page.url() + "/${pool}"));
    Sources sources(folder.path, clock);
    EXPECT_EQ(sources.latest(plan)[0].blind, "it has not answered yet");
    EXPECT_TRUE(is_seen(wait_for(sources, plan, is_seen)));
}

TEST_F(SourcesTest, one_that_goes_is_blind_once_its_last_answer_is_old) {
    auto page = std::make_unique<Page>(
        [](const std::string&) { return http(200, R"({"failed":1,"total":10})"); });
    const auto plan = plan_with(at(page->url() + "/${pool}"));
    Sources sources(folder.path, clock);
    ASSERT_TRUE(is_seen(wait_for(sources, plan, is_seen)));
    page.reset();
    const auto reading =
        wait_for(sources, plan, [](const auto& each) { return !each.blind.empty(); });
    EXPECT_NE(reading.blind.find("it does not answer"), std::string::npos) << reading.blind;
    EXPECT_FALSE(reading.fresh);
}

TEST_F(SourcesTest, an_answer_without_end_is_given_up) {
    Page page([](const std::string&) { return http(200, std::string(200'000, ' ')); });
    const auto plan = plan_with(at(page.url() + "/${pool}"));
    Sources sources(folder.path, clock);
    const auto reading = wait_for(sources, plan, [](const auto& each) {
        return each.blind.find("longer") != std::string::npos;
    });
    EXPECT_NE(reading.blind.find("longer than 65536 bytes"), std::string::npos) << reading.blind;
}

TEST_F(SourcesTest, secrets_are_sent_and_never_told) {
    std::ofstream(folder.path / "header") << "Bearer open-sesame\n";
    Page page([](const std::string&) {
        return http(
            401, R"({"status":"error","errorType":"denied","error":"not by Bearer open-sesame"})");
    });
    std::ofstream(folder.path / "server") << page.url() << "/hidden-path\n";
    release::SourcedMetric metric;
    auto& queries = metric.prometheus.emplace();
    queries.server.secret = {release::SecretSource::Kind::file, "server"};
    queries.failed = "sum(lost{version=\"${version}\"})";
    queries.total = "sum(orders{version=\"${version}\"})";
    metric.headers["Authorization"] = {release::SecretSource::Kind::file, "header"};
    const auto plan = plan_with(metric);
    Sources sources(folder.path, clock);
    const auto reading = wait_for(sources, plan, [](const auto& each) {
        return each.blind.find("denied") != std::string::npos;
    });
    EXPECT_NE(page.heads().find("Authorization: Bearer open-sesame"), std::string::npos);
    EXPECT_NE(
        page.heads().find("/hidden-path/api/v1/query?query=sum%28lost%7Bversion%3D%221.0.1%2Bb"),
        std::string::npos)
        << page.heads();
    EXPECT_NE(reading.blind.find("denied: not by ***"), std::string::npos) << reading.blind;
    EXPECT_EQ(reading.blind.find("hidden"), std::string::npos);
    EXPECT_EQ(reading.blind.find("sesame"), std::string::npos);
    EXPECT_EQ(release::plan_to_json(plan).find("hidden"), std::string::npos);
}

TEST_F(SourcesTest, a_name_that_nothing_is_known_by_is_not_taken_for_no_failure) {
    Page page([](const std::string& head) {
        const bool total = head.find("orders") != std::string::npos;
        return http(
            200,
            fmt::format(R"({{"status":"success","data":{{"resultType":"vector","result":[{}]}}}})",
                        total ? R"({"metric":{},"value":[1,"50"]})" : ""));
    });
    release::SourcedMetric metric;
    auto& queries = metric.prometheus.emplace();
    queries.server.url = page.url() + "/";
    queries.failed = "sum(lots{version=\"${version}\"})";
    queries.total = "sum(orders{version=\"${version}\"})";
    const auto plan = plan_with(metric);
    Sources sources(folder.path, clock);
    const auto reading = wait_for(sources, plan, [](const auto& each) {
        return each.blind.find("no `failed`") != std::string::npos;
    });
    EXPECT_NE(reading.blind.find("no `failed`"), std::string::npos) << reading.blind;
    EXPECT_EQ(page.heads().find("//api"), std::string::npos);
}

}  // namespace
}  // namespace local
