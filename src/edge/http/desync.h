#pragma once
// Requests that two parsers may read differently, in the words of AWS's http-desync-guardian.
//
//   mode        compliant  acceptable  ambiguous                           severe
//   monitor     allowed    allowed     allowed                             refused (400)
//   defensive   allowed    allowed     allowed, both connections closed    refused
//   strictest   allowed    refused     refused                             refused
//
// What our parser does not read is refused in every mode, so monitor refuses more than ALB's: a
// request that has no single reading cannot be passed on as one.

#include "net/http1.h"

#include <cstdint>
#include <string_view>

namespace edge {

enum class Tier : std::uint8_t { compliant, acceptable, ambiguous, severe };

/// In the guardian's order: of several reasons the gravest is told.
enum class Irregularity : std::uint8_t {
    none,
    get_head_zero_content_length,
    non_compliant_header,
    non_compliant_version,
    space_in_uri,
    ambiguous_uri,
    suspicious_header,
    empty_header,
    undefined_content_length_semantics,
    undefined_transfer_encoding_semantics,
    duplicate_content_length,
    both_te_cl_present,
    bad_header,
    bad_uri,
    bad_method,
    bad_version,
    bad_content_length,
    multiple_content_length,
    bad_transfer_encoding,
    multiple_transfer_encoding_chunked,
};

Tier tier_of(Irregularity reason);
/// As the access log has it: `Ambiguous`, `GetHeadZeroContentLength`; empty for `none`.
std::string_view name_of(Tier tier);
std::string_view name_of(Irregularity reason);

/// Of a request that our parser has read.
Irregularity irregularity_of(const net::RequestHead& head);

/// Of bytes that it refused: the head again, read leniently; `fault` decides where the bytes do
/// not tell, as they may be but a part of the head.
Irregularity irregularity_of(net::Fault fault, std::string_view bytes);

}  // namespace edge
