#pragma once
// A request to AWS, exactly as it goes on the wire; what makes it, signs it and sends it share it.

#include <string>
#include <string_view>
#include <vector>

namespace aws {

struct Field {
    std::string name;
    std::string value;

    friend bool operator==(const Field&, const Field&) = default;
};

/// Plain HTTP never leaves the machine, see CurlTransport.
enum class Scheme { https, http };

struct Request {
    Scheme scheme = Scheme::https;
    std::string method = "GET";
    std::string host;            ///< With the port where it is not the scheme's own.
    std::string path = "/";      ///< Percent-encoded.
    std::string query;           ///< Percent-encoded, without the question mark.
    std::vector<Field> headers;  ///< Without Host.
    std::string body;
};

/// The value of the first header of that name in any case; nullptr where there is none.
const std::string* find_header(const std::vector<Field>& headers, std::string_view name);

}  // namespace aws
