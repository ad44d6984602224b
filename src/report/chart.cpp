#include "report/chart.h"

#include "base/markup.h"
#include "report/forms.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace report {
namespace {

constexpr double kWidth = 1000;
constexpr double kHeight = 150;
constexpr double kLeft = 46;
constexpr double kBottom = 20;

struct Spot {
    double seconds;
    double value;
};

struct Line {
    std::string_view style;  ///< `new` or `old`
    std::vector<Spot> spots;
};

struct Figure {
    std::string title;
    std::string unit;
    std::vector<Line> lines;
    bool stepped = false;
    double seconds = 1;
    std::optional<double> turned = {};  ///< When it was decided to go back.
};

double seconds_of(const Account& account, base::Instant at) {
    return std::chrono::duration<double>(at - account.run.begun).count();
}

// The smallest of 1, 2, 5 times a power of ten that is not below.
double ceiling_of(double value) {
    for (double power = 1e-6; power < 1e12; power *= 10) {
        for (const double step : {1.0, 2.0, 5.0}) {
            if (step * power >= value) return step * power;
        }
    }
    return value;
}

double x_of(const Figure& figure, double seconds) {
    return kLeft + (kWidth - kLeft) * seconds / figure.seconds;
}

double y_of(double value, double most) {
    return (kHeight - kBottom) * (1 - value / most) + 6;
}

std::string path_of(const Figure& figure, const Line& line, double most) {
    std::string out;
    const Spot* before = nullptr;
    for (const Spot& spot : line.spots) {
        const double x = x_of(figure, spot.seconds);
        if (before != nullptr && figure.stepped)
            out += fmt::format("L{:.1f} {:.1f}", x, y_of(before->value, most));
        out += fmt::format("{}{:.1f} {:.1f}", before == nullptr ? 'M' : 'L', x,
                           y_of(spot.value, most));
        before = &spot;
    }
    return out;
}

std::string svg_of(const Figure& figure) {
    double highest = 0;
    for (const Line& line : figure.lines) {
        for (const Spot& spot : line.spots) highest = std::max(highest, spot.value);
    }
    const double most = ceiling_of(highest);
    std::string out = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
                                  kWidth, kHeight, base::escaped(figure.title));
    for (const double part : {0.0, 0.5, 1.0}) {
        const double y = y_of(most * part, most);
        out += fmt::format(
            "<line class=\"axis\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/><text "
            "class=\"tick\" x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5:g}</text>\n",
            kLeft, kWidth, y, kLeft - 6, y + 4, most * part);
    }
    out += fmt::format(
        "<text class=\"tick\" x=\"{0}\" y=\"{1}\" text-anchor=\"end\">{2:.3g} s</text>\n", kWidth,
        kHeight, figure.seconds);
    if (figure.turned) {
        const double x = x_of(figure, *figure.turned);
        out += fmt::format(
            "<line class=\"turn\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"0\" y2=\"{1}\"/>\n", x,
            kHeight - kBottom + 6);
    }
    for (const Line& line : figure.lines) {
        out += fmt::format("<path class=\"line {}\" d=\"{}\"/>\n", line.style,
                           path_of(figure, line, most));
    }
    return out + "</svg>\n";
}

std::string figure_of(const Figure& figure) {
    std::string keys;
    for (const Line& line : figure.lines) {
        keys += fmt::format(" <b class=\"{}\">{}</b>", line.style,
                            line.style == "new" ? "― new release" : "┄ old release");
    }
    return fmt::format("<figure><figcaption>{}, {}{}</figcaption>\n{}</figure>\n",
                       base::escaped(figure.title), base::escaped(figure.unit), keys,
                       svg_of(figure));
}

Figure shares_of(const Account& account, Figure frame) {
    frame.title = "Share of new requests that the new release gets, as set";
    frame.unit = "%";
    frame.stepped = true;
    Line line{.style = "new", .spots = {{0, 0}}};
    for (const Share& share : account.shares) {
        line.spots.push_back(
            {seconds_of(account, share.at), static_cast<double>(share.share.value) / 10});
    }
    line.spots.push_back({frame.seconds, line.spots.back().value});
    frame.lines.push_back(std::move(line));
    return frame;
}

using Reading =
    std::function<double(const judge::Counts& before, const judge::Counts& after, double seconds)>;

Figure flow_of(const Account& account, Figure frame, const Reading& reading) {
    Line fresh{.style = "new", .spots = {}};
    Line old{.style = "old", .spots = {}};
    for (std::size_t i = 1; i < account.points.size(); ++i) {
        const Point& before = account.points[i - 1];
        const Point& after = account.points[i];
        const double at = seconds_of(account, after.at);
        const double span = at - seconds_of(account, before.at);
        if (span <= 0) continue;
        fresh.spots.push_back({at, reading(before.fresh, after.fresh, span)});
        old.spots.push_back({at, reading(before.old, after.old, span)});
    }
    frame.lines = {std::move(fresh), std::move(old)};
    return frame;
}

double rate(const judge::Counts& before, const judge::Counts& after, double seconds) {
    return static_cast<double>(after.requests - before.requests) / seconds;
}

double failed(const judge::Counts& before, const judge::Counts& after, double /*seconds*/) {
    const auto requests = static_cast<double>(after.requests - before.requests);
    return requests > 0 ? 100 * static_cast<double>(after.errors - before.errors) / requests : 0;
}

double sockets(const judge::Counts& /*before*/, const judge::Counts& after, double /*seconds*/) {
    return static_cast<double>(after.sockets_open);
}

}  // namespace

std::string charts_of(const Account& account) {
    Figure frame{.title = {}, .unit = {}, .lines = {}};
    frame.seconds = std::max(0.001, std::chrono::duration<double>(account.length()).count());
    if (account.turned_at) frame.turned = seconds_of(account, *account.turned_at);
    std::string out;
    if (!account.shares.empty()) out += figure_of(shares_of(account, frame));
    if (account.points.size() < 2) return out;
    frame.title = "Requests";
    frame.unit = "a second";
    out += figure_of(flow_of(account, frame, rate));
    frame.title = "Requests that failed";
    frame.unit = "%";
    out += figure_of(flow_of(account, frame, failed));
    const Point& last = account.points.back();
    if (last.fresh.sockets_opened + last.old.sockets_opened > 0) {
        frame.title = "Open WebSockets";
        frame.unit = "sockets";
        out += figure_of(flow_of(account, frame, sockets));
    }
    return out;
}

}  // namespace report
