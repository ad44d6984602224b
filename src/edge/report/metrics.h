#pragma once
// Counts as Prometheus reads them (text format 0.0.4).

#include "base/histogram.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace edge {

/// Collects samples family by family, as the format demands.
class Exposition {
public:
    enum class Kind : std::uint8_t { counter, gauge, histogram };

    /// Begins a family; samples follow until the next.
    void family(std::string_view name, Kind kind, std::string_view help);
    /// `labels` is `a="b",c="d"` or empty: see `label`.
    void sample(std::string_view labels, std::uint64_t value);
    void histogram(std::string_view labels, const base::Histogram& histogram);

    std::string take() { return std::move(text_); }

private:
    std::string name_;
    std::string text_;
};

/// `name="value"` with the value escaped.
std::string label(std::string_view name, std::string_view value);

}  // namespace edge
