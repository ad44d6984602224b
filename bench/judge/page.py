"""The tables of docs/results/judge.md, from the figures of a run."""
import datetime

BEGIN, END = "<!-- figures: written by bench/judge/run -->", "<!-- end of figures -->"
NAMES = {"flagger": "Flagger", "argo": "Argo", "kayenta": "Kayenta", "codedeploy": "CodeDeploy",
         "zmargin": "z, margin", "z60": "z, no margin", "crossfade": "**Crossfade**"}

SLOW_NAMES = {"flagger": "Flagger, p99", "kayenta": "Kayenta, p99", "zpeek": "z each minute, no margin",
              "crossfade": "**Crossfade**"}


def good(figures):
    full = f", {figures['full_s']:.0f} s" if figures["promoted"] else ""
    held = f", {100 * figures['held'] / figures['runs']:.0f} % held" if figures["held"] else ""
    return f"{100 * figures['aborted'] / figures['runs']:.2g} %{full}{held}"


def bad(figures):
    through = 100 * figures["promoted"] / figures["runs"]
    held = 100 * figures["held"] / figures["runs"]
    notes = [f"{through:.0f} % through"] * (through >= 0.5) + [f"{held:.0f} % held"] * (held >= 0.5)
    return f"{figures['harmed']:,.0f}" + (f" ({', '.join(notes)})" if notes else "")


def table(title, rows, rules, show):
    lines = [f"### {title}", "", "| requests/s, errors | " + " | ".join(NAMES[rule] for rule in rules) + " |",
             "|---" * (len(rules) + 1) + "|"]
    for (rps, base, kind, fault), by in rows:
        name = f"{rps:,g}, {base:.1%}" + (f", {kind}" if kind != "steady" else "")
        name += f", +{fault * 100:g} pp" if fault else ""
        lines.append(f"| {name} | " + " | ".join(show(by[rule]) for rule in rules) + " |")
    return lines + [""]


def late(figures):
    share = 100 * figures["aborted"] / figures["runs"]
    return f"{share:.3g} %" + (f", {figures['abort_s']:,.0f} s" if figures["aborted"] else "")


def slow_table(slow, rules):
    lines = ["### Slower releases at a fixed 10 %: aborted within an hour, median time", "",
             "| requests/s, slower | " + " | ".join(SLOW_NAMES[rule] for rule in rules) + " |", "|---" * (len(rules) + 1) + "|"]
    for (rps, slower, which), by in slow.items():
        name = f"{rps:,}, {'all' if which == 'all' else 'slowest 5 %'} x{slower:g}"
        lines.append(f"| {name} | " + " | ".join(late(by[rule]) for rule in rules) + " |")
    return lines + [""]


def write(path, worlds, columns, is_good):
    (figures, slow), (rules, slow_rules) = worlds, columns
    rows = list(figures.items())
    lines = [BEGIN, "", f"{datetime.date.today().isoformat()}, `./x bench judge`.", ""]
    lines += table("Good releases: aborted, time to all traffic", [row for row in rows if is_good(row[0][3])], rules, good)
    lines += table("Bad releases: harmed requests (let through, held)", [row for row in rows if not is_good(row[0][3])],
                   rules, bad)
    lines += slow_table(slow, slow_rules)
    lines.append(END)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + "\n".join(lines) + after)
