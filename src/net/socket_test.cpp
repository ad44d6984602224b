#include "net/socket.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace net {
namespace {

bool wait_for(int descriptor, short events) {
    pollfd one{.fd = descriptor, .events = events, .revents = 0};
    return ::poll(&one, 1, 5000) == 1;
}

struct Folder {
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "net.XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

TEST(Address, texts_are_read_and_written_the_same) {
    for (const char* text :
         {"127.0.0.1:80", "0.0.0.0:0", "[::1]:8080", "unix:/run/x.sock", "127.64.3.2:65535"}) {
        const auto address = Address::parse(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(address->text(), text);
        EXPECT_EQ(Address::parse(address->text()), *address);
    }
    EXPECT_EQ(Address::parse("localhost:9")->text(), "127.0.0.1:9");
    EXPECT_EQ(Address::parse(":9")->text(), "0.0.0.0:9");
    EXPECT_EQ(Address::parse("/tmp/x")->text(), "unix:/tmp/x");
    EXPECT_EQ(Address::parse("[::1]:8080")->ip(), "::1");
}

TEST(Address, what_is_none_is_rejected) {
    for (const char* text : {"", "80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "[::1]", "::1",
                             "example.org:80", "127.0.0.1:8 0", "unix:", "[::g]:1"})
        EXPECT_FALSE(Address::parse(text)) << text;
    EXPECT_FALSE(Address::unix_path(std::string(108, 'a')));
    EXPECT_TRUE(Address::unix_path(std::string(107, 'a')));
}

void expect_bytes_to_pass(const Address& listening, int listener) {
    auto client = connect_to(listening);
    ASSERT_TRUE(client) << client.error().line();
    ASSERT_TRUE(wait_for(listener, POLLIN));
    const Accepted accepted = accept_from(listener);
    ASSERT_EQ(accepted.io, Io::moved);
    EXPECT_EQ(connect_error(client->number()), 0);
    std::string one = "hel";
    std::string two = "lo";
    const std::array<iovec, 2> parts{iovec{one.data(), one.size()}, iovec{two.data(), two.size()}};
    EXPECT_EQ(send(client->number(), parts).bytes, 5U);
    ASSERT_TRUE(wait_for(accepted.descriptor.number(), POLLIN));
    std::array<char, 64> buffer{};
    const Moved moved = receive(accepted.descriptor.number(), buffer);
    EXPECT_EQ(std::string_view(buffer.data(), moved.bytes), "hello");
    EXPECT_EQ(receive(accepted.descriptor.number(), buffer).io, Io::would_block);
    end_sending(client->number());
    ASSERT_TRUE(wait_for(accepted.descriptor.number(), POLLIN));
    EXPECT_EQ(receive(accepted.descriptor.number(), buffer).io, Io::ended);
}

TEST(Socket, bytes_pass_over_ipv4) {
    const auto listener = listen_on(*Address::parse("127.0.0.1:0"));
    ASSERT_TRUE(listener) << listener.error().line();
    const auto address = local_address(listener->number());
    EXPECT_NE(address->port(), 0);
    expect_bytes_to_pass(*address, listener->number());
}

TEST(Socket, bytes_pass_over_a_unix_path_that_only_its_owner_may_open) {
    const Folder folder;
    const auto address = Address::unix_path((folder.path / "s").string());
    const auto listener = listen_on(*address);
    ASSERT_TRUE(listener) << listener.error().line();
    struct stat facts{};
    ASSERT_EQ(::stat((folder.path / "s").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    expect_bytes_to_pass(*address, listener->number());
}

TEST(Socket, a_unix_path_left_behind_is_taken_over_and_one_in_use_is_not) {
    const Folder folder;
    const auto address = Address::unix_path((folder.path / "s").string());
    {
        const auto first = listen_on(*address);
        ASSERT_TRUE(first);
        const auto second = listen_on(*address);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().failure, base::Failure::conflict);
    }
    EXPECT_TRUE(listen_on(*address));
}

TEST(Socket, several_listeners_share_a_port_when_all_ask_for_it) {
    const ListenOptions shared{.reuse_port = true};
    const auto first = listen_on(*Address::parse("127.0.0.1:0"), shared);
    ASSERT_TRUE(first);
    const auto address = local_address(first->number());
    EXPECT_TRUE(listen_on(*address, shared));
    const auto third = listen_on(*address);
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().failure, base::Failure::conflict);
    EXPECT_EQ(third.error().diagnostic.code, "CF0021");
}

TEST(Socket, a_refused_connection_is_told_by_its_error) {
    Address address;
    {
        const auto listener = listen_on(*Address::parse("127.0.0.1:0"));
        address = *local_address(listener->number());
    }
    const auto client = connect_to(address);
    if (!client) return;  // some kernels refuse at once
    ASSERT_TRUE(wait_for(client->number(), POLLOUT));
    EXPECT_EQ(connect_error(client->number()), ECONNREFUSED);
}

TEST(Socket, a_reset_peer_fails_the_read) {
    const auto listener = listen_on(*Address::parse("127.0.0.1:0"));
    auto client = connect_to(*local_address(listener->number()));
    ASSERT_TRUE(wait_for(listener->number(), POLLIN));
    const Accepted accepted = accept_from(listener->number());
    reset_on_close(client->number());
    client->reset();
    ASSERT_TRUE(wait_for(accepted.descriptor.number(), POLLIN));
    std::array<char, 8> buffer{};
    const Moved moved = receive(accepted.descriptor.number(), buffer);
    EXPECT_EQ(moved.io, Io::failed);
    EXPECT_EQ(moved.error, ECONNRESET);
}

}  // namespace
}  // namespace net
