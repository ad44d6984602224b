#include "aws/request.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace aws {
namespace {

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

const std::string* find_header(const std::vector<Field>& headers, std::string_view name) {
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    for (const Field& field : headers)
        if (std::equal(field.name.begin(), field.name.end(), name.begin(), name.end(), same))
            return &field.value;
    return nullptr;
}

}  // namespace aws
