#include "load/chart.h"

#include "base/markup.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace load {
namespace {

// The drawing's own units; the page scales it to its width.
constexpr double kWidth = 1000;
constexpr double kLeft = 54;
constexpr double kRight = 10;
constexpr double kHeight = 190;
constexpr double kTop = 8;
constexpr double kBottom = 22;
constexpr double kRow = 24;

struct Frame {
    double seconds;
    double highest;

    double x(double second) const {
        return kLeft + std::clamp(second / seconds, 0.0, 1.0) * (kWidth - kLeft - kRight);
    }
    double y(double value) const {
        const double share = std::clamp(value / highest, 0.0, 1.0);
        return kHeight - kBottom - share * (kHeight - kTop - kBottom);
    }
};

std::string number(double value) {
    if (value >= 10'000) return fmt::format("{:g}k", value / 1000);
    return fmt::format("{:g}", std::round(value * 1000) / 1000);
}

double time_step(double seconds) {
    for (const double step : {1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0})
        if (seconds / step <= 12) return step;
    return std::ceil(seconds / 12 / 3600) * 3600;
}

std::string time_axis(const Frame& frame, double bottom) {
    std::string svg;
    for (double at = 0; at <= frame.seconds; at += time_step(frame.seconds))
        svg += fmt::format(
            R"(<text class="tick" x="{:.1f}" y="{:.0f}" text-anchor="middle">{}:{:02}</text>)",
            frame.x(at), bottom, static_cast<int>(at) / 60, static_cast<int>(at) % 60);
    return svg;
}

std::string grid(const Frame& frame) {
    std::string svg;
    const double front = frame.highest / std::pow(10.0, std::floor(std::log10(frame.highest)));
    const int parts = std::abs(front - 5) < 0.01 || std::abs(front - 2.5) < 0.01 ? 5 : 4;
    for (int i = 0; i <= parts; ++i) {
        const double value = frame.highest * i / parts;
        svg += fmt::format(
            R"(<line class="grid" x1="{0:.0f}" x2="{1:.0f}" y1="{2:.1f}" y2="{2:.1f}"/>)"
            R"(<text class="tick" x="{3:.0f}" y="{4:.1f}" text-anchor="end">{5}</text>)",
            kLeft, kWidth - kRight, frame.y(value), kLeft - 6, frame.y(value) + 4, number(value));
    }
    return svg;
}

std::string backdrop(const Frame& frame, const std::vector<Stretch>& stretches) {
    std::string svg;
    for (const Stretch& one : stretches)
        svg += fmt::format(
            R"(<rect class="band k-{}" x="{:.1f}" y="{:.0f}" width="{:.1f}" height="{:.0f}"><title>{}</title></rect>)",
            base::escaped(one.kind), frame.x(one.from), kTop,
            std::max(1.0, frame.x(one.until) - frame.x(one.from)), kHeight - kTop - kBottom,
            base::escaped(one.label));
    return svg;
}

std::string line_of(const Frame& frame, const Series& series, std::size_t seconds) {
    std::string path;
    bool down = false;
    for (std::size_t i = 0; i < std::min(seconds, series.values.size()); ++i) {
        if (std::isnan(series.values[i])) {
            down = false;
            continue;
        }
        path += fmt::format("{}{:.1f} {:.1f}", down ? "L" : "M",
                            frame.x(static_cast<double>(i) + 0.5), frame.y(series.values[i]));
        down = true;
    }
    return fmt::format(R"(<path class="line {}" d="{}"/>)", series.style, path);
}

/// Each series stands on those before it.
std::string stack_of(const Frame& frame, const std::vector<Series>& all, std::size_t seconds) {
    std::string svg;
    std::vector<double> floor(seconds, 0.0);
    for (const Series& series : all) {
        std::string above;
        std::string below;
        for (std::size_t i = 0; i < seconds; ++i) {
            const double value =
                i < series.values.size() && !std::isnan(series.values[i]) ? series.values[i] : 0;
            const double x = frame.x(static_cast<double>(i) + 0.5);
            above +=
                fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", x, frame.y(floor[i] + value));
            below.insert(0, fmt::format("L{:.1f} {:.1f}", x, frame.y(floor[i])));
            floor[i] += value;
        }
        svg += fmt::format(R"(<path class="area {}" d="{}{}Z"/>)", series.style, above, below);
    }
    return svg;
}

std::string bars_of(const Frame& frame, const std::vector<Series>& all, std::size_t seconds) {
    std::string svg;
    std::vector<double> floor(seconds, 0.0);
    for (const Series& series : all)
        for (std::size_t i = 0; i < std::min(seconds, series.values.size()); ++i) {
            const double value = series.values[i];
            if (!(value > 0)) continue;
            const double from = frame.x(static_cast<double>(i));
            const double wide = std::max(2.0, frame.x(static_cast<double>(i + 1)) - from);
            svg += fmt::format(
                R"(<rect class="bar {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)",
                series.style, from, frame.y(floor[i] + value), wide,
                frame.y(floor[i]) - frame.y(floor[i] + value));
            floor[i] += value;
        }
    return svg;
}

double highest_of(const Plot& plot, std::size_t seconds) {
    double highest = 0;
    for (std::size_t i = 0; i < seconds; ++i) {
        double sum = 0;
        for (const Series& series : plot.series) {
            const double value = i < series.values.size() ? series.values[i] : std::nan("");
            if (std::isnan(value)) continue;
            sum = plot.form == Plot::Form::lines ? std::max(sum, value) : sum + value;
        }
        highest = std::max(highest, sum);
    }
    return nice_ceiling(highest);
}

std::string legend_of(const Plot& plot) {
    std::string html;
    for (const Series& series : plot.series)
        html += fmt::format(R"(<span class="key"><i class="{}"></i>{}</span>)", series.style,
                            base::escaped(series.name));
    return html;
}

/// What the page's script shows under the pointer; the drawing is whole without it.
std::string values_of(const Plot& plot) {
    std::string text = "[";
    for (const Series& series : plot.series) {
        text += text.size() > 1 ? "," : "";
        text += "[";
        for (std::size_t i = 0; i < series.values.size(); ++i) {
            if (i > 0) text += ",";
            text += std::isnan(series.values[i]) ? "null" : fmt::format("{:.4g}", series.values[i]);
        }
        text += "]";
    }
    return text + "]";
}

}  // namespace

double nice_ceiling(double value) {
    if (!(value > 0)) return 1;
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 2.5, 5.0, 10.0})
        if (step * power >= value) return step * power;
    return 10 * power;
}

std::string svg_of(const Plot& plot, std::size_t seconds, const std::vector<Stretch>& stretches) {
    const bool any = std::any_of(plot.series.begin(), plot.series.end(), [](const Series& one) {
        return std::any_of(one.values.begin(), one.values.end(),
                           [](double value) { return !std::isnan(value); });
    });
    if (!any || seconds == 0) return {};
    const Frame frame{.seconds = static_cast<double>(seconds),
                      .highest = highest_of(plot, seconds)};
    std::string svg = backdrop(frame, stretches) + grid(frame) + time_axis(frame, kHeight - 6);
    switch (plot.form) {
        case Plot::Form::lines:
            for (const Series& series : plot.series) svg += line_of(frame, series, seconds);
            break;
        case Plot::Form::stack:
            svg += stack_of(frame, plot.series, seconds);
            break;
        case Plot::Form::bars:
            svg += bars_of(frame, plot.series, seconds);
            break;
    }
    return fmt::format(
        R"(<figure class="plot"><figcaption><b>{}</b> <span class="unit">{}</span>{}<span class="about">{}</span></figcaption>)"
        R"(<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}" data-seconds="{}" data-values="{}">{}</svg></figure>)"
        "\n",
        base::escaped(plot.title), base::escaped(plot.unit), legend_of(plot),
        base::escaped(plot.about), kWidth, kHeight, base::escaped(plot.title), seconds,
        base::escaped(values_of(plot)), svg);
}

std::string timeline_of(const std::vector<std::vector<Stretch>>& rows, std::size_t seconds) {
    const bool any =
        std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.empty(); });
    if (!any || seconds == 0) return {};
    const Frame frame{.seconds = static_cast<double>(seconds), .highest = 1};
    const double height = kRow * static_cast<double>(rows.size()) + kBottom;
    std::string svg;
    double top = 0;
    for (const std::vector<Stretch>& row : rows) {
        for (const Stretch& one : row) {
            const double from = frame.x(one.from);
            const double wide = std::max(2.0, frame.x(one.until) - from);
            svg += fmt::format(
                R"(<rect class="block k-{}" x="{:.1f}" y="{:.0f}" width="{:.1f}" height="{:.0f}" rx="3"><title>{}</title></rect>)",
                base::escaped(one.kind), from, top + 2, wide, kRow - 4, base::escaped(one.label));
            // About 6.2 units a letter. What does not fit is cut to its first word, or left to the
            // title.
            std::string label = one.label;
            const auto fits = [&label, wide] {
                return static_cast<double>(label.size()) * 6.2 + 8 < wide;
            };
            if (!fits()) label = label.substr(0, label.find(' '));
            if (fits())
                svg += fmt::format(
                    R"(<text class="label" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                    from + wide / 2, top + kRow / 2 + 4, base::escaped(label));
        }
        top += kRow;
    }
    svg += time_axis(frame, height - 6);
    return fmt::format(
        R"(<figure class="plot"><svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="releases">{}</svg></figure>)"
        "\n",
        kWidth, height, svg);
}

}  // namespace load
