#include "local/seat.h"

#include "local/fetch.h"
#include "local/port.h"
#include "local/temporary_test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <cstdlib>

namespace local {
namespace {

Record record() {
    Record made;
    made.id = "green-7";
    made.pool = release::Pool::green;
    made.release = "r2";
    made.address = "127.64.3.7:20007";
    return made;
}

/// A socket that listens on a port of the kernel's choice.
struct Listener {
    Listener() : descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
        socklen_t size = sizeof address;
        EXPECT_EQ(bind(descriptor.number(), generic, size), 0);
        EXPECT_EQ(listen(descriptor.number(), 1), 0);
        getsockname(descriptor.number(), generic, &size);
        port = ntohs(address.sin_port);
    }
    base::Fd descriptor;
    std::uint16_t port = 0;
};

TEST(SeatOfAnInstance, placeholders_are_filled_in_in_command_and_environment) {
    const release::Process process{
        .command = {"${artifact}/server", "--listen", "${address}:${port}", "$${port}", "$HOME"},
        .environment = {{"NAME", "${pool}/${instance}"}}};
    const auto launch = launch_of(process, record(), "/state/artifacts/ab", "/app");
    ASSERT_TRUE(launch);
    EXPECT_EQ(launch->command, (std::vector<std::string>{"/state/artifacts/ab/server", "--listen",
                                                         "127.64.3.7:20007", "${port}", "$HOME"}));
    EXPECT_EQ(launch->environment.at("NAME"), "green/green-7");
    EXPECT_EQ(launch->environment.at("PORT"), "20007");
}

TEST(SeatOfAnInstance, a_placeholder_that_is_not_known_starts_nothing) {
    const release::Process process{.command = {"server", "${prot}"}, .environment = {}};
    const auto launch = launch_of(process, record(), "/a", "/app");
    ASSERT_FALSE(launch);
    EXPECT_EQ(launch.error().diagnostic.code, "CF0131");
}

TEST(SeatOfAnInstance, secrets_are_looked_up_at_the_start_and_only_then) {
    const TemporaryFolder folder;
    release::Process process{.command = {"server"}, .environment = {}};
    process.secrets["DB"] = {release::SecretSource::Kind::file, "password"};
    const auto missing = launch_of(process, record(), "/a", folder.path);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().diagnostic.code, "CF0431");
    put(folder.path / "password", "first\n");
    EXPECT_EQ(launch_of(process, record(), "/a", folder.path)->environment.at("DB"), "first");
    put(folder.path / "password", "second\n");
    EXPECT_EQ(launch_of(process, record(), "/a", folder.path)->environment.at("DB"), "second");
    process.secrets["KEY"] = {release::SecretSource::Kind::environment, "CROSSFADE_TEST_NOT_SET"};
    const auto unset = launch_of(process, record(), "/a", folder.path);
    ASSERT_FALSE(unset);
    EXPECT_EQ(unset.error().diagnostic.code, "CF0430");
}

TEST(SeatOfAnInstance, the_longest_secret_is_removed_first) {
    const TemporaryFolder folder;
    put(folder.path / "a", "abc");
    put(folder.path / "b", "abcdef");
    release::Process process;
    process.secrets["A"] = {release::SecretSource::Kind::file, "a"};
    process.secrets["B"] = {release::SecretSource::Kind::file, "b"};
    EXPECT_EQ(scrubbed("x abcdef y abc", secrets_of(process, folder.path)), "x *** y ***");
}

TEST(SeatOfAnInstance, each_state_folder_and_each_number_has_an_address_and_a_port_of_its_own) {
    std::set<std::string> taken;
    std::set<std::string> ports;
    for (const char* root : {"/tmp/a", "/tmp/b"}) {
        for (std::uint64_t number = 1; number < 5; ++number) {
            const auto address = free_address(root, number, taken);
            ASSERT_TRUE(address);
            EXPECT_TRUE(address->starts_with("127."));
            EXPECT_TRUE(taken.insert(*address).second);
            EXPECT_TRUE(ports.insert(address->substr(address->rfind(':'))).second);
        }
    }
}

TEST(OwnerOfAPort, is_named_while_it_listens) {
    const Listener listener;
    const auto owner = owner_of_port(listener.port);
    ASSERT_TRUE(owner);
    EXPECT_EQ(owner->pid, getpid());
    EXPECT_EQ(owner->name, "local_test");
}

TEST(ShownUrl, has_no_password_and_no_query) {
    EXPECT_EQ(shown("https://ada:pw@host/a/b.tar?token=1#x"), "https://host/a/b.tar");
    EXPECT_EQ(shown("/plain/path"), "/plain/path");
    EXPECT_EQ(escaped("a b/ü.js"), "a%20b/%C3%BC.js");
}

}  // namespace
}  // namespace local
