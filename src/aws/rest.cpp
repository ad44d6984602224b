#include "aws/rest.h"

#include "aws/codec.h"
#include "aws/request.h"
#include "aws/scalar.h"
#include "aws/shape.h"
#include "aws/value.h"
#include "aws/wire.h"
#include "base/percent.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aws {
namespace {

void add_parameter(std::string& query, std::string_view name, std::string_view value) {
    if (!query.empty()) query += '&';
    query.append(base::percent_encoded(name)).append("=").append(base::percent_encoded(value));
}

base::Result<std::string> label_text(const Member& input, std::string_view name,
                                     const Value& value) {
    for (const Member& member : input.shape->members) {
        if (member.location != Location::uri || wire::name_on_wire(member) != name) continue;
        const Value* const given = value.member(member.name);
        if (given == nullptr) return does_not_fit(name, "it is part of the path and missing");
        auto text = scalar_text(member, *given, TimeFormat::iso8601);
        // Without its label a path means something else, as a bucket instead of an object.
        if (text && text->empty()) return does_not_fit(name, "it is part of the path and empty");
        return text;
    }
    return does_not_fit(name, "the path has a label that no member gives");
}

base::Result<void> write_path(const Operation& operation, const Value& input, Request& request) {
    const std::string_view uri = operation.uri;
    const auto mark = uri.find('?');
    if (mark != std::string_view::npos) request.query = uri.substr(mark + 1);
    std::string_view rest = uri.substr(0, mark);
    request.path.clear();
    while (!rest.empty()) {
        const auto open = rest.find('{');
        request.path += rest.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = rest.find('}', open);
        std::string_view name = rest.substr(open + 1, close - open - 1);
        const bool greedy = name.ends_with('+');
        if (greedy) name.remove_suffix(1);
        const auto text = label_text(operation.input, name, input);
        if (!text) return base::fail(text);
        request.path += base::percent_encoded(*text, greedy ? "/" : "");
        rest.remove_prefix(close + 1);
    }
    return {};
}

base::Result<void> write_parameter(const Member& member, const Value& value, std::string& query) {
    if (member.shape->type == Type::list) {
        const auto* const list = value.as<List>();
        if (list == nullptr) return does_not_fit(member.name, "a list is wanted");
        for (const Value& each : *list) {
            const auto text = scalar_text(member.shape->members[0], each, TimeFormat::iso8601);
            if (!text) return base::fail(text);
            add_parameter(query, wire::name_on_wire(member), *text);
        }
        return {};
    }
    const auto text = scalar_text(member, value, TimeFormat::iso8601);
    if (!text) return base::fail(text);
    add_parameter(query, wire::name_on_wire(member), *text);
    return {};
}

bool has_parameter(const Member& input, const Value& value, std::string_view name) {
    for (const Member& member : input.shape->members)
        if (member.location == Location::query && member.shape->type != Type::map &&
            wire::name_on_wire(member) == name && value.member(member.name) != nullptr)
            return true;
    return false;
}

// Parameters that the caller names; those with members of their own come from these alone.
base::Result<void> write_parameters(const Member& input, const Member& member, const Value& value,
                                    std::string& query) {
    const Value* const map = value.member(member.name);
    const auto* const entries = map->as<Entries>();
    if (entries == nullptr) return does_not_fit(member.name, "a map is wanted");
    for (const Entry& entry : *entries) {
        if (has_parameter(input, value, entry.name)) continue;
        Member held = member.shape->members[1];
        held.wire_name = entry.name;
        if (const auto done = write_parameter(held, entry.value, query); !done) return done;
    }
    return {};
}

// An item of a list in a header is quoted where it would be taken for two.
std::string header_item(const Member& item, const std::string& text) {
    if (item.shape->type != Type::string || text.find_first_of(",\"") == std::string::npos)
        return text;
    std::string out = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') out += '\\';
        out += letter;
    }
    return out + "\"";
}

base::Result<void> write_header(const Member& member, const Value& value, Request& request) {
    const std::string name(wire::name_on_wire(member));
    if (member.location == Location::header_prefix) {
        const auto* const entries = value.as<Entries>();
        if (entries == nullptr) return does_not_fit(member.name, "a map is wanted");
        for (const Entry& entry : *entries) {
            const auto text = scalar_text(member.shape->members[1], entry.value, TimeFormat::http);
            if (!text) return base::fail(text);
            const std::string whole =
                std::string(member.wire_name) + entry.name;  // An empty prefix is a prefix.
            if (find_header(request.headers, whole) == nullptr)
                request.headers.push_back({whole, *text});
        }
        return {};
    }
    if (member.shape->type != Type::list) {
        auto text = scalar_text(member, value, TimeFormat::http);
        if (!text) return base::fail(text);
        request.headers.push_back({name, std::move(*text)});
        return {};
    }
    const auto* const list = value.as<List>();
    if (list == nullptr) return does_not_fit(member.name, "a list is wanted");
    std::string all;
    const Member& item = member.shape->members[0];
    for (const Value& each : *list) {
        if (each.is_null()) continue;
        const auto text = scalar_text(item, each, TimeFormat::http);
        if (!text) return base::fail(text);
        if (!all.empty()) all += ", ";
        all += header_item(item, *text);
    }
    if (!list->empty()) request.headers.push_back({name, std::move(all)});
    return {};
}

base::Result<void> write_body(const Member& input, const Value& value, Request& request) {
    const Shape& shape = *input.shape;
    if (const Member* const payload = wire::member_of(shape, shape.payload)) {
        const Value* const given = value.member(payload->name);
        if (given == nullptr || given->is_null()) return {};
        if (payload->shape->type == Type::structure) {
            auto xml = wire::xml_of(*payload, *given);
            if (!xml) return base::fail(xml);
            request.body = std::move(*xml);
        } else if (const auto* const bytes = given->as<std::string>()) {
            request.body = *bytes;
            if (find_header(request.headers, "Content-Type") == nullptr)
                request.headers.push_back({"Content-Type", payload->shape->type == Type::blob
                                                               ? "application/octet-stream"
                                                               : "text/plain"});
            return {};
        }
    } else {
        Entries inner;
        for (const Entry& entry : *value.as<Entries>()) {
            const Member* const member = wire::member_of(shape, entry.name);
            if (entry.value.is_null()) continue;
            if (member == nullptr || member->location == Location::body) inner.push_back(entry);
        }
        if (inner.empty()) return {};
        auto xml = wire::xml_of(input, Value(std::move(inner)));
        if (!xml) return base::fail(xml);
        request.body = std::move(*xml);
    }
    if (find_header(request.headers, "Content-Type") == nullptr)
        request.headers.push_back({"Content-Type", "application/xml"});
    return {};
}

// --- answers -----------------------------------------------------------------------------------

std::string trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return std::string(text);
}

// `a, "b,c"`; a time has one comma of its own.
std::vector<std::string> header_items(const Member& item, std::string_view text) {
    const bool has_times = item.shape->type == Type::timestamp &&
                           (item.time == TimeFormat::http || item.time == TimeFormat::by_place);
    std::vector<std::string> out;
    std::string now;
    bool quoted = false;
    bool inner_comma = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = text[i];
        if (letter == '\\' && quoted && i + 1 < text.size()) {
            now += text[++i];
        } else if (letter == '"') {
            quoted = !quoted;
        } else if (letter == ',' && !quoted && has_times && !inner_comma) {
            inner_comma = true;
            now += letter;
        } else if (letter == ',' && !quoted) {
            out.push_back(trimmed(now));
            now.clear();
            inner_comma = false;
        } else {
            now += letter;
        }
    }
    out.push_back(trimmed(now));
    return out;
}

char small(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool begins_with(std::string_view text, std::string_view prefix) {
    if (text.size() < prefix.size()) return false;
    for (std::size_t i = 0; i < prefix.size(); ++i)
        if (small(text[i]) != small(prefix[i])) return false;
    return true;
}

base::Result<Value> read_header(const Member& member, const std::string& text) {
    if (member.shape->type != Type::list) return scalar_from(member, text);
    List list;
    for (const std::string& each : header_items(member.shape->members[0], text)) {
        auto item = scalar_from(member.shape->members[0], each);
        if (!item) return item;
        list.push_back(std::move(*item));
    }
    return Value(std::move(list));
}

Value read_prefixed(const Member& member, const Answer& answer) {
    Entries entries;
    for (const Field& field : answer.headers)
        if (begins_with(field.name, member.wire_name))
            entries.push_back({field.name.substr(member.wire_name.size()), field.value});
    return entries;
}

base::Result<void> read_heads(const Member& use, const Answer& answer, Entries& into) {
    for (const Member& member : use.shape->members) {
        const std::string name(member.name);
        if (member.location == Location::status)
            into.push_back({name, std::int64_t{answer.status}});
        if (member.location == Location::header_prefix)
            into.push_back({name, read_prefixed(member, answer)});
        if (member.location != Location::header) continue;
        const std::string* const text = find_header(answer.headers, wire::name_on_wire(member));
        if (text == nullptr) continue;
        auto value = read_header(member, *text);
        if (!value) return base::fail(value);
        into.push_back({name, std::move(*value)});
    }
    return {};
}

}  // namespace

base::Result<void> encode_rest(const Operation& operation, const Value& input, Request& request) {
    const Member& use = operation.input;
    if (use.shape == nullptr) {
        const auto mark = operation.uri.find('?');
        request.path = operation.uri.substr(0, mark);
        if (mark != std::string_view::npos) request.query = operation.uri.substr(mark + 1);
        return {};
    }
    if (const auto fits = wire::check_members(use, input); !fits) return fits;
    if (const auto done = write_path(operation, input, request); !done) return done;
    for (const Entry& entry : *input.as<Entries>()) {
        const Member* const member = wire::member_of(*use.shape, entry.name);
        if (member == nullptr || entry.value.is_null()) continue;
        base::Result<void> done;
        if (member->location == Location::query)
            done = member->shape->type == Type::map
                       ? write_parameters(use, *member, input, request.query)
                       : write_parameter(*member, entry.value, request.query);
        else if (member->location == Location::header ||
                 member->location == Location::header_prefix)
            done = write_header(*member, entry.value, request);
        if (!done) return done;
    }
    return write_body(use, input, request);
}

base::Result<Value> decode_rest(const Member& use, const Answer& answer, std::string_view path) {
    Entries entries;
    if (const auto done = read_heads(use, answer, entries); !done) return base::fail(done);
    const Member* const payload = wire::member_of(*use.shape, use.shape->payload);
    if (payload != nullptr && payload->shape->type != Type::structure) {
        if (!answer.body.empty()) entries.push_back({std::string(payload->name), answer.body});
        return Value(std::move(entries));
    }
    if (answer.body.empty()) return Value(std::move(entries));
    auto body = wire::value_from_xml(payload != nullptr ? *payload : use, answer.body, path);
    if (!body) return body;
    if (payload != nullptr)
        entries.push_back({std::string(payload->name), std::move(*body)});
    else
        for (Entry& entry : *body->as<Entries>()) entries.push_back(std::move(entry));
    return Value(std::move(entries));
}

}  // namespace aws
