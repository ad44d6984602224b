#include "aws/scalar.h"
#include "aws/shape.h"
#include "aws/value.h"
#include "aws/wire.h"
#include "base/result.h"

#include <pugixml.hpp>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aws::wire {
namespace {

// White space between elements is none of ours, but a string may be nothing else.
constexpr unsigned kParse =
    pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_ws_pcdata_single;

std::string_view without_prefix(std::string_view name) {
    return name.substr(name.rfind(':') + 1);
}

std::string text_of(const pugi::xml_node& node) {
    std::string out;
    for (const pugi::xml_node child : node.children())
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata)
            out += child.value();
    return out;
}

bool is_element(const pugi::xml_node& node) {
    return node.type() == pugi::node_element;
}

// --- writing -----------------------------------------------------------------------------------

void write_namespace(pugi::xml_node node, const Member& use) {
    if (use.xml_namespace.empty()) return;
    const std::string name =
        use.xml_prefix.empty() ? "xmlns" : "xmlns:" + std::string(use.xml_prefix);
    node.append_attribute(name.c_str()) = std::string(use.xml_namespace).c_str();
}

void write_unknown(pugi::xml_node parent, const Element& element) {
    pugi::xml_node node = parent.append_child(element.name.c_str());
    for (const auto& [name, value] : element.attributes)
        node.append_attribute(name.c_str()) = value.c_str();
    if (!element.text.empty()) node.append_child(pugi::node_pcdata).set_value(element.text.c_str());
    for (const Element& child : element.children) write_unknown(node, child);
}

base::Result<void> write(pugi::xml_node parent, const std::string& name, const Member& use,
                         const Value& value);

base::Result<void> write_structure(pugi::xml_node node, const Member& use, const Value& value) {
    if (const auto fits = check_members(use, value); !fits) return fits;
    for (const Entry& entry : *value.as<Entries>()) {
        if (const auto* const element = entry.value.as<Element>()) {
            if (entry.name.starts_with('@'))
                node.append_attribute(element->name.c_str()) = element->text.c_str();
            else
                write_unknown(node, *element);
            continue;
        }
        const Member& member = *member_of(*use.shape, entry.name);
        if (entry.value.is_null() || member.location != Location::body) continue;
        const std::string name(name_on_wire(member));
        if (!member.xml_attribute) {
            if (const auto done = write(node, name, member, entry.value); !done) return done;
            continue;
        }
        const auto text = scalar_text(member, entry.value, TimeFormat::iso8601);
        if (!text) return base::fail(text);
        node.append_attribute(name.c_str()) = text->c_str();
    }
    return {};
}

base::Result<void> write_list(pugi::xml_node parent, const std::string& name, const Member& use,
                              const Value& value) {
    const auto* const list = value.as<List>();
    if (list == nullptr) return does_not_fit(use.name, "a list is wanted");
    const Member& item = use.shape->members[0];
    pugi::xml_node holder = parent;
    std::string item_name = name;
    if (!use.flattened) {
        holder = parent.append_child(name.c_str());
        write_namespace(holder, use);
        item_name = item.wire_name.empty() ? "member" : std::string(item.wire_name);
    }
    for (const Value& each : *list)
        if (const auto done = write(holder, item_name, item, each); !done) return done;
    return {};
}

base::Result<void> write_map(pugi::xml_node parent, const std::string& name, const Member& use,
                             const Value& value) {
    const auto* const entries = value.as<Entries>();
    if (entries == nullptr) return does_not_fit(use.name, "a map is wanted");
    const Member& key = use.shape->members[0];
    const Member& held = use.shape->members[1];
    pugi::xml_node holder = parent;
    if (!use.flattened) {
        holder = parent.append_child(name.c_str());
        write_namespace(holder, use);
    }
    for (const Entry& entry : *entries) {
        pugi::xml_node pair = holder.append_child(use.flattened ? name.c_str() : "entry");
        if (use.flattened) write_namespace(pair, use);
        const std::string key_name(key.wire_name.empty() ? "key" : key.wire_name);
        const std::string held_name(held.wire_name.empty() ? "value" : held.wire_name);
        if (const auto done = write(pair, key_name, key, Value(entry.name)); !done) return done;
        if (const auto done = write(pair, held_name, held, entry.value); !done) return done;
    }
    return {};
}

base::Result<void> write(pugi::xml_node parent, const std::string& name, const Member& use,
                         const Value& value) {
    if (use.shape->type == Type::list) return write_list(parent, name, use, value);
    if (use.shape->type == Type::map) return write_map(parent, name, use, value);
    pugi::xml_node node = parent.append_child(name.c_str());
    write_namespace(node, use);
    if (use.shape->type == Type::structure) return write_structure(node, use, value);
    const auto text = scalar_text(use, value, TimeFormat::iso8601);
    if (!text) return base::fail(text);
    if (!text->empty()) node.append_child(pugi::node_pcdata).set_value(text->c_str());
    return {};
}

// --- reading -----------------------------------------------------------------------------------

Element element_of(const pugi::xml_node& node, int depth) {
    Element out{.name = node.name(), .attributes = {}, .text = text_of(node), .children = {}};
    for (const pugi::xml_attribute each : node.attributes())
        out.attributes.emplace_back(each.name(), each.value());
    if (depth < kDepthMax)
        for (const pugi::xml_node child : node.children())
            if (is_element(child)) out.children.push_back(element_of(child, depth + 1));
    // Only what is laid out over lines has white space beside its elements.
    if (!out.children.empty()) out.text.clear();
    return out;
}

class Reader {
public:
    base::Result<Value> read(const Member& use, const pugi::xml_node& node, int depth);
    base::Result<Value> read_structure(const Member& use, const pugi::xml_node& node, int depth);

private:
    using Nodes = std::vector<pugi::xml_node>;
    base::Result<Value> read_member(const Member& use, const Nodes& nodes, int depth);
    base::Result<Value> read_list(const Member& use, const Nodes& nodes, int depth);
    base::Result<Value> read_map(const Member& use, const Nodes& nodes, int depth);
};

Element attribute_of(const pugi::xml_attribute& each) {
    return {.name = each.name(), .attributes = {}, .text = each.value(), .children = {}};
}

base::Result<Value> Reader::read(const Member& use, const pugi::xml_node& node, int depth) {
    if (depth > kDepthMax) return cannot_be_read(use.name, "it is too deep");
    if (use.shape->type == Type::structure) return read_structure(use, node, depth);
    if (use.shape->type != Type::list && use.shape->type != Type::map)
        return scalar_from(use, text_of(node));
    Nodes items;
    for (const pugi::xml_node child : node.children())
        if (is_element(child)) items.push_back(child);
    return use.shape->type == Type::list ? read_list(use, items, depth)
                                         : read_map(use, items, depth);
}

base::Result<Value> Reader::read_list(const Member& use, const Nodes& nodes, int depth) {
    List list;
    for (const pugi::xml_node& node : nodes) {
        auto item = read(use.shape->members[0], node, depth + 1);
        if (!item) return item;
        list.push_back(std::move(*item));
    }
    return Value(std::move(list));
}

base::Result<Value> Reader::read_map(const Member& use, const Nodes& nodes, int depth) {
    const Member& key = use.shape->members[0];
    const Member& held = use.shape->members[1];
    const std::string_view key_name = key.wire_name.empty() ? "key" : key.wire_name;
    const std::string_view held_name = held.wire_name.empty() ? "value" : held.wire_name;
    Entries entries;
    for (const pugi::xml_node& pair : nodes) {
        Entry entry;
        for (const pugi::xml_node child : pair.children()) {
            const std::string_view name = without_prefix(child.name());
            if (name == key_name) entry.name = text_of(child);
            if (name != held_name) continue;
            auto value = read(held, child, depth + 1);
            if (!value) return value;
            entry.value = std::move(*value);
        }
        entries.push_back(std::move(entry));
    }
    return Value(std::move(entries));
}

base::Result<Value> Reader::read_member(const Member& use, const Nodes& nodes, int depth) {
    if (use.flattened && use.shape->type == Type::list) return read_list(use, nodes, depth);
    if (use.flattened && use.shape->type == Type::map) return read_map(use, nodes, depth);
    return read(use, nodes.front(), depth);
}

const Member* member_called(const Shape& shape, std::string_view name, bool attribute) {
    for (const Member& member : shape.members) {
        // A label or parameter of the request stands in the body of an answer.
        const bool in_heads = member.location == Location::header ||
                              member.location == Location::header_prefix ||
                              member.location == Location::status;
        if (in_heads || member.xml_attribute != attribute) continue;
        if (name_on_wire(member) == name) return &member;
        // See Form::write_list: a flattened list may go by its items' name.
        if (member.flattened && member.shape->type == Type::list && member.wire_name.empty() &&
            member.shape->members[0].wire_name == name)
            return &member;
    }
    return nullptr;
}

base::Result<Value> Reader::read_structure(const Member& use, const pugi::xml_node& node,
                                           int depth) {
    Entries entries;
    for (const pugi::xml_attribute each : node.attributes()) {
        if (std::string_view(each.name()).starts_with("xmlns")) continue;
        const Member* const member = member_called(*use.shape, each.name(), true);
        if (member == nullptr) {
            entries.push_back({"@" + std::string(each.name()), attribute_of(each)});
            continue;
        }
        auto value = scalar_from(*member, each.value());
        if (!value) return value;
        entries.push_back({std::string(member->name), std::move(*value)});
    }
    std::vector<std::string_view> seen;
    for (const pugi::xml_node child : node.children()) {
        const std::string_view name = without_prefix(child.name());
        if (!is_element(child)) continue;
        const Member* const member = member_called(*use.shape, name, false);
        if (member == nullptr) {
            entries.push_back({child.name(), element_of(child, depth)});
            continue;
        }
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
        seen.push_back(name);
        Nodes same;
        for (const pugi::xml_node other : node.children())
            if (is_element(other) && without_prefix(other.name()) == name) same.push_back(other);
        auto value = read_member(*member, same, depth + 1);
        if (!value) return value;
        entries.push_back({std::string(member->name), std::move(*value)});
    }
    return Value(std::move(entries));
}

}  // namespace

base::Result<std::string> xml_of(const Member& use, const Value& value) {
    pugi::xml_document document;
    if (const auto done = write(document, std::string(name_on_wire(use)), use, value); !done)
        return base::fail(done);
    std::ostringstream out;
    document.save(out, "", pugi::format_raw | pugi::format_no_declaration);
    return std::move(out).str();
}

base::Result<Value> value_from_xml(const Member& use, std::string_view text,
                                   std::string_view path) {
    pugi::xml_document document;
    const auto parsed = document.load_buffer(text.data(), text.size(), kParse, pugi::encoding_utf8);
    if (!parsed) return cannot_be_read(use.name, parsed.description());
    pugi::xml_node root = document.document_element();
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(part.size() + 1, path.size()));
        for (const pugi::xml_node child : root.children())
            if (without_prefix(child.name()) == part) {
                root = child;
                break;
            }
    }
    return Reader().read(use, root, 0);
}

std::optional<Element> element_from(std::string_view text) {
    pugi::xml_document document;
    if (!document.load_buffer(text.data(), text.size(), kParse, pugi::encoding_utf8)) return {};
    return element_of(document.document_element(), 0);
}

const Element* child_of(const Element& parent, std::string_view name) {
    for (const Element& child : parent.children)
        if (without_prefix(child.name) == name) return &child;
    return nullptr;
}

const Member* member_of(const Shape& shape, std::string_view name) {
    for (const Member& member : shape.members)
        if (member.name == name) return &member;
    return nullptr;
}

base::Result<void> check_members(const Member& use, const Value& value) {
    const auto* const entries = value.as<Entries>();
    if (entries == nullptr) return does_not_fit(use.name, "a structure is wanted");
    for (const Entry& entry : *entries)
        if (member_of(*use.shape, entry.name) == nullptr && entry.value.as<Element>() == nullptr)
            return does_not_fit(entry.name, "the operation has no such member");
    return {};
}

}  // namespace aws::wire
