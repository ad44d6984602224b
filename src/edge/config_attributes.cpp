// How heads are changed, from JSON and back.

#include "edge/config_decode.h"
#include "net/fields.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace edge {

namespace {

using base::Json;

constexpr std::size_t kAnswerFieldsMax = 32;
constexpr std::array<std::string_view, 3> kForwardedFor{"append", "preserve", "remove"};
constexpr std::array<std::string_view, 3> kDesync{"monitor", "defensive", "strictest"};

template <typename Enum>
void choice(Decoder& decoder, const Json& json, const std::array<std::string_view, 3>& names,
            std::string_view name, Enum& into) {
    std::string text(names[static_cast<std::size_t>(into)]);
    decoder.text(json, "/attributes", name, text);
    const auto at = std::find(names.begin(), names.end(), text);
    if (at == names.end()) {
        return decoder.reject(
            fmt::format("/attributes/{}", name),
            fmt::format("it is none of {}, {}, {}", names[0], names[1], names[2]));
    }
    into = Enum(at - names.begin());
}

bool is_token(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '-' || c == '_';
    });
}

/// Framing is not a matter of taste.
bool may_be_set(std::string_view name) {
    switch (net::field_id(name)) {
        case net::FieldId::connection:
        case net::FieldId::content_length:
        case net::FieldId::date:
        case net::FieldId::keep_alive:
        case net::FieldId::set_cookie:
        case net::FieldId::transfer_encoding:
        case net::FieldId::upgrade:
            return false;
        default:
            return is_token(name);
    }
}

}  // namespace

Attributes attributes_from(Decoder& decoder, const Json& json) {
    Attributes made;
    const std::string at = "/attributes";
    if (!decoder.known(json, at,
                       {"forwarded_for", "client_port", "preserve_host", "drop_invalid_fields",
                        "trace_context", "desync", "answer_fields"})) {
        return made;
    }
    choice(decoder, json, kForwardedFor, "forwarded_for", made.forwarded_for);
    choice(decoder, json, kDesync, "desync", made.desync);
    decoder.flag(json, at, "client_port", made.client_port);
    decoder.flag(json, at, "preserve_host", made.preserve_host);
    decoder.flag(json, at, "drop_invalid_fields", made.drop_invalid_fields);
    decoder.flag(json, at, "trace_context", made.trace_context);
    if (!json.contains("answer_fields")) return made;
    const Json& fields = json["answer_fields"];
    if (!fields.is_object() || fields.size() > kAnswerFieldsMax) {
        decoder.reject(at + "/answer_fields", "it is no object of at most 32 members");
        return made;
    }
    for (const auto& [name, value] : fields.items()) {
        auto& field = made.answer_fields.emplace_back(name, std::string());
        decoder.text(fields, at + "/answer_fields", name, field.second);
        if (!may_be_set(name)) {
            decoder.reject(at + "/answer_fields/" + name, "this field may not be set");
        }
    }
    return made;
}

Json attributes_json(const Attributes& attributes) {
    Json fields = Json::object();
    for (const auto& [name, value] : attributes.answer_fields) fields[name] = value;
    return {{"forwarded_for", kForwardedFor[static_cast<std::size_t>(attributes.forwarded_for)]},
            {"client_port", attributes.client_port},
            {"preserve_host", attributes.preserve_host},
            {"drop_invalid_fields", attributes.drop_invalid_fields},
            {"trace_context", attributes.trace_context},
            {"desync", kDesync[static_cast<std::size_t>(attributes.desync)]},
            {"answer_fields", std::move(fields)}};
}

}  // namespace edge
