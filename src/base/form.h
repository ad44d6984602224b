#pragma once
// How a value is written: one description from which it is decoded, printed, published as JSON
// Schema and documented, so that the four cannot drift apart.
//
//     Form<Limit> limit() {
//         return Fields<Limit>("a limit")
//             .required("path", &Limit::path, url_path(), "What it counts.", "/api/*")
//             .optional("rate", &Limit::rate, whole<std::uint32_t>(1, 1000), "Requests a second.")
//             .form();
//     }
//
// All findings are reported, not only the first. A field that is not known is refused with the
// nearest one that is; names that begin with `x-` are the user's own.

#include "base/document.h"
#include "base/units.h"

#include <tl/expected.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace base {

struct Record;

/// What can be said of a form without its type: for schema, reference and messages.
struct Shape {
    enum class Kind { text, word, whole, truth, choice, list, map, record, either };

    Kind kind = Kind::text;
    std::string words;                      ///< For people: `a duration, like 90s`.
    std::string pattern = {};               ///< ECMA 262, of a text or of a map's names.
    std::optional<std::uint64_t> min = {};  ///< Of a whole number, or of a list's length.
    std::optional<std::uint64_t> max = {};
    /// Of a choice: name and meaning.
    std::vector<std::pair<std::string, std::string>> choices = {};
    std::vector<Shape> parts = {};              ///< A list's or map's value, or the alternatives.
    std::shared_ptr<const Record> record = {};  ///< The fields of a group.
};

struct Field {
    std::string name;
    std::string doc;
    std::string example;       ///< As YAML; empty: none.
    std::string default_json;  ///< Empty: none.
    bool required = false;
    Shape shape;
};

/// A group of fields.
struct Record {
    std::vector<Field> fields;
    std::vector<std::string> exactly_one_of;  ///< Of these fields exactly one must stand.
};

/// The shape of a T, and how to decode and print one.
template <typename T>
struct Form {
    Shape shape;
    /// Nothing when it is wrong; then a finding has been added.
    std::function<std::optional<T>(const Node&, Findings&)> read;
    /// As JSON, in the spelling that `read` accepts.
    std::function<std::string(const T&)> json;
};

/// `text` as a JSON string.
std::string json_text(std::string_view text);

// Scalars.

/// A text that YAML cannot take for anything else unless it is quoted, and that `fits`.
struct TextRule {
    std::string words;
    std::string pattern;
    std::function<bool(std::string_view)> fits;
};
Form<std::string> text(TextRule rule);
/// Any text of one line, not empty.
Form<std::string> line();
/// Lower-case letters, digits and hyphens, at most 32, beginning with a letter.
Form<std::string> name();
/// A text, or a number or truth value in its one spelling, kept as it is written: for words of a
/// command and values of variables.
Form<std::string> word();
Form<bool> truth();
/// `90s`, `1h30m`; from `min` to `max`.
Form<std::chrono::milliseconds> duration(std::chrono::milliseconds min,
                                         std::chrono::milliseconds max);
/// `5%`, `0.1%`; from `min` to `max`.
Form<Permille> share(Permille min, Permille max);
/// `512MiB`; from `min` to `max`.
Form<Bytes> size(Bytes min, Bytes max);
Form<std::uint64_t> whole_number(std::uint64_t min, std::uint64_t max);

template <std::unsigned_integral N>
Form<N> whole(N min, N max) {
    Form<std::uint64_t> wide = whole_number(min, max);
    return {.shape = wide.shape,
            .read = [read = wide.read](const Node& node, Findings& findings) -> std::optional<N> {
                const auto number = read(node, findings);
                if (!number) return {};
                return static_cast<N>(*number);
            },
            .json = [](const N& number) { return std::to_string(number); }};
}

/// Whether `node` is a single value; adds a finding if not.
bool is_single(const Node& node, const Shape& wanted, Findings& findings);

/// A text that `parse` makes a T of; what it says is wrong is reported as it is. It must reject
/// what YAML could take for anything but a text.
template <typename T>
Form<T> parsed(Shape shape, std::function<tl::expected<T, Diagnostic>(std::string_view)> parse,
               std::function<std::string(const T&)> print) {
    return {.shape = shape,
            .read = [shape, parse](const Node& node, Findings& findings) -> std::optional<T> {
                if (!is_single(node, shape, findings)) return {};
                auto value = parse(node.text);
                if (!value) {
                    findings.add(node.spot, std::move(value.error()));
                    return {};
                }
                return std::move(*value);
            },
            .json = [print](const T& value) { return json_text(print(value)); }};
}

/// Reports a word that is none of `shape.choices`; gives the index of the one that it is.
std::optional<std::size_t> choice_at(const Shape& shape, const Node& node, Findings& findings);

template <typename T>
struct Choice {
    std::string name;
    T value;
    std::string meaning;
};

template <typename T>
Form<T> choice(std::vector<Choice<T>> choices) {
    Shape shape{.kind = Shape::Kind::choice, .words = "one of a few words"};
    for (const auto& row : choices) shape.choices.emplace_back(row.name, row.meaning);
    return {.shape = shape,
            .read = [shape, choices](const Node& node, Findings& findings) -> std::optional<T> {
                const auto at = choice_at(shape, node, findings);
                if (!at) return {};
                return choices[*at].value;
            },
            .json =
                [choices](const T& value) {
                    for (const auto& row : choices)
                        if (row.value == value) return json_text(row.name);
                    return std::string("null");
                }};
}

// What holds others.

/// Adds a finding that says what stands here and what is wanted.
void add_mismatch(const Node& node, const Shape& wanted, Findings& findings);
/// Whether a list has as many items as its shape allows; adds a finding if not.
bool has_right_length(const Node& node, const Shape& shape, Findings& findings);
/// Which names a map may have.
struct NameRule {
    std::string words;    ///< For the map: `a group of variables`.
    std::string names;    ///< For its names: `letters, digits and _`.
    std::string pattern;  ///< ECMA 262, for the schema; must agree with `fits`.
    std::function<bool(std::string_view)> fits;
};

/// Whether a map's name is a text to every reader and `fits`; adds a finding if not.
bool has_right_name(const Node& name, const NameRule& rule, Findings& findings);

template <typename T>
Form<std::vector<T>> list_of(Form<T> item, std::uint64_t min, std::uint64_t max) {
    Shape shape{.kind = Shape::Kind::list,
                .words = "a list",
                .min = min,
                .max = max,
                .parts = {item.shape}};
    return {.shape = shape,
            .read = [shape, item](const Node& node,
                                  Findings& findings) -> std::optional<std::vector<T>> {
                if (node.kind != Node::Kind::list) {
                    add_mismatch(node, shape, findings);
                    return {};
                }
                std::vector<T> values;
                const std::size_t before = findings.count();
                for (std::size_t i = 0; i < node.items.size(); ++i) {
                    const Findings::Under under(findings, "[" + std::to_string(i) + "]");
                    if (auto value = item.read(node.items[i], findings))
                        values.push_back(std::move(*value));
                }
                if (!has_right_length(node, shape, findings) || findings.count() > before)
                    return {};
                return values;
            },
            .json =
                [item](const std::vector<T>& values) {
                    std::string out;
                    for (const T& value : values)
                        out += (out.empty() ? "" : ",") + item.json(value);
                    return "[" + out + "]";
                }};
}

template <typename T>
Form<std::map<std::string, T>> map_of(NameRule rule, Form<T> value) {
    Shape shape{.kind = Shape::Kind::map,
                .words = rule.words,
                .pattern = rule.pattern,
                .parts = {value.shape}};
    return {.shape = shape,
            .read = [shape, rule, value](const Node& node, Findings& findings)
                -> std::optional<std::map<std::string, T>> {
                if (node.kind != Node::Kind::map) {
                    add_mismatch(node, shape, findings);
                    return {};
                }
                std::map<std::string, T> values;
                const std::size_t before = findings.count();
                for (const Member& member : node.members) {
                    const Findings::Under under(findings, member.name.text);
                    if (!has_right_name(member.name, rule, findings)) continue;
                    if (auto read = value.read(member.value, findings))
                        values.emplace(member.name.text, std::move(*read));
                }
                if (findings.count() > before) return {};
                return values;
            },
            .json =
                [value](const std::map<std::string, T>& values) {
                    std::string out;
                    for (const auto& [key, held] : values)
                        out += (out.empty() ? "" : ",") + json_text(key) + ":" + value.json(held);
                    return "{" + out + "}";
                }};
}

/// A single value in short, or a group of fields in full: `health: /ping`. Values for which
/// `is_brief` holds are printed in short.
template <typename T>
Form<T> either(
    Form<T> brief, Form<T> full,
    std::function<bool(const T&)> is_brief = [](const T&) { return false; }) {
    Shape shape{.kind = Shape::Kind::either,
                .words = brief.shape.words + ", or " + full.shape.words,
                .parts = {brief.shape, full.shape}};
    return {.shape = shape,
            .read =
                [shape, brief, full](const Node& node, Findings& findings) {
                    return node.kind == Node::Kind::map ? full.read(node, findings)
                                                        : brief.read(node, findings);
                },
            .json =
                [brief, full, is_brief](const T& value) {
                    return is_brief(value) ? brief.json(value) : full.json(value);
                }};
}

/// The same form for another type that holds the same.
template <typename To, typename From>
Form<To> made_of(Form<From> form, std::function<To(From)> make,
                 std::function<From(const To&)> take) {
    return {.shape = form.shape,
            .read = [form, make](const Node& node, Findings& findings) -> std::optional<To> {
                auto value = form.read(node, findings);
                if (!value) return {};
                return make(std::move(*value));
            },
            .json = [form, take](const To& value) { return form.json(take(value)); }};
}

/// Reports fields that are not known, missing, or exclude each other. Not a map: false.
bool has_right_fields(const Node& node, const Shape& shape, Findings& findings);
/// One object of JSON from pairs of name and JSON; what is empty is left out, as people do.
std::string json_object(const std::vector<std::pair<std::string, std::string>>& members);

/// How a T holds what is written as one M, where that is no plain member.
template <typename T, typename M>
struct Lens {
    std::function<M(const T&)> take;
    std::function<void(T&, M)> put;
};

/// Builds the form of a group of fields, one call a field, in the order of the reference.
template <typename T>
class Fields {
public:
    explicit Fields(std::string words) : words_(std::move(words)) {}

    /// `at` is a member of T, or a function from T& to what it holds.
    template <typename At, typename M>
    Fields& required(std::string name, At at, Form<M> form, std::string doc, std::string example) {
        record_.fields.push_back({.name = name,
                                  .doc = std::move(doc),
                                  .example = std::move(example),
                                  .default_json = {},
                                  .required = true,
                                  .shape = form.shape});
        return add(std::move(name), at, std::move(form));
    }

    /// Left out, it is what `T{}` says.
    template <typename At, typename M>
    Fields& optional(std::string name, At at, Form<M> form, std::string doc,
                     std::string example = {}) {
        T usual{};
        std::string json = form.json(std::invoke(at, usual));
        if (json == "[]" || json == "{}" || json == "\"\"") json.clear();
        record_.fields.push_back({.name = name,
                                  .doc = std::move(doc),
                                  .example = std::move(example),
                                  .default_json = std::move(json),
                                  .required = false,
                                  .shape = form.shape});
        return add(std::move(name), at, std::move(form));
    }

    /// The same through a lens.
    template <typename M>
    Fields& optional(std::string name, Lens<T, M> lens, Form<M> form, std::string doc,
                     std::string example = {}) {
        std::string json = form.json(lens.take(T{}));
        if (json == "[]" || json == "{}" || json == "\"\"") json.clear();
        record_.fields.push_back({.name = name,
                                  .doc = std::move(doc),
                                  .example = std::move(example),
                                  .default_json = std::move(json),
                                  .required = false,
                                  .shape = form.shape});
        entries_.push_back({std::move(name),
                            [lens, form](T& value, const Node& node, Findings& findings) {
                                if (auto held = form.read(node, findings))
                                    lens.put(value, std::move(*held));
                            },
                            [lens, form](T& value) { return form.json(lens.take(value)); }});
        return *this;
    }

    /// Left out, there is none.
    template <typename At, typename M>
    Fields& maybe(std::string name, At at, Form<M> form, std::string doc, std::string example) {
        record_.fields.push_back({.name = name,
                                  .doc = std::move(doc),
                                  .example = std::move(example),
                                  .default_json = {},
                                  .required = false,
                                  .shape = form.shape});
        const auto read = form.read;
        const auto json = form.json;
        return add(std::move(name), at,
                   Form<std::optional<M>>{.shape = {},
                                          .read = [read](const Node& node, Findings& findings)
                                              -> std::optional<std::optional<M>> {
                                              auto value = read(node, findings);
                                              if (!value) return {};
                                              return std::optional<M>(std::move(*value));
                                          },
                                          .json =
                                              [json](const std::optional<M>& value) {
                                                  return value ? json(*value) : std::string{};
                                              }});
    }

    /// Fields that stand under a name of their own but belong to the same T.
    Fields& group(std::string name, std::string doc, const Fields& inner) {
        record_.fields.push_back({.name = name,
                                  .doc = std::move(doc),
                                  .example = {},
                                  .default_json = {},
                                  .required = false,
                                  .shape = inner.shape()});
        entries_.push_back(
            {std::move(name),
             [inner, shape = inner.shape()](T& value, const Node& node, Findings& findings) {
                 inner.read_into(value, shape, node, findings);
             },
             [inner](T& value) { return inner.json_of(value); }});
        return *this;
    }

    /// Exactly one of these must stand.
    Fields& exactly_one_of(std::vector<std::string> names) {
        record_.exactly_one_of = std::move(names);
        return *this;
    }

    /// Looks at the whole once all fields are right.
    Fields& check(std::function<void(const T&, const Node&, Findings&)> look) {
        checks_.push_back(std::move(look));
        return *this;
    }

    Form<T> form() const {
        return {.shape = shape(),
                .read = [self = *this, shape = shape()](const Node& node,
                                                        Findings& findings) -> std::optional<T> {
                    T value{};
                    if (!self.read_into(value, shape, node, findings)) return {};
                    return value;
                },
                .json =
                    [self = *this](const T& value) {
                        T copy = value;
                        return self.json_of(copy);
                    }};
    }

private:
    struct Entry {
        std::string name;
        std::function<void(T&, const Node&, Findings&)> read;
        std::function<std::string(T&)> json;
    };

    template <typename At, typename M>
    Fields& add(std::string name, At at, Form<M> form) {
        entries_.push_back(
            {std::move(name),
             [at, read = form.read](T& value, const Node& node, Findings& findings) {
                 if (auto held = read(node, findings)) std::invoke(at, value) = std::move(*held);
             },
             [at, json = form.json](T& value) { return json(std::invoke(at, value)); }});
        return *this;
    }

    bool read_into(T& value, const Shape& shape, const Node& node, Findings& findings) const {
        const std::size_t before = findings.count();
        if (!has_right_fields(node, shape, findings)) return false;
        for (const Entry& entry : entries_) {
            const Node* held = node.member(entry.name);
            if (held == nullptr) continue;
            const Findings::Under under(findings, entry.name);
            entry.read(value, *held, findings);
        }
        if (findings.count() == before)
            for (const auto& look : checks_) look(value, node, findings);
        return findings.count() == before;
    }

    std::string json_of(T& value) const {
        std::vector<std::pair<std::string, std::string>> members;
        for (const Entry& entry : entries_) members.emplace_back(entry.name, entry.json(value));
        return json_object(members);
    }

    Shape shape() const {
        return {.kind = Shape::Kind::record,
                .words = words_,
                .record = std::make_shared<const Record>(record_)};
    }

    std::string words_;
    Record record_;
    std::vector<Entry> entries_;
    std::vector<std::function<void(const T&, const Node&, Findings&)>> checks_;
};

/// Decodes a whole document; `file` names it in diagnostics. All findings are reported.
template <typename T>
tl::expected<T, std::vector<Diagnostic>> decoded(const Form<T>& form, std::string_view text,
                                                 const std::string& file) {
    Findings findings(text, file);
    const std::optional<Node> root = document_from(text, findings);
    std::optional<T> value;
    if (root) value = form.read(*root, findings);
    if (findings.count() > 0 || !value) return tl::unexpected(findings.take());
    return std::move(*value);
}

struct SchemaHead {
    std::string id;
    std::string title;
    std::string description;
};

/// JSON Schema 2020-12. What crosses fields and what depends on units is left to the decoder.
std::string schema_of(const Shape& shape, const SchemaHead& head);

/// A table a record, as Markdown, in the order of the fields.
std::string reference_of(const Shape& shape);

/// The field at `service.health.path`; null if there is none. Lists are passed through.
const Field* field_at(const Shape& shape, std::string_view path);

/// One field for a terminal: what it is, its default, an example.
std::string explanation_of(const Field& field, std::string_view path);

}  // namespace base
