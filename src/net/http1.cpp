#include "net/http1.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace net {

namespace {

constexpr std::array<std::string_view, 10> kMethods = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "",
};

}  // namespace

std::string_view name_of(Method method) {
    return kMethods[static_cast<std::size_t>(method)];
}

Method method_from(std::string_view text) {
    if (text == "GET") return Method::get;
    for (std::size_t i = 1; i + 1 < kMethods.size(); ++i)
        if (kMethods[i] == text) return static_cast<Method>(i);
    return Method::other;
}

// NOLINTNEXTLINE(readability-function-size): two lines a fault.
std::string_view name_of(Fault fault) {
    switch (fault) {
        case Fault::none:
            return "none";
        case Fault::start_line_too_long:
            return "start_line_too_long";
        case Fault::field_line_too_long:
            return "field_line_too_long";
        case Fault::head_too_long:
            return "head_too_long";
        case Fault::too_many_fields:
            return "too_many_fields";
        case Fault::bare_cr:
            return "bare_cr";
        case Fault::bare_lf:
            return "bare_lf";
        case Fault::bad_method:
            return "bad_method";
        case Fault::bad_target:
            return "bad_target";
        case Fault::bad_version:
            return "bad_version";
        case Fault::unsupported_version:
            return "unsupported_version";
        case Fault::bad_status:
            return "bad_status";
        case Fault::bad_reason:
            return "bad_reason";
        case Fault::obs_fold:
            return "obs_fold";
        case Fault::space_before_fields:
            return "space_before_fields";
        case Fault::space_before_colon:
            return "space_before_colon";
        case Fault::bad_field_name:
            return "bad_field_name";
        case Fault::bad_field_value:
            return "bad_field_value";
        case Fault::missing_host:
            return "missing_host";
        case Fault::several_hosts:
            return "several_hosts";
        case Fault::bad_host:
            return "bad_host";
        case Fault::bad_content_length:
            return "bad_content_length";
        case Fault::several_content_lengths:
            return "several_content_lengths";
        case Fault::length_and_encoding:
            return "length_and_encoding";
        case Fault::bad_transfer_encoding:
            return "bad_transfer_encoding";
        case Fault::unsupported_transfer_encoding:
            return "unsupported_transfer_encoding";
        case Fault::encoding_in_http_1_0:
            return "encoding_in_http_1_0";
        case Fault::bad_chunk_size:
            return "bad_chunk_size";
        case Fault::chunk_size_overflow:
            return "chunk_size_overflow";
        case Fault::bad_chunk_extension:
            return "bad_chunk_extension";
        case Fault::chunk_extensions_too_long:
            return "chunk_extensions_too_long";
        case Fault::bad_chunk_end:
            return "bad_chunk_end";
        case Fault::framing_in_trailers:
            return "framing_in_trailers";
        case Fault::incomplete:
            return "incomplete";
    }
    return "";
}

int status_of(Fault fault) {
    switch (fault) {
        case Fault::start_line_too_long:
            return 414;
        case Fault::field_line_too_long:
        case Fault::head_too_long:
        case Fault::too_many_fields:
            return 431;
        case Fault::unsupported_version:
            return 505;
        case Fault::unsupported_transfer_encoding:
            return 501;
        case Fault::none:
        case Fault::bare_cr:
        case Fault::bare_lf:
        case Fault::bad_method:
        case Fault::bad_target:
        case Fault::bad_version:
        case Fault::bad_status:
        case Fault::bad_reason:
        case Fault::obs_fold:
        case Fault::space_before_fields:
        case Fault::space_before_colon:
        case Fault::bad_field_name:
        case Fault::bad_field_value:
        case Fault::missing_host:
        case Fault::several_hosts:
        case Fault::bad_host:
        case Fault::bad_content_length:
        case Fault::several_content_lengths:
        case Fault::length_and_encoding:
        case Fault::bad_transfer_encoding:
        case Fault::encoding_in_http_1_0:
        case Fault::bad_chunk_size:
        case Fault::chunk_size_overflow:
        case Fault::bad_chunk_extension:
        case Fault::chunk_extensions_too_long:
        case Fault::bad_chunk_end:
        case Fault::framing_in_trailers:
        case Fault::incomplete:
            return 400;
    }
    return 400;
}

}  // namespace net
