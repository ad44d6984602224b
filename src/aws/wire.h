#pragma once
// For the codecs alone: the bodies of the four protocols. Everyone else includes `codec.h`.

#include "aws/shape.h"
#include "aws/value.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace aws::wire {

/// `Action=...&Version=...` and the input behind it: query, and ec2's dialect of it.
base::Result<std::string> form_of(const Operation& operation, const Value& input);

/// One element and all below it; `use` names the root.
base::Result<std::string> xml_of(const Member& use, const Value& value);

/// The structure `use` from a document: its root, or what is inside of it along `path`, as
/// `Errors/Error`, where parts that are not there are passed over.
base::Result<Value> value_from_xml(const Member& use, std::string_view text, std::string_view path);

/// A document as it is, without a model.
std::optional<Element> element_from(std::string_view text);
/// The first child of that name; nullptr where there is none.
const Element* child_of(const Element& parent, std::string_view name);

base::Result<std::string> json_of(const Member& use, const Value& value);
base::Result<Value> value_from_json(const Member& use, std::string_view text);

/// The member of a structure's shape; nullptr where there is none.
const Member* member_of(const Shape& shape, std::string_view name);
inline std::string_view name_on_wire(const Member& member) {
    return member.wire_name.empty() ? member.name : member.wire_name;
}

/// Whether the input is a structure that has no member beyond the shape's own, unless it is XML
/// that was read so.
base::Result<void> check_members(const Member& use, const Value& value);

}  // namespace aws::wire
