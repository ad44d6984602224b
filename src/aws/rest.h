#pragma once
// For the codecs alone: how rest-xml spreads a structure over path, query, headers and body.

#include "aws/codec.h"
#include "aws/request.h"
#include "aws/shape.h"
#include "aws/value.h"
#include "base/result.h"

#include <string_view>

namespace aws {

base::Result<void> encode_rest(const Operation& operation, const Value& input, Request& request);

/// `path` as in wire::value_from_xml.
base::Result<Value> decode_rest(const Member& use, const Answer& answer, std::string_view path);

}  // namespace aws
