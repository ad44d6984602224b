#pragma once
// Plots over time as SVG text that needs no script, in the report's own style classes.

#include <cstddef>
#include <string>
#include <vector>

namespace load {

/// A stretch of the time axis, in seconds since its start.
struct Stretch {
    double from = 0;
    double until = 0;
    std::string label = {};
    std::string kind = {};  ///< style class `k-KIND`
};

struct Series {
    std::string name;
    std::string style;                ///< style class: `c0`…`c7`, `bad`, `warn`, `soft`
    std::vector<double> values = {};  ///< one a second; not a number where there is none
};

struct Plot {
    enum class Form { lines, stack, bars };
    std::string title;
    std::string unit;
    std::string about = {};  ///< what is plotted, in one line
    Form form = Form::lines;
    std::vector<Series> series = {};
};

/// One figure of `seconds` length with the stretches behind it. Empty text where no value is.
std::string svg_of(const Plot& plot, std::size_t seconds, const std::vector<Stretch>& stretches);

/// Stretches as rows of bars above the plots, on the same axis. Empty text without any.
std::string timeline_of(const std::vector<std::vector<Stretch>>& rows, std::size_t seconds);

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `value`; 1 for none.
double nice_ceiling(double value);

}  // namespace load
