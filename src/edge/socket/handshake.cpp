#include "edge/socket/handshake.h"

#include "edge/rule/network.h"
#include "edge/rule/route.h"
#include "net/socket.h"

#include <string.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>
#include <vector>

namespace edge {

namespace {

constexpr std::string_view kDeflate = "permessage-deflate";
constexpr std::string_view kNoTakeover = "client_no_context_takeover";
constexpr std::string_view kKeyField = "sec-websocket-key:";

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return made;
}

template <typename Each>
void split(std::string_view text, char at, Each each) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(at), text.size());
        const std::string_view piece = net::trimmed(text.substr(0, end));
        if (!piece.empty()) each(piece);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

/// Extensions by name, each with its parameters; what the client alone minds is left out.
std::vector<std::pair<std::string, std::set<std::string>>> parsed(std::string_view extensions) {
    std::vector<std::pair<std::string, std::set<std::string>>> made;
    split(extensions, ',', [&](std::string_view extension) {
        bool first = true;
        split(extension, ';', [&](std::string_view piece) {
            std::string text = lower(piece);
            std::erase_if(text, [](char c) { return c == ' ' || c == '"'; });
            if (std::exchange(first, false)) {
                made.emplace_back(text, std::set<std::string>());
            } else if (text != kNoTakeover) {
                made.back().second.insert(std::move(text));
            }
        });
    });
    return made;
}

void add_to_list(std::string& list, std::string_view value) {
    if (!list.empty()) list += ", ";
    list += value;
}

/// The client, as the edge itself wrote it at the end of X-Forwarded-For.
AddressBytes source_of(const net::Fields& fields) {
    const std::string_view chain =
        fields.find(net::FieldId::x_forwarded_for).value_or(std::string_view());
    const std::string_view last = net::trimmed(chain.substr(chain.rfind(',') + 1));
    const bool is_long = last.find(':') != std::string_view::npos;
    const auto address =
        net::Address::parse(is_long ? "[" + std::string(last) + "]:1" : std::string(last) + ":1");
    return address ? bytes_of(*address) : AddressBytes{};
}

/// Reads the recorded head again and keeps which rule it meets.
class Meeting final : public net::RequestHandler {
public:
    Meeting(const std::vector<Rule>& rules, std::string_view listener)
        : rules_(rules), listener_(listener) {}
    void on_head(const net::RequestHead& head) override {
        const auto source = source_of(head.fields);
        rule =
            match(rules_,
                  {.listener = listener_,
                   .method = head.method_text,
                   .path = head.path,
                   .host = host_of(head.authority),
                   .query = head.query,
                   .source = &source},
                  [&](const FieldCondition& condition) { return holds(condition, head.fields); });
    }
    void on_body(std::string_view) override {}
    void on_end() override {}

    std::optional<std::size_t> rule;

private:
    const std::vector<Rule>& rules_;
    std::string_view listener_;
};

}  // namespace

void wipe(std::span<char> text) {
    ::explicit_bzero(text.data(), text.size());
}

Terms terms_of(const net::ResponseHead& answer) {
    Terms made;
    for (const net::Field& field : answer.fields) {
        if (field.id == net::FieldId::sec_websocket_protocol) {
            add_to_list(made.protocol, field.value);
        } else if (field.id == net::FieldId::sec_websocket_extensions) {
            add_to_list(made.extensions, field.value);
        }
    }
    return made;
}

Handshake::Handshake(std::string_view listener_name, std::string_view request, const Terms& terms) {
    // The key is another for each target, so it is left out.
    std::size_t key_at = request.find("\r\n");
    while (key_at != std::string_view::npos &&
           !net::same_ignoring_case(request.substr(key_at + 2, kKeyField.size()), kKeyField)) {
        key_at = request.find("\r\n", key_at + 2);
    }
    std::string_view front = request;
    std::string_view back;
    if (key_at != std::string_view::npos) {
        front = request.substr(0, key_at + 2);
        back = request.substr(std::min(request.find("\r\n", key_at + 2), request.size() - 2) + 2);
    }
    const std::array<std::string_view, 5> pieces{listener_name, terms.protocol, terms.extensions,
                                                 front, back};
    std::size_t bytes = 0;
    for (const std::string_view piece : pieces) bytes += piece.size();
    bytes_ = std::make_unique<char[]>(bytes);
    std::size_t at = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        at += pieces[i].copy(bytes_.get() + at, pieces[i].size());
        ends_[std::min<std::size_t>(i, head)] = static_cast<std::uint32_t>(at);
    }
}

Handshake::~Handshake() {
    wipe({bytes_.get(), ends_[head]});
}

std::string_view Handshake::part(Part which) const {
    const std::uint32_t begin = which == 0 ? 0 : ends_[which - 1];
    return {bytes_.get() + begin, ends_[which] - begin};
}

std::string Handshake::request_with(std::string_view key) const {
    const std::string_view kept = part(head);
    std::string made;
    // In one piece: a growing text would leave copies of secrets behind.
    made.reserve(kept.size() + 64);
    made.append(kept.substr(0, kept.size() - 2));
    made.append("Sec-WebSocket-Key: ").append(key).append("\r\n\r\n");
    return made;
}

bool Handshake::fits(const Terms& terms) const {
    return terms.protocol == part(protocol) && same_extensions(terms.extensions, part(extensions));
}

std::optional<std::size_t> Handshake::rule_among(const std::vector<Rule>& rules) const {
    Meeting meeting(rules, part(listener));
    net::RequestParser parser;
    parser.feed(part(head), meeting);
    return meeting.rule;
}

bool may_be_handed_on(std::string_view extensions) {
    const auto all = parsed(extensions);
    return std::all_of(all.begin(), all.end(),
                       [](const auto& extension) { return extension.first == kDeflate; });
}

std::string extensions_for_client(std::string_view extensions) {
    std::string made;
    split(extensions, ',', [&](std::string_view extension) {
        add_to_list(made, extension);
        const std::string known = lower(extension);
        if (known.starts_with(kDeflate) && known.find(kNoTakeover) == std::string::npos) {
            made.append("; ").append(kNoTakeover);
        }
    });
    return made;
}

bool same_extensions(std::string_view one, std::string_view other) {
    return parsed(one) == parsed(other);
}

}  // namespace edge
