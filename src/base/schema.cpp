#include "base/form.h"
#include "base/json.h"

#include <fmt/format.h>
#include <cstddef>
#include <string_view>
#include <utility>

namespace base {

namespace {

Json schema_of(const Shape& shape);

Json of_record(const Record& record) {
    Json json{{"type", "object"},
              {"additionalProperties", false},
              {"patternProperties", {{"^x-", true}}},
              {"properties", Json::object()}};
    Json required = Json::array();
    for (const Field& field : record.fields) {
        Json member = schema_of(field.shape);
        member["description"] = field.doc;
        if (!field.default_json.empty())
            if (const auto usual = json_from(field.default_json)) member["default"] = *usual;
        json["properties"][field.name] = std::move(member);
        if (field.required) required.push_back(field.name);
    }
    if (!required.empty()) json["required"] = std::move(required);
    if (!record.exactly_one_of.empty()) {
        json["oneOf"] = Json::array();
        for (const std::string& name : record.exactly_one_of)
            json["oneOf"].push_back({{"required", {name}}});
    }
    return json;
}

Json of_choice(const Shape& shape) {
    Json names = Json::array();
    for (const auto& [name, meaning] : shape.choices) names.push_back(name);
    return {{"enum", std::move(names)}};
}

Json schema_of(const Shape& shape) {
    switch (shape.kind) {
        case Shape::Kind::text: {
            Json json{{"type", "string"}};
            if (!shape.pattern.empty()) json["pattern"] = shape.pattern;
            return json;
        }
        case Shape::Kind::word:
            return {{"type", {"string", "integer", "boolean"}}};
        case Shape::Kind::whole:
            return {{"type", "integer"}, {"minimum", *shape.min}, {"maximum", *shape.max}};
        case Shape::Kind::truth:
            return {{"type", "boolean"}};
        case Shape::Kind::choice:
            return of_choice(shape);
        case Shape::Kind::list: {
            Json json{{"type", "array"}, {"items", schema_of(shape.parts.front())}};
            if (shape.min.value_or(0) > 0) json["minItems"] = *shape.min;
            if (shape.max) json["maxItems"] = *shape.max;
            return json;
        }
        case Shape::Kind::map:
            return {{"type", "object"},
                    {"propertyNames", {{"pattern", shape.pattern}}},
                    {"additionalProperties", schema_of(shape.parts.front())}};
        case Shape::Kind::record:
            return of_record(*shape.record);
        case Shape::Kind::either: {
            Json json{{"anyOf", Json::array()}};
            for (const Shape& part : shape.parts) json["anyOf"].push_back(schema_of(part));
            return json;
        }
    }
    return {};
}

/// The record inside a shape, if it holds one: behind a list, a map or an alternative.
const Record* record_in(const Shape& shape) {
    if (shape.record) return shape.record.get();
    for (const Shape& part : shape.parts)
        if (const Record* found = record_in(part)) return found;
    return nullptr;
}

std::string words_of(const Shape& shape) {
    if (shape.kind == Shape::Kind::choice) {
        std::string out;
        for (const auto& [name, meaning] : shape.choices)
            out += fmt::format("{}`{}`", out.empty() ? "" : ", ", name);
        return out;
    }
    if (shape.kind == Shape::Kind::list) {
        const Shape& item = shape.parts.front();
        const std::string bounds =
            shape.min.value_or(0) > 0 ? fmt::format("a list, at least {}", *shape.min) : "a list";
        return fmt::format("{}; each: {}", bounds, words_of(item));
    }
    if (shape.kind == Shape::Kind::map)
        return fmt::format("{}; each: {}", shape.words, words_of(shape.parts.front()));
    return shape.words;
}

std::string plain_default(const Field& field) {
    if (field.required) return "required";
    if (field.default_json.empty()) return "";
    const auto json = json_from(field.default_json);
    // Where a brief spelling exists the full default belongs into the table of its fields.
    if (!json || json->is_object()) return "";
    return fmt::format("`{}`", json->is_string() ? json->get<std::string>() : field.default_json);
}

/// A `|` would end a cell of a table.
std::string cell(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '|' ? "\\|" : std::string(1, c);
    return out;
}

void add_record(const Record& record, const std::string& path, std::string& out) {
    if (!path.empty()) out += fmt::format("\n## `{}`\n\n", path);
    out += "| field | value | default | meaning |\n|---|---|---|---|\n";
    for (const Field& field : record.fields) {
        std::string meaning = field.doc;
        for (const auto& [name, what] : field.shape.choices)
            meaning += fmt::format(" `{}`: {}.", name, what);
        if (!field.example.empty()) meaning += fmt::format(" Example: `{}`", field.example);
        out += fmt::format("| `{}` | {} | {} | {} |\n", field.name, cell(words_of(field.shape)),
                           cell(plain_default(field)), cell(meaning));
    }
    if (!record.exactly_one_of.empty())
        out += fmt::format("\nExactly one of {} must stand.\n",
                           fmt::format("`{}`", fmt::join(record.exactly_one_of, "`, `")));
    for (const Field& field : record.fields) {
        const Record* inner = record_in(field.shape);
        if (inner == nullptr) continue;
        const bool many = field.shape.kind == Shape::Kind::list;
        add_record(*inner, (path.empty() ? "" : path + '.') + field.name + (many ? "[]" : ""), out);
    }
}

}  // namespace

std::string schema_of(const Shape& shape, const SchemaHead& head) {
    Json json = schema_of(shape);
    json["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    json["$id"] = head.id;
    json["title"] = head.title;
    json["description"] = head.description;
    return json.dump(2) + '\n';
}

std::string reference_of(const Shape& shape) {
    std::string out;
    if (const Record* record = record_in(shape)) add_record(*record, "", out);
    return out;
}

const Field* field_at(const Shape& shape, std::string_view path) {
    const Record* record = record_in(shape);
    if (record == nullptr) return nullptr;
    const std::size_t dot = path.find('.');
    std::string_view name = path.substr(0, dot);
    name = name.substr(0, name.find('['));
    for (const Field& field : record->fields) {
        if (field.name != name) continue;
        return dot == std::string_view::npos ? &field : field_at(field.shape, path.substr(dot + 1));
    }
    return nullptr;
}

std::string explanation_of(const Field& field, std::string_view path) {
    std::string out = fmt::format("{}: {}\n\n{}\n", path, words_of(field.shape), field.doc);
    for (const auto& [name, meaning] : field.shape.choices)
        out += fmt::format("  {:<12} {}\n", name, meaning);
    const std::string usual = plain_default(field);
    if (!usual.empty() && !field.required) out += fmt::format("\nDefault: {}\n", usual);
    if (field.required) out += "\nRequired.\n";
    if (!field.example.empty()) out += fmt::format("Example: {}: {}\n", field.name, field.example);
    if (const Record* record = record_in(field.shape)) {
        out += "\nFields:\n";
        for (const Field& inner : record->fields)
            out += fmt::format("  {:<24} {}\n", inner.name, inner.doc);
    }
    return out;
}

}  // namespace base
