// A client's connection id, and the one that the instance behind it gave.

#include "edge/socket/virtual_ids.h"

#include <gtest/gtest.h>

#include <string>

namespace edge {
namespace {

const std::string kKnown = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
const std::string kReal = "9zzzzzzzzzzzzzzzzzzzzzzzz9";

std::string translated(VirtualIds& ids, std::string head) {
    ids.translate(head.data(), head.size());
    return head;
}

TEST(VirtualIds, stand_in_for_the_instances_own_in_a_requests_head) {
    VirtualIds ids;
    ids.put(kKnown, kReal);
    ASSERT_TRUE(ids.any());
    for (const std::string name : {"Connection-Id", "connection-id", "CONNECTION-ID"}) {
        const std::string head = "PUT /api HTTP/1.1\r\nHost: a\r\n" + name + ": ";
        EXPECT_EQ(translated(ids, head + kKnown + "\r\nA: b\r\n\r\n"),
                  head + kReal + "\r\nA: b\r\n\r\n");
        EXPECT_EQ(translated(ids, head + kKnown + "\r\n\r\n"), head + kReal + "\r\n\r\n");
    }
}

TEST(VirtualIds, leave_all_else_as_it_is) {
    VirtualIds ids;
    ids.put(kKnown, kReal);
    for (const char* const text :
         {"GET / HTTP/1.1\r\nConnection-Id: bbbbbbbbbbbbbbbbbbbbbbbbbb\r\n\r\n",
          "GET / HTTP/1.1\r\nConnection-Id: aaa\r\n\r\n", "GET / HTTP/1.1\r\nConnection-Id: ",
          "GET / HTTP/1.1\r\nX-Connection-Id: aaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n",
          "GET / HTTP/1.1\r\nConnection-Id: aaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n", ""}) {
        const std::string head = text;
        EXPECT_EQ(translated(ids, head), head);
    }
}

TEST(VirtualIds, are_forgotten_with_their_socket) {
    VirtualIds ids;
    ids.put(kKnown, "bbbbbbbbbbbbbbbbbbbbbbbbbb");
    ids.put(kKnown, kReal);
    ids.remove(kKnown);
    ids.remove(kKnown);
    EXPECT_FALSE(ids.any());
    ids.put(kKnown, "not an id");
    EXPECT_FALSE(ids.any());
}

}  // namespace
}  // namespace edge
