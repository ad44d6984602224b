#include "base/markup.h"

namespace base {

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char each : text) {
        switch (each) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '\n':
            case '\t':
                out += each;
                break;
            default:
                if (static_cast<unsigned char>(each) >= 0x20) out += each;
        }
    }
    return out;
}

}  // namespace base
