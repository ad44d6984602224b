#include "local/source_answer.h"

#include "base/json.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string>

namespace local {

namespace {

using base::Json;

/// Above, a double no longer tells two counts apart.
constexpr double kCountMax = 9'007'199'254'740'992.0;
constexpr std::size_t kToldMax = 200;

tl::unexpected<base::Error> odd(const char* code, std::string what, std::string fix = {}) {
    return base::fail(base::Failure::unavailable,
                      {.code = code, .what = std::move(what), .why = {}, .fix = std::move(fix)});
}

/// What a server says of itself, on one line and cut.
std::string told(const Json& json, const char* key) {
    const auto at = json.find(key);
    if (at == json.end() || !at->is_string()) return "";
    std::string text = at->get<std::string>().substr(0, kToldMax);
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return text;
}

base::Result<std::optional<double>> number_from(const Json& sample) {
    const bool is_sample = sample.is_array() && sample.size() == 2 && sample[1].is_string();
    if (!is_sample) return odd("CF0482", "its answer has no value where one should be");
    const std::string text = sample[1].get<std::string>();
    if (text == "NaN") return std::optional<double>{};
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(value)) {
        return odd("CF0482",
                   fmt::format("it answers `{}`, which is no number", text.substr(0, kToldMax)));
    }
    return std::optional<double>(value);
}

base::Result<std::optional<double>> number_in_data(const Json& data) {
    const auto type = base::member<std::string>(data, "resultType");
    if (!type || !data.contains("result")) return odd("CF0482", "its answer has no result");
    const Json& result = data.at("result");
    if (*type == "scalar") return number_from(result);
    if (*type != "vector" || !result.is_array()) {
        return odd("CF0482",
                   fmt::format("the query gives a {} where one number is wanted",
                               *type == "matrix" ? "range of values" : "text"),
                   "ask for one number, like `sum(orders_total{…})`");
    }
    if (result.empty()) return std::optional<double>{};
    if (result.size() > 1) {
        return odd(
            "CF0482",
            fmt::format("the query gives {} series where one number is wanted", result.size()),
            "sum them, like `sum(orders_total{…})`");
    }
    const auto value = result[0].is_object() ? result[0].find("value") : result[0].end();
    if (!result[0].is_object() || value == result[0].end()) {
        return odd("CF0482", "its answer has no value where one should be");
    }
    return number_from(*value);
}

}  // namespace

base::Result<std::optional<double>> number_from_prometheus(const SourceAnswer& answer) {
    const auto json = base::json_from(answer.body);
    const auto status = json ? base::member<std::string>(*json, "status") : base::fail(json);
    if (!status) {
        return odd("CF0482", fmt::format("it answers {} without what a Prometheus server says",
                                         answer.status));
    }
    if (*status != "success") {
        return odd("CF0482", fmt::format("it reports {}: {}", told(*json, "errorType"),
                                         told(*json, "error")));
    }
    if (!json->contains("data")) return odd("CF0482", "its answer has no result");
    return number_in_data(json->at("data"));
}

base::Result<std::uint64_t> count_from(double value) {
    if (!(value >= 0 && value <= kCountMax)) {
        return odd("CF0484", fmt::format("{:g} can be no count", value),
                   "ask for a counter, not for a rate or a difference");
    }
    return static_cast<std::uint64_t>(std::llround(value));
}

base::Result<std::optional<engine::SourceFigures>> figures_from_json(const SourceAnswer& answer,
                                                                     bool is_gauge) {
    using Figures = std::optional<engine::SourceFigures>;
    if (answer.status == 204 || answer.status == 404) return Figures{};
    if (answer.status != 200) return odd("CF0483", fmt::format("it answers {}", answer.status));
    const auto json = base::json_from(answer.body);
    if (!json) return odd("CF0483", "its answer is no JSON: " + json.error().line());
    const auto number = [&](const char* key) { return base::member<double>(*json, key); };
    engine::SourceFigures figures;
    if (is_gauge) {
        const auto value = number("value");
        if (!value) return odd("CF0483", value.error().line());
        figures.level = *value;
        return Figures{figures};
    }
    for (const auto& [key, into] :
         {std::pair{"failed", &figures.failed}, std::pair{"total", &figures.total}}) {
        const auto value = number(key);
        if (!value) return odd("CF0483", value.error().line());
        const auto count = count_from(*value);
        if (!count) return base::fail(count);
        *into = *count;
    }
    return Figures{figures};
}

}  // namespace local
