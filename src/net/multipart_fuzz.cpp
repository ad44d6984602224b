// A form as a client might send it, cut anywhere: the first byte says how.

#include "base/check.h"
#include "net/multipart.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

struct Heard final : net::PartHandler {
    void on_part(const net::PartHead& head) override {
        text += "part " + head.name + " " + head.file_name + " " + head.content_type + "\n";
    }
    void on_part_bytes(std::string_view bytes) override { text += bytes; }
    void on_part_end() override { text += "\nend\n"; }
    std::string text;
};

std::string parsed(std::string_view bytes, std::size_t step) {
    net::MultipartParser parser{"b"};
    Heard heard;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const std::string piece{bytes.substr(at, step)};
        if (!parser.feed(piece, heard)) break;
    }
    return heard.text + std::string(net::name_of(parser.fault())) +
           (parser.complete() ? " whole" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string bytes{data + 1, data + size};
    CHECK(parsed(bytes, 1 + data[0] % 64U) ==
          parsed(bytes, std::max<std::size_t>(bytes.size(), 1)));
    net::boundary_of(bytes);
    return 0;
}
