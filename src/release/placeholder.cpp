#include "release/placeholder.h"

#include "base/result.h"
#include "base/spelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

namespace release {

namespace {

/// Calls `literal` and `name` with the parts of `text`, in order.
base::Result<void> each_part(std::string_view text,
                             const std::function<void(std::string_view)>& literal,
                             const std::function<base::Result<void>(std::string_view)>& name) {
    while (!text.empty()) {
        const std::size_t at = text.find("${");
        if (at == std::string_view::npos) break;
        if (at > 0 && text[at - 1] == '$') {
            literal(text.substr(0, at - 1));
            literal("${");
            text.remove_prefix(at + 2);
            continue;
        }
        literal(text.substr(0, at));
        const std::size_t end = text.find('}', at);
        if (end == std::string_view::npos)
            return base::fail(
                base::Failure::rejected,
                {.code = "CF0130",
                 .what = fmt::format("`{}` has a `${{` that is not closed", text.substr(at, 32)),
                 .fix = "close it with `}`, or write `$${` for the characters `${`"});
        if (auto done = name(text.substr(at + 2, end - at - 2)); !done) return done;
        text.remove_prefix(end + 1);
    }
    literal(text);
    return {};
}

tl::unexpected<base::Error> unknown(std::string_view name, const std::vector<std::string>& known) {
    const auto near = base::nearest_name(name, known);
    return base::fail(
        base::Failure::rejected,
        {.code = "CF0131",
         .what = fmt::format("there is no placeholder `${{{}}}`", name.substr(0, 64)),
         .why = fmt::format("the placeholders are ${{{}}}; variables of your shell are not "
                            "replaced",
                            fmt::join(known, "}, ${")),
         .fix = near ? fmt::format("did you mean `${{{}}}`?", *near)
                     : "to hand on a variable, use `environment: {NAME: {from_env: NAME}}`; for "
                       "the characters `${` write `$${`"});
}

}  // namespace

const std::vector<std::string>& placeholder_names() {
    static const std::vector<std::string> names{"port", "address", "instance", "pool", "artifact"};
    return names;
}

base::Result<std::vector<std::string>> placeholders_in(std::string_view text,
                                                       const std::vector<std::string>& known) {
    std::vector<std::string> names;
    auto done = each_part(
        text, [](std::string_view) {},
        [&names, &known](std::string_view name) -> base::Result<void> {
            if (std::find(known.begin(), known.end(), name) == known.end())
                return unknown(name, known);
            names.emplace_back(name);
            return {};
        });
    if (!done) return base::fail(done);
    return names;
}

base::Result<std::string> expanded(std::string_view text,
                                   const std::map<std::string, std::string>& values) {
    std::string out;
    auto done = each_part(
        text, [&out](std::string_view literal) { out += literal; },
        [&out, &values](std::string_view name) -> base::Result<void> {
            const auto at = values.find(std::string(name));
            if (at == values.end()) return unknown(name, placeholder_names());
            out += at->second;
            return {};
        });
    if (!done) return base::fail(done);
    return out;
}

}  // namespace release
