// How findings are shown.
#include "cli/doctor.h"

#include "cli/text.h"

#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace cli {
namespace {

using base::Finding;
using base::Weight;

Tone tone_of(Weight weight) {
    switch (weight) {
        case Weight::ok:
            return Tone::good;
        case Weight::warning:
            return Tone::warn;
        case Weight::error:
            return Tone::bad;
    }
    return Tone::plain;
}

std::size_t count_of(const Checkup& checkup, Weight weight) {
    return static_cast<std::size_t>(
        std::count_if(checkup.findings.begin(), checkup.findings.end(),
                      [weight](const Finding& each) { return each.weight == weight; }));
}

std::string beside(std::string_view word, std::string_view text, std::size_t indent,
                   std::size_t columns) {
    const std::string whole = fmt::format("{}: {}", word, harmless(text));
    const std::string gap(indent, ' ');
    return (columns > indent + 20 ? wrap(whole, columns, gap) : gap + whole) + '\n';
}

}  // namespace

std::string checkup_text(const Checkup& checkup, const Layout& layout) {
    const Paint& paint = layout.paint;
    std::string out;
    if (!checkup.application.empty())
        out += paint(Tone::strong, fmt::format("{} on {}", checkup.application, checkup.place)) +
               "\n\n";
    std::size_t subjects = 0;
    for (const Finding& each : checkup.findings)
        subjects = std::max(subjects, columns_of(each.subject));
    constexpr std::size_t kWeights = 7;
    const std::size_t indent = kWeights + 2 + subjects + 2;
    for (const Finding& each : checkup.findings) {
        const bool is_well = each.weight == Weight::ok;
        const std::string what = harmless(each.said.what);
        out += fmt::format("{}  {}  {}{}\n",
                           paint(tone_of(each.weight), pad_right(name_of(each.weight), kWeights)),
                           pad_right(each.subject, subjects),
                           is_well ? what : paint(Tone::strong, what),
                           is_well ? "" : paint(Tone::dim, fmt::format(" [{}]", each.said.code)));
        if (!each.said.why.empty()) out += beside("why", each.said.why, indent, layout.columns);
        if (!each.said.fix.empty()) out += beside("fix", each.said.fix, indent, layout.columns);
    }
    for (const std::string& name : checkup.given_back)
        out += fmt::format("\ngiven back: the scaling of {}", harmless(name));
    if (!checkup.given_back.empty()) out += '\n';
    const std::size_t warnings = count_of(checkup, Weight::warning);
    const std::size_t errors = count_of(checkup, Weight::error);
    out += fmt::format("\n{} well, {}, {}{}\n", count_of(checkup, Weight::ok),
                       counted(warnings, "warning"), counted(errors, "error"),
                       warnings + errors > 0 ? "; `crossfade explain CODE` says more" : "");
    return out;
}

base::Json checkup_json(const Checkup& checkup) {
    base::Json findings = base::Json::array();
    for (const Finding& each : checkup.findings) {
        base::Json one{{"weight", name_of(each.weight)},
                       {"subject", each.subject},
                       {"code", each.said.code},
                       {"what", each.said.what}};
        if (!each.said.why.empty()) one["why"] = each.said.why;
        if (!each.said.fix.empty()) one["fix"] = each.said.fix;
        findings.push_back(std::move(one));
    }
    return {{"schema", "crossfade.doctor/1"},
            {"application", checkup.application},
            {"place", checkup.place},
            {"findings", std::move(findings)},
            {"warnings", count_of(checkup, Weight::warning)},
            {"errors", count_of(checkup, Weight::error)},
            {"given_back", checkup.given_back}};
}

ExitCode code_of(const Checkup& checkup) {
    ExitCode out = ExitCode::done;
    for (const Finding& each : checkup.findings) {
        if (each.weight != Weight::error) continue;
        const ExitCode one = exit_code_of(base::Error{base::Failure::rejected, each.said});
        if (out == ExitCode::done || one == ExitCode::credentials) out = one;
    }
    return out;
}

}  // namespace cli
