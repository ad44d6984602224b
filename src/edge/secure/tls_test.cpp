// TLS as clients see it: real handshakes against an edge of two workers.

#include "edge/testing.h"
#include "net/tls/testing.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

namespace edge {
namespace {

using namespace edge::testing;
namespace tls = net::tls::testing;

class EdgeTls : public ::testing::Test {
protected:
    void SetUp() override {
        house.access_log = (house.folder.path / "access.log").string();
        first = tls::make_pair(house.folder.path, "first", {"app.test", "*.wild.test"});
        second = tls::make_pair(house.folder.path, "second", {"other.test"});
        house.start();
        configure();
        house.add("blue", app);
        house.weights(1, 0);
        address = house.address();
    }

    void configure(const std::function<void(base::Json&)>& change = {}) {
        house.configure([&](base::Json& config) {
            config["listeners"][0]["tls"] = {
                {"certificates",
                 {{{"certificate", first.certificate}, {"key", first.key}},
                  {{"certificate", second.certificate}, {"key", second.key}}}}};
            if (change) change(config);
        });
    }

    std::string metric(const std::string& name) {
        const std::string all = house.edge->control().metrics();
        const std::size_t at = all.find("\n" + name + " ");
        if (at == std::string::npos) return {};
        const std::size_t from = at + name.size() + 2;
        return all.substr(from, all.find('\n', from) - from);
    }

    std::string log() {
        std::ifstream file(house.access_log);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    App app{"one", [](const net::ExchangePtr& exchange) {
                const net::Request& request = exchange->request();
                if (request.path == "/proto") {
                    std::string seen(request.fields.find("x-forwarded-proto").value_or("none"));
                    return exchange->answer(net::Response::text(200, seen));
                }
                exchange->answer(net::Response::text(200, std::string(3'000'000, 'x')));
            }};
    House house;
    tls::MadeFiles first;
    tls::MadeFiles second;
    std::string address;
};

/// A wire with TLS on it.
struct Secure {
    explicit Secure(const std::string& address, const tls::Client::Wish& wish = {})
        : wire(address), tls(wire.descriptor(), wish) {}
    Wire wire;
    tls::Client tls;
};

TEST_F(EdgeTls, requests_are_forwarded_as_https_and_logged_with_cipher_and_version) {
    Secure client(address);
    ASSERT_TRUE(client.tls.connected);
    ASSERT_TRUE(client.tls.send(get("/proto")));
    EXPECT_TRUE(client.tls.read_until("\r\n\r\nhttps").ends_with("https"));
    ASSERT_TRUE(client.tls.send(get("/name", "Connection: close\r\n")));
    EXPECT_TRUE(client.tls.read_until("one").ends_with("one"));
    EXPECT_EQ(client.tls.read(), "");
    EXPECT_TRUE(client.tls.orderly_end) << "a close_notify, not a mere end";
    house.stop();
    const std::string lines = log();
    EXPECT_EQ(lines.find("https "), 0U) << lines;
    EXPECT_NE(lines.find(" TLS_AES_256_GCM_SHA384 TLSv1.3 "), std::string::npos) << lines;
    EXPECT_NE(lines.find("/proto HTTP/1.1\""), std::string::npos) << lines;
    EXPECT_NE(lines.find("\"GET https://app.test:"), std::string::npos) << lines;
}

TEST_F(EdgeTls, the_certificate_is_chosen_by_exact_name_then_by_wildcard_then_the_default) {
    const auto shown = [&](const std::string& asked, const std::string& name) {
        Secure client(address, {.server_name = asked});
        return client.tls.connected && client.tls.shows(name);
    };
    EXPECT_TRUE(shown("other.test", "other.test"));
    EXPECT_TRUE(shown("OTHER.test", "other.test"));
    EXPECT_TRUE(shown("a.wild.test", "app.test"));
    EXPECT_TRUE(shown("nobody.test", "app.test"));
    EXPECT_TRUE(shown("", "app.test"));
}

TEST_F(EdgeTls, a_session_is_resumed_by_whichever_worker_comes_next) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        Secure begun(address, {.version_max = version});
        ASSERT_TRUE(begun.tls.send(get("/name")));
        EXPECT_TRUE(begun.tls.read_until("one").ends_with("one"));  // the ticket came along
        const std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> session(begun.tls.session(),
                                                                                &SSL_SESSION_free);
        // The kernel spreads connections over the workers: of twenty both get some.
        for (int i = 0; i < 20; ++i) {
            Secure next(address, {.version_max = version, .session = session.get()});
            EXPECT_TRUE(next.tls.resumed()) << "TLS " << version << ", connection " << i;
        }
    }
    EXPECT_TRUE(eventually([&] {
        return metric("crossfade_edge_tls_resumptions_total") == "40" &&
               metric("crossfade_edge_tls_handshakes_total") == "42";
    })) << metric("crossfade_edge_tls_handshakes_total");
}

TEST_F(EdgeTls, alpn_chooses_what_is_spoken_and_refuses_what_is_not) {
    Secure http(address, {.alpn = "\x08http/1.1"});
    EXPECT_EQ(http.tls.alpn(), "http/1.1");
    Secure alien(address, {.alpn = "\x04smtp"});
    EXPECT_FALSE(alien.tls.connected);
}

TEST_F(EdgeTls, a_least_version_is_kept) {
    configure([](base::Json& config) { config["listeners"][0]["tls"]["minimum"] = "1.3"; });
    Secure old(house.address(), {.version_max = TLS1_2_VERSION});
    EXPECT_FALSE(old.tls.connected);
    EXPECT_TRUE(Secure(house.address()).tls.connected);
    EXPECT_TRUE(eventually([&] { return metric("crossfade_edge_tls_failures_total") == "1"; }));
}

TEST_F(EdgeTls, renewed_files_are_shown_to_those_who_come_and_nobody_is_dropped) {
    Secure before(address);
    ASSERT_TRUE(before.tls.send(get("/name")));
    EXPECT_TRUE(before.tls.read_until("one").ends_with("one"));
    tls::write_pair(first, {"renewed.test"});
    EXPECT_TRUE(eventually([&] { return Secure(address).tls.shows("renewed.test"); }));
    ASSERT_TRUE(before.tls.send(get("/name")));
    EXPECT_TRUE(before.tls.read_until("one").ends_with("one"));
}

TEST_F(EdgeTls, half_a_renewal_changes_nothing_and_is_counted) {
    std::filesystem::copy_file(second.certificate, first.certificate,
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_TRUE(
        eventually([&] { return metric("crossfade_edge_tls_reload_failures_total") == "1"; }));
    EXPECT_TRUE(Secure(address).tls.shows("app.test"));
}

TEST_F(EdgeTls, a_config_with_a_pair_that_does_not_match_is_refused_whole) {
    base::Json config = (*house.edge->control().config())["config"];
    config["listeners"][0]["tls"]["certificates"][0]["key"] = second.key;
    const auto put = house.edge->control().put_config(house.permit, config);
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().diagnostic.code, "CF0570");
    EXPECT_TRUE(Secure(address).tls.shows("app.test"));
}

TEST_F(EdgeTls, who_does_not_shake_hands_in_time_is_dropped) {
    configure([](base::Json& config) { config["limits"]["tls_handshake_timeout_ms"] = 50; });
    Wire silent(house.address());
    EXPECT_TRUE(silent.ended());
    Wire wrong(house.address());
    EXPECT_TRUE(wrong.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    wrong.read(1'000'000);  // an alert, then the end
    EXPECT_TRUE(wrong.ended());
    EXPECT_TRUE(eventually([&] { return metric("crossfade_edge_tls_failures_total") == "2"; }));
    EXPECT_TRUE(eventually([&] { return metric("crossfade_edge_connections") == "0"; }));
}

TEST_F(EdgeTls, a_large_answer_arrives_whole_though_its_reader_is_slow_to_begin) {
    Secure client(address);
    ASSERT_TRUE(client.tls.send(get("/large")));
    // More than all buffers hold has to wait for room, within a record.
    std::string all = client.tls.read_until("\r\n\r\n");
    std::size_t got = all.size() - all.find("\r\n\r\n") - 4;
    while (got < 3'000'000) {
        const std::string more = client.tls.read();
        ASSERT_FALSE(more.empty()) << got;
        got += more.size();
    }
    EXPECT_EQ(got, 3'000'000U);
}

TEST_F(EdgeTls, many_requests_in_one_record_are_all_answered) {
    // What OpenSSL has decrypted, the socket does not tell of: none may be left inside.
    Secure client(address);
    std::string many;
    for (int i = 0; i < 100; ++i) many += get("/name");
    ASSERT_TRUE(client.tls.send(many));
    std::string all;
    std::size_t found = 0;
    while (found < 100) {
        const std::string more = client.tls.read();
        ASSERT_FALSE(more.empty()) << found;
        all += more;
        found = 0;
        for (std::size_t at = all.find("\r\n\r\none"); at != std::string::npos;
             at = all.find("\r\n\r\none", at + 1)) {
            ++found;
        }
    }
}

TEST_F(EdgeTls, a_large_upload_goes_through) {
    Secure client(address);
    const std::string body(5'000'000, 'u');
    ASSERT_TRUE(client.tls.send("POST /proto HTTP/1.1\r\nHost: app.test\r\nContent-Length: " +
                                std::to_string(body.size()) + "\r\n\r\n"));
    ASSERT_TRUE(client.tls.send(body));
    EXPECT_TRUE(client.tls.read_until("https").ends_with("https"));
}

TEST_F(EdgeTls, a_websocket_runs_both_ways_and_an_end_is_passed_on_as_a_farewell) {
    RawApp echo([](int descriptor) {
        std::array<char, 65536> bytes;
        std::string head;
        while (head.find("\r\n\r\n") == std::string::npos) {
            const ssize_t got = ::recv(descriptor, bytes.data(), bytes.size(), 0);
            if (got <= 0) return;
            head.append(bytes.data(), static_cast<std::size_t>(got));
        }
        if (!head.starts_with("GET /ws")) {
            net::send(descriptor, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        net::send(descriptor,
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                  "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                  "\r\n");
        std::string payload(100'000, '\0');  // a frame, masked with zeros
        for (std::size_t left = payload.size() + 14; left > 0;) {
            const ssize_t got = ::recv(descriptor, bytes.data(), bytes.size(), 0);
            if (got <= 0) return;
            left -= static_cast<std::size_t>(got);
        }
        payload.assign(100'000, 'w');
        std::string frame("\x82\x7f\0\0\0\0\0\x01\x86\xa0", 10);
        for (std::string_view left = frame += payload; !left.empty();) {
            const ssize_t put = ::send(descriptor, left.data(), left.size(), MSG_NOSIGNAL);
            if (put <= 0) return;
            left.remove_prefix(static_cast<std::size_t>(put));
        }
    });
    house.weights(0, 1);
    house.add("green", "echo", echo.address);
    house.await_state("green", "echo", "healthy");
    Secure client(house.address());
    ASSERT_TRUE(client.tls.send(get("/ws",
                                    "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                                    "Sec-WebSocket-Version: 13\r\n"
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")));
    EXPECT_NE(client.tls.read_until("\r\n\r\n").find(" 101 "), std::string::npos);
    const std::string frame("\x82\xff\0\0\0\0\0\x01\x86\xa0\0\0\0\0", 14);
    ASSERT_TRUE(client.tls.send(frame + std::string(100'000, 'q')));
    std::string all;
    for (std::string more = client.tls.read(); !more.empty(); more = client.tls.read()) all += more;
    EXPECT_EQ(all.size(), 100'010U);
    EXPECT_TRUE(all.ends_with("wwww"));
    EXPECT_TRUE(client.tls.orderly_end);
}

TEST_F(EdgeTls, files_are_sent_through_the_cipher) {
    const std::filesystem::path assets = house.folder.path / "assets";
    std::filesystem::create_directory(assets);
    std::ofstream(assets / "a.bin") << std::string(1'000'000, 'f');
    configure([&](base::Json& config) {
        config["rules"].push_back(
            {{"priority", 1}, {"path", "/*.bin"}, {"assets", {{"directory", assets.string()}}}});
    });
    Secure client(house.address());
    ASSERT_TRUE(client.tls.send(get("/a.bin", "Connection: close\r\n")));
    std::string all;
    for (std::string more = client.tls.read(); !more.empty(); more = client.tls.read()) all += more;
    ASSERT_NE(all.find("\r\n\r\n"), std::string::npos);
    EXPECT_EQ(all.substr(all.find("\r\n\r\n") + 4), std::string(1'000'000, 'f'));
}

}  // namespace
}  // namespace edge
