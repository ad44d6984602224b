#include "edge/takeover/wire.h"

#include "base/check.h"

#include <limits>
#include <type_traits>
#include <utility>

namespace edge::takeover {

namespace {

void put(std::string& out, const std::string& text) {
    CHECK(text.size() <= kPacketMax);
    for (std::size_t shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>(text.size() >> shift & 0xffU);
    }
    out += text;
}

template <typename Number>
    requires std::is_integral_v<Number>
void put(std::string& out, Number number) {
    const auto bits = static_cast<std::make_unsigned_t<Number>>(number);
    for (std::size_t shift = 0; shift < 8 * sizeof number; shift += 8) {
        out += static_cast<char>(static_cast<std::uint64_t>(bits) >> shift & 0xffU);
    }
}

/// Takes fields off the front; wrong for good once something is missing.
class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    template <typename Number>
        requires std::is_integral_v<Number>
    void take(Number& number) {
        number = static_cast<Number>(little_endian(sizeof number));
    }
    void take(std::string& text) {
        const std::uint64_t size = little_endian(4);
        if (size > bytes_.size()) wrong_ = true;
        if (wrong_) return;
        text.assign(bytes_.substr(0, size));
        bytes_.remove_prefix(size);
    }
    bool ended_well() const { return !wrong_ && bytes_.empty(); }

private:
    std::uint64_t little_endian(std::size_t bytes) {
        if (bytes > bytes_.size()) wrong_ = true;
        if (wrong_) return 0;
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i) {
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[i])) << 8 * i;
        }
        bytes_.remove_prefix(bytes);
        return value;
    }

    std::string_view bytes_;
    bool wrong_ = false;
};

template <std::size_t Kind = 0>
bool read(std::size_t kind, Reader& reader, Message& into) {
    if constexpr (Kind < std::variant_size_v<Message>) {
        if (kind != Kind) return read<Kind + 1>(kind, reader, into);
        auto& message = into.emplace<Kind>();
        using Fields = std::variant_alternative_t<Kind, Message>;
        std::apply([&](auto&... field) { (reader.take(field), ...); }, Fields::of(message));
        return reader.ended_well();
    } else {
        return false;
    }
}

}  // namespace

std::string encode(const Message& message) {
    std::string out(1, static_cast<char>(message.index()));
    std::visit(
        [&](const auto& fields) {
            using Fields = std::decay_t<decltype(fields)>;
            std::apply([&](const auto&... field) { (put(out, field), ...); }, Fields::of(fields));
        },
        message);
    return out;
}

base::Result<Message> decode(std::string_view packet) {
    Message made;
    if (!packet.empty() && packet.size() <= kPacketMax) {
        Reader reader(packet.substr(1));
        if (read(static_cast<unsigned char>(packet.front()), reader, made)) return made;
    }
    return base::fail(base::Failure::rejected,
                      {.code = "CF0550",
                       .what = "the other edge says what this one does not understand",
                       .why = "a packet of a takeover is not of its form",
                       .fix = "stop the one, start the other: they are too far apart"});
}

std::size_t descriptors_of(const Message& message, std::size_t workers) {
    if (std::holds_alternative<Listening>(message)) return workers;
    if (std::holds_alternative<GivenTunnel>(message)) return 2;
    return std::holds_alternative<GivenClient>(message) ? 1 : 0;
}

}  // namespace edge::takeover
