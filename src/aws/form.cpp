#include "aws/request.h"
#include "aws/scalar.h"
#include "aws/shape.h"
#include "aws/value.h"
#include "aws/wire.h"
#include "base/percent.h"
#include "base/result.h"

#include <fmt/core.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace aws::wire {
namespace {

class Form {
public:
    explicit Form(const Operation& operation) : is_ec2_(operation.protocol == Protocol::ec2) {
        add("Action", operation.name);
        add("Version", operation.version);
    }

    base::Result<void> write(const std::string& prefix, const Member& use, const Value& value);
    std::string take() { return std::move(text_); }

private:
    void add(std::string_view name, std::string_view value) {
        if (!text_.empty()) text_ += '&';
        text_.append(base::percent_encoded(name)).append("=").append(base::percent_encoded(value));
    }
    std::string name_of(const Member& member) const;
    base::Result<void> write_structure(const std::string& prefix, const Member& use,
                                       const Value& value);
    base::Result<void> write_list(const std::string& prefix, const Member& use, const Value& value);
    base::Result<void> write_map(const std::string& prefix, const Member& use, const Value& value);
    void write_unknown(const std::string& name, const Element& element);

    bool is_ec2_;
    std::string text_;
};

std::string Form::name_of(const Member& member) const {
    if (!is_ec2_) return std::string(name_on_wire(member));
    if (!member.query_name.empty()) return std::string(member.query_name);
    std::string name(name_on_wire(member));
    if (!name.empty() && name[0] >= 'a' && name[0] <= 'z')
        name[0] = static_cast<char>(name[0] - 'a' + 'A');
    return name;
}

base::Result<void> Form::write(const std::string& prefix, const Member& use, const Value& value) {
    switch (use.shape->type) {
        case Type::structure:
            return write_structure(prefix, use, value);
        case Type::list:
            return write_list(prefix, use, value);
        case Type::map:
            return write_map(prefix, use, value);
        case Type::string:
        case Type::blob:
        case Type::boolean:
        case Type::integer:
        case Type::real:
        case Type::timestamp:
        case Type::document:
            break;
    }
    const auto text = scalar_text(use, value, TimeFormat::iso8601);
    if (!text) return base::fail(text);
    add(prefix, *text);
    return {};
}

base::Result<void> Form::write_structure(const std::string& prefix, const Member& use,
                                         const Value& value) {
    if (const auto fits = check_members(use, value); !fits) return fits;
    for (const Entry& entry : *value.as<Entries>()) {
        const std::string before = prefix.empty() ? "" : prefix + ".";
        if (const auto* const element = entry.value.as<Element>()) {
            write_unknown(before + entry.name, *element);
            continue;
        }
        const Member& member = *member_of(*use.shape, entry.name);
        if (entry.value.is_null()) continue;
        if (const auto done = write(before + name_of(member), member, entry.value); !done)
            return done;
    }
    return {};
}

base::Result<void> Form::write_list(const std::string& prefix, const Member& use,
                                    const Value& value) {
    const auto* const list = value.as<List>();
    if (list == nullptr) return does_not_fit(use.name, "a list is wanted");
    // An empty list says "none"; a missing one says nothing. ec2 cannot say "none".
    if (list->empty() && !is_ec2_) add(prefix, "");
    const Member& item = use.shape->members[0];
    std::string before = prefix;
    if (!use.flattened && !is_ec2_)
        before += item.wire_name.empty() ? ".member" : "." + std::string(item.wire_name);
    else if (!is_ec2_ && use.wire_name.empty() && !item.wire_name.empty())
        // A flattened list goes by its items' name where it has none of its own.
        before = prefix.substr(0, prefix.rfind('.') + 1) + std::string(item.wire_name);
    for (std::size_t i = 0; i < list->size(); ++i)
        if (const auto done = write(fmt::format("{}.{}", before, i + 1), item, (*list)[i]); !done)
            return done;
    return {};
}

base::Result<void> Form::write_map(const std::string& prefix, const Member& use,
                                   const Value& value) {
    const auto* const entries = value.as<Entries>();
    if (entries == nullptr) return does_not_fit(use.name, "a map is wanted");
    const Member& key = use.shape->members[0];
    const Member& held = use.shape->members[1];
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const std::string before =
            fmt::format("{}{}.{}.", prefix, use.flattened ? "" : ".entry", i + 1);
        const Entry& entry = (*entries)[i];
        add(before + std::string(key.wire_name.empty() ? "key" : key.wire_name), entry.name);
        const std::string name = held.wire_name.empty() ? "value" : std::string(held.wire_name);
        if (const auto done = write(before + name, held, entry.value); !done) return done;
    }
    return {};
}

// The rule that query's answers and requests share: items are `member`, all else is a structure.
void Form::write_unknown(const std::string& name, const Element& element) {
    if (element.children.empty()) return add(name, element.text);
    std::size_t items = 0;
    for (const Element& child : element.children)
        write_unknown(child.name == "member" ? fmt::format("{}.member.{}", name, ++items)
                                             : name + "." + child.name,
                      child);
}

}  // namespace

base::Result<std::string> form_of(const Operation& operation, const Value& input) {
    Form form(operation);
    if (operation.input.shape != nullptr)
        if (const auto done = form.write("", operation.input, input); !done)
            return base::fail(done);
    return form.take();
}

}  // namespace aws::wire
