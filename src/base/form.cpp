#include "base/form.h"

#include "base/diagnostic.h"
#include "base/document.h"
#include "base/duration.h"
#include "base/json.h"
#include "base/spelling.h"
#include "base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace base {

namespace {

/// What stands here, as the reason of a finding.
std::string seen(const Node& node) {
    return node.is_scalar() ? fmt::format("it is {}", in_ticks(node.text))
                            : fmt::format("it is {}", words_for(node));
}

/// `it` at the root, else the path.
std::string subject(const Findings& findings) {
    const std::string path = findings.path();
    return path.empty() ? "the file" : fmt::format("`{}`", path);
}

void add_range(const Node& node, std::string wanted, Findings& findings) {
    findings.add(node.spot, {.code = "CF0112",
                             .what = fmt::format("{} must be {}", subject(findings), wanted),
                             .why = seen(node)});
}

/// Refuses a plain scalar that some reader of YAML takes for something else than a text.
bool is_text_to_all(const Node& node, const std::string& subject_, Findings& findings) {
    if (node.kind != Node::Kind::plain) return true;
    const std::string_view other = other_reading(node.text);
    if (other.empty()) return true;
    findings.add(node.spot, {.code = "CF0111",
                             .what = fmt::format("{} must be a text", subject_),
                             .why = fmt::format("{} without quotes is {} to readers of YAML",
                                                in_ticks(node.text), other),
                             .fix = fmt::format("write it in quotes: {}", json_text(node.text))});
    return false;
}

bool is_lower_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 32 && text.front() >= 'a' && text.front() <= 'z' &&
           is_lower_or_digit(text.back()) && std::all_of(text.begin(), text.end(), [](char c) {
               return is_lower_or_digit(c) || c == '-';
           });
}

bool is_line(std::string_view text) {
    return !text.empty() && text.find('\n') == std::string_view::npos;
}

}  // namespace

std::string json_text(std::string_view text) {
    return canonical(Json(std::string(text)));
}

bool is_single(const Node& node, const Shape& wanted, Findings& findings) {
    if (node.is_scalar()) return true;
    add_mismatch(node, wanted, findings);
    return false;
}

Form<std::string> text(TextRule rule) {
    Shape shape{.kind = Shape::Kind::text, .words = rule.words, .pattern = rule.pattern};
    return {
        .shape = shape,
        .read = [shape, rule](const Node& node, Findings& findings) -> std::optional<std::string> {
            if (!is_single(node, shape, findings)) return {};
            if (!rule.fits(node.text)) {
                add_mismatch(node, shape, findings);
                return {};
            }
            if (!is_text_to_all(node, subject(findings), findings)) return {};
            return node.text;
        },
        .json = [](const std::string& value) { return json_text(value); }};
}

Form<std::string> line() {
    return text({"a text of one line", "^[^\\n]+$", is_line});
}

Form<std::string> name() {
    return text({"a name of lower-case letters, digits and `-`, at most 32 characters",
                 "^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$", is_name});
}

Form<std::string> word() {
    Shape shape{.kind = Shape::Kind::word, .words = "a text, a whole number, true or false"};
    return {.shape = shape,
            .read = [shape](const Node& node, Findings& findings) -> std::optional<std::string> {
                if (!is_single(node, shape, findings)) return {};
                const bool has_one_spelling =
                    node.text == "true" || node.text == "false" || is_whole_number(node.text);
                if (!has_one_spelling && !is_text_to_all(node, subject(findings), findings))
                    return {};
                return node.text;
            },
            .json = [](const std::string& value) { return json_text(value); }};
}

Form<bool> truth() {
    Shape shape{.kind = Shape::Kind::truth, .words = "true or false"};
    return {.shape = shape,
            .read = [shape](const Node& node, Findings& findings) -> std::optional<bool> {
                if (node.kind == Node::Kind::plain && node.text == "true") return true;
                if (node.kind == Node::Kind::plain && node.text == "false") return false;
                add_mismatch(node, shape, findings);
                return {};
            },
            .json = [](const bool& value) { return value ? "true" : "false"; }};
}

Form<std::chrono::milliseconds> duration(std::chrono::milliseconds min,
                                         std::chrono::milliseconds max) {
    Shape shape{.kind = Shape::Kind::text,
                .words = fmt::format("a duration from {} to {}", to_text(min), to_text(max)),
                // Units in falling order, each at most once.
                .pattern =
                    "^(?!$)([0-9]{1,12}d)?([0-9]{1,12}h)?([0-9]{1,12}m)?([0-9]{1,12}s)?"
                    "([0-9]{1,12}ms)?$"};
    using Result = std::optional<std::chrono::milliseconds>;
    return {
        .shape = shape,
        .read = [shape, min, max](const Node& node, Findings& findings) -> Result {
            if (!is_single(node, shape, findings)) return {};
            const auto length = duration_from(node.text);
            if (!length) {
                findings.add(node.spot,
                             {.code = "CF0110",
                              .what = fmt::format("{} must be {}", subject(findings), shape.words),
                              .why = is_whole_number(node.text)
                                         ? fmt::format("{} has no unit", in_ticks(node.text))
                                         : seen(node),
                              .fix = "write a number and a unit: 250ms, 90s, 10m, 1h30m, 7d"});
                return {};
            }
            if (*length < min || *length > max) {
                add_range(node, shape.words, findings);
                return {};
            }
            return *length;
        },
        .json = [](const std::chrono::milliseconds& value) { return json_text(to_text(value)); }};
}

Form<Permille> share(Permille min, Permille max) {
    Shape shape{.kind = Shape::Kind::text,
                .words = fmt::format("a percentage from {} to {}", to_text(min), to_text(max)),
                .pattern = "^(100|[1-9]?[0-9](\\.[1-9])?)%$"};
    return {
        .shape = shape,
        .read = [shape, min, max](const Node& node, Findings& findings) -> std::optional<Permille> {
            if (!is_single(node, shape, findings)) return {};
            const auto share = permille_from(node.text);
            if (!share) {
                findings.add(node.spot,
                             {.code = "CF0110",
                              .what = fmt::format("{} must be {}", subject(findings), shape.words),
                              .why = seen(node),
                              .fix = "write it like 5% or 0.1%; the finest step is 0.1%"});
                return {};
            }
            if (*share < min || *share > max) {
                add_range(node, shape.words, findings);
                return {};
            }
            return share;
        },
        .json = [](const Permille& value) { return json_text(to_text(value)); }};
}

Form<Bytes> size(Bytes min, Bytes max) {
    Shape shape{.kind = Shape::Kind::text,
                .words = fmt::format("a size from {} to {}", to_text(min), to_text(max)),
                .pattern = "^[1-9][0-9]*(B|[KMGT]iB)$"};
    return {
        .shape = shape,
        .read = [shape, min, max](const Node& node, Findings& findings) -> std::optional<Bytes> {
            if (!is_single(node, shape, findings)) return {};
            const auto bytes = bytes_from(node.text);
            if (!bytes) {
                findings.add(
                    node.spot,
                    {.code = "CF0110",
                     .what = fmt::format("{} must be {}", subject(findings), shape.words),
                     .why = seen(node),
                     .fix = "write it like 512MiB or 2GiB, in the largest unit that is whole"});
                return {};
            }
            if (*bytes < min || *bytes > max) {
                add_range(node, shape.words, findings);
                return {};
            }
            return bytes;
        },
        .json = [](const Bytes& value) { return json_text(to_text(value)); }};
}

Form<std::uint64_t> whole_number(std::uint64_t min, std::uint64_t max) {
    Shape shape{.kind = Shape::Kind::whole,
                .words = fmt::format("a whole number from {} to {}", min, max),
                .min = min,
                .max = max};
    return {.shape = shape,
            .read = [shape, min, max](const Node& node,
                                      Findings& findings) -> std::optional<std::uint64_t> {
                std::uint64_t number = 0;
                const char* const end = node.text.data() + node.text.size();
                if (node.kind != Node::Kind::plain || !is_whole_number(node.text)) {
                    add_mismatch(node, shape, findings);
                    return {};
                }
                const auto read = std::from_chars(node.text.data(), end, number);
                if (read.ec != std::errc{} || read.ptr != end || number < min || number > max) {
                    add_range(node, shape.words, findings);
                    return {};
                }
                return number;
            },
            .json = [](const std::uint64_t& value) { return std::to_string(value); }};
}

std::optional<std::size_t> choice_at(const Shape& shape, const Node& node, Findings& findings) {
    if (!is_single(node, shape, findings)) return {};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < shape.choices.size(); ++i) {
        if (shape.choices[i].first == node.text) return i;
        names.push_back(shape.choices[i].first);
    }
    const auto near = nearest_name(node.text, names);
    findings.add(node.spot,
                 {.code = "CF0116",
                  .what = fmt::format("{} cannot be {}", subject(findings), in_ticks(node.text)),
                  .why = fmt::format("it is one of: {}", fmt::join(names, ", ")),
                  .fix = near ? fmt::format("did you mean `{}`?", *near) : std::string{}});
    return {};
}

namespace {

/// A hint for the mistakes that people make most.
std::string fix_for(const Node& node, const Shape& wanted) {
    if (wanted.kind == Shape::Kind::list && node.is_scalar() && !node.text.empty()) {
        std::string list;
        for (std::string_view rest = node.text; !rest.empty();) {
            const std::size_t space = rest.find(' ');
            if (space != 0) list += (list.empty() ? "" : ", ") + json_text(rest.substr(0, space));
            rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
        }
        return fmt::format("write it as a list: [{}]", list);
    }
    if (wanted.kind == Shape::Kind::whole && node.is_scalar()) {
        if (node.kind == Node::Kind::quoted && is_whole_number(node.text))
            return fmt::format("leave the quotes out: {}", node.text);
        return "write digits only, without a leading zero";
    }
    if (wanted.kind == Shape::Kind::truth && node.is_scalar())
        return "write true or false, in lower case and without quotes";
    if (node.kind == Node::Kind::empty)
        return "write a value after the colon, or leave the field out";
    return {};
}

}  // namespace

void add_mismatch(const Node& node, const Shape& wanted, Findings& findings) {
    findings.add(node.spot, {.code = "CF0110",
                             .what = fmt::format("{} must be {}", subject(findings), wanted.words),
                             .why = seen(node),
                             .fix = fix_for(node, wanted)});
}

bool has_right_length(const Node& node, const Shape& shape, Findings& findings) {
    const std::size_t length = node.items.size();
    if (length >= shape.min.value_or(0) && length <= shape.max.value_or(length)) return true;
    findings.add(
        node.spot,
        {.code = "CF0112",
         .what = shape.max && length > *shape.max
                     ? fmt::format("{} has more than {} items", subject(findings), *shape.max)
                     : fmt::format("{} needs at least {} {}", subject(findings), *shape.min,
                                   *shape.min == 1 ? "item" : "items"),
         .why = fmt::format("it has {}", length)});
    return false;
}

bool has_right_name(const Node& name, const NameRule& rule, Findings& findings) {
    if (!is_text_to_all(name, "a name", findings)) return false;
    if (rule.fits(name.text)) return true;
    findings.add(name.spot, {.code = "CF0110",
                             .what = fmt::format("{} cannot be a name here", in_ticks(name.text)),
                             .why = fmt::format("names are {}", rule.names)});
    return false;
}

namespace {

std::vector<std::string> names_of(const Record& record) {
    std::vector<std::string> names;
    for (const Field& field : record.fields) names.push_back(field.name);
    return names;
}

/// Where else, below `record`, a field of this name is at home.
std::optional<std::string> deeper_home(const Record& record, std::string_view name, int levels) {
    for (const Field& field : record.fields) {
        const Shape* shape = &field.shape;
        if (shape->kind == Shape::Kind::either) shape = &shape->parts.back();
        if (shape->kind != Shape::Kind::record) continue;
        for (const Field& inner : shape->record->fields)
            if (inner.name == name) return field.name;
        if (levels > 0)
            if (const auto deeper = deeper_home(*shape->record, name, levels - 1))
                return field.name + '.' + *deeper;
    }
    return {};
}

// So many unknown fields get a hint; a file with more has another problem.
constexpr int kHintsMax = 100;

/// Reports `name`; gives the field that it was probably meant to be.
std::optional<std::string> add_unknown_field(const Node& name, const Record& record,
                                             Findings& findings) {
    const std::vector<std::string> names = names_of(record);
    const auto near = nearest_name(name.text, names);
    Diagnostic diagnostic{.code = "CF0113",
                          .what = fmt::format("there is no field `{}`",
                                              findings.path_to(name.text.substr(0, kQuotedMax)))};
    if (name.text == "<<")
        diagnostic.fix =
            "merge keys are no part of YAML: write the fields out, or use an alias for "
            "a whole value";
    else if (const auto home = deeper_home(record, name.text, 2))
        diagnostic.fix = fmt::format("`{}` belongs under `{}`", name.text, findings.path_to(*home));
    else if (near)
        diagnostic.fix = fmt::format("did you mean `{}`?", *near);
    else
        diagnostic.fix = fmt::format("the fields here are {}; names of your own begin with `x-`",
                                     fmt::join(names, ", "));
    findings.add(name.spot, std::move(diagnostic));
    return near;
}

void add_missing_field(const Node& node, const Field& field, Findings& findings) {
    findings.add(node.spot,
                 {.code = "CF0114",
                  .what = fmt::format("`{}` is missing", findings.path_to(field.name)),
                  .why = field.doc,
                  .fix = fmt::format("add it, like `{}: {}`", field.name, field.example)});
}

void check_exclusion(const Node& node, const Record& record, Findings& findings) {
    if (record.exactly_one_of.empty()) return;
    std::size_t there = 0;
    for (const std::string& name : record.exactly_one_of)
        if (node.member(name) != nullptr) ++there;
    if (there == 1) return;
    findings.add(node.spot,
                 {.code = "CF0115",
                  .what = fmt::format("{} needs exactly one of: {}", subject(findings),
                                      fmt::join(record.exactly_one_of, ", ")),
                  .why = there == 0 ? "it has none of them" : "it has more than one of them"});
}

}  // namespace

bool has_right_fields(const Node& node, const Shape& shape, Findings& findings) {
    if (node.kind == Node::Kind::empty && findings.path().empty()) {
        findings.add(node.spot, {.code = "CF0110", .what = "the file is empty"});
        return false;
    }
    if (node.kind != Node::Kind::map) {
        add_mismatch(node, shape, findings);
        return false;
    }
    const Record& record = *shape.record;
    int unknown = 0;
    std::set<std::string> meant;  // One finding for a field that is misspelled is enough.
    for (const Member& member : node.members) {
        const bool known =
            std::any_of(record.fields.begin(), record.fields.end(),
                        [&member](const Field& field) { return field.name == member.name.text; });
        if (known || member.name.text.starts_with("x-")) continue;
        if (++unknown > kHintsMax)
            findings.add(member.name.spot, {.code = "CF0113", .what = "there is no such field"});
        else if (auto near = add_unknown_field(member.name, record, findings))
            meant.insert(std::move(*near));
    }
    for (const Field& field : record.fields)
        if (field.required && node.member(field.name) == nullptr && !meant.contains(field.name))
            add_missing_field(node, field, findings);
    check_exclusion(node, record, findings);
    return true;
}

std::string json_object(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string out;
    for (const auto& [name, json] : members)
        if (!json.empty() && json != "\"\"" && json != "[]" && json != "{}")
            out += (out.empty() ? "" : ",") + json_text(name) + ":" + json;
    return "{" + out + "}";
}

}  // namespace base
