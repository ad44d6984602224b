#include "aws/codec.h"

#include "aws/request.h"
#include "aws/rest.h"
#include "aws/scalar.h"
#include "aws/shape.h"
#include "aws/value.h"
#include "aws/wire.h"
#include "base/result.h"

#include <fmt/core.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aws {
namespace {

// ec2 has both, query and rest-xml the second, S3 neither: its root is the error.
constexpr std::string_view kErrorPath = "Errors/Error";

bool fits_host(std::string_view label) {
    for (const char letter : label)
        if (!((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
              (letter >= '0' && letter <= '9') || letter == '-' || letter == '.'))
            return false;
    return !label.empty();
}

// `foo.{label}.` with the labels that the input gives.
base::Result<std::string> host_prefix_of(const Operation& operation, const Value& input) {
    std::string out;
    std::string_view rest = operation.host_prefix;
    while (!rest.empty()) {
        const auto open = rest.find('{');
        out += rest.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = rest.find('}', open);
        const std::string_view name = rest.substr(open + 1, close - open - 1);
        const std::string label = input.text(name);
        if (!fits_host(label))
            return does_not_fit(name, "it becomes part of a host name and cannot");
        out += label;
        rest.remove_prefix(close + 1);
    }
    return out;
}

base::Result<void> encode_form(const Operation& operation, const Value& input, Request& request) {
    auto form = wire::form_of(operation, input);
    if (!form) return base::fail(form);
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    request.body = std::move(*form);
    return {};
}

base::Result<void> encode_json(const Operation& operation, const Value& input, Request& request) {
    request.headers.push_back(
        {"X-Amz-Target", fmt::format("{}.{}", operation.target, operation.name)});
    request.headers.push_back(
        {"Content-Type", fmt::format("application/x-amz-json-{}", operation.json_version)});
    request.body = "{}";
    if (operation.input.shape == nullptr) return {};
    auto json = wire::json_of(operation.input, input);
    if (!json) return base::fail(json);
    request.body = std::move(*json);
    return {};
}

std::string wrapper_of(const Operation& operation) {
    return operation.protocol == Protocol::query ? std::string(operation.name) + "Result" : "";
}

// `aws.protocoltests#FooError:http://...`
std::string code_alone(std::string_view code) {
    code = code.substr(0, code.find(':'));
    return std::string(code.substr(code.rfind('#') + 1));
}

Fault json_fault(const Answer& answer) {
    static constexpr Shape kText{.type = Type::string};
    static constexpr Member kMembers[] = {{.name = "message", .shape = &kText},
                                          {.name = "Message", .shape = &kText},
                                          {.name = "__type", .shape = &kText},
                                          {.name = "code", .shape = &kText}};
    static constexpr Shape kError{.members = kMembers};
    const auto body =
        wire::value_from_json({.name = "error", .shape = &kError}, answer.body).value_or(Value());
    Fault fault;
    if (const auto* const code = find_header(answer.headers, "x-amzn-errortype"))
        fault.code = code_alone(*code);
    else
        fault.code = code_alone(body.text(body.member("__type") != nullptr ? "__type" : "code"));
    fault.message = body.text(body.member("message") != nullptr ? "message" : "Message");
    return fault;
}

const Element* error_in(const Element& root) {
    if (root.name == "Error") return &root;
    if (const Element* const errors = wire::child_of(root, "Errors"))
        return wire::child_of(*errors, "Error");
    return wire::child_of(root, "Error");
}

Fault xml_fault(const Answer& answer) {
    Fault fault;
    const auto root = wire::element_from(answer.body);
    if (!root) return fault;
    const auto text = [](const Element* parent, std::string_view name) {
        const Element* const child = parent != nullptr ? wire::child_of(*parent, name) : nullptr;
        return child != nullptr ? child->text : std::string{};
    };
    const Element* const error = error_in(*root);
    fault.code = text(error, "Code");
    fault.message = text(error, "Message");
    for (const std::string_view name : {"RequestId", "RequestID"}) {
        if (fault.request_id.empty()) fault.request_id = text(&*root, name);
        if (fault.request_id.empty()) fault.request_id = text(error, name);
    }
    return fault;
}

// A body that is an object's own bytes may look like an error and be none.
bool says_error_with_200(const Operation& operation, const Answer& answer) {
    if (operation.protocol != Protocol::rest_xml || answer.body.empty()) return false;
    if (const Shape* const shape = operation.output.shape) {
        const Member* const payload = wire::member_of(*shape, shape->payload);
        if (payload != nullptr && payload->shape->type != Type::structure) return false;
    }
    const auto root = wire::element_from(answer.body);
    return root && root->name == "Error" && wire::child_of(*root, "Code") != nullptr;
}

}  // namespace

base::Result<Request> encode(const Operation& operation, const Value& input,
                             const Endpoint& endpoint) {
    const auto prefix = host_prefix_of(operation, input);
    if (!prefix) return base::fail(prefix);
    Request request;
    request.scheme = endpoint.scheme;
    request.method = operation.method;
    request.host = *prefix + endpoint.host;
    base::Result<void> done;
    if (operation.protocol == Protocol::rest_xml) {
        done = encode_rest(operation, input, request);
    } else {
        request.path = operation.uri;
        done = operation.protocol == Protocol::json ? encode_json(operation, input, request)
                                                    : encode_form(operation, input, request);
    }
    if (!done) return base::fail(done);
    request.path = endpoint.path + request.path;
    return request;
}

base::Result<Value> decode(const Operation& operation, const Answer& answer) {
    if (operation.output.shape == nullptr) return Value(Entries{});
    if (operation.protocol == Protocol::rest_xml) return decode_rest(operation.output, answer, "");
    if (operation.protocol == Protocol::json)
        return wire::value_from_json(operation.output, answer.body);
    // Nothing at all is an answer where there is nothing to say, and else a broken one: taken for
    // an empty list of targets, it would mean that all of them are well (P8).
    if (answer.body.empty() && operation.output.shape->members.empty()) return Value(Entries{});
    return wire::value_from_xml(operation.output, answer.body, wrapper_of(operation));
}

std::optional<Fault> fault_in(const Operation& operation, const Answer& answer) {
    if (answer.status < 300 && !says_error_with_200(operation, answer)) return {};
    Fault fault = operation.protocol == Protocol::json ? json_fault(answer) : xml_fault(answer);
    if (fault.code.empty()) fault.code = std::to_string(answer.status);
    for (const std::string_view name : {"x-amzn-requestid", "x-amz-request-id"})
        if (const auto* const id = find_header(answer.headers, name); fault.request_id.empty())
            if (id != nullptr) fault.request_id = *id;
    return fault;
}

base::Result<Value> decode_fault(const Operation& operation, const Shape& shape,
                                 const Answer& answer) {
    const Member use{.name = operation.name, .shape = &shape};
    if (operation.protocol == Protocol::json) return wire::value_from_json(use, answer.body);
    const auto root = wire::element_from(answer.body);
    if (!root || error_in(*root) == nullptr)
        return cannot_be_read(operation.name, "there is no error in it");
    if (operation.protocol == Protocol::rest_xml) return decode_rest(use, answer, kErrorPath);
    return wire::value_from_xml(use, answer.body, kErrorPath);
}

}  // namespace aws
