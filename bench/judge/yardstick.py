"""The tables of the Python simulation, played again: equal within sampling error?

yardstick.txt is what that program printed: `A|scenario|policy|abort %|harmed mean|...` at a fixed weight of 10 %, and
`B|rps|pb|fault|policy|abort %|undecided %|harmed mean|...` with each product's own ramp, `C|scenario|policy|abort %|...`
for slower releases.
"""
import math
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
HOUR = 360  # ticks
SIGMAS = 4.5  # over about a thousand comparisons one beyond this is a surprise
POLICIES_A = {
    "Flagger 99%": "flagger99", "Flagger pb+1pp": "flagger", "Argo pb+1pp": "argo", "Kayenta MW 20/40/60": "kayenta_points",
    "z peek/min p<.01": "zpeek", "z Pocock 60 s": "z60", "z Pocock 10 s + margin": "zmargin", "e-process": "e",
}
POLICIES_C = {"Flagger p99<1.2x": "flagger", "Kayenta p99 points": "kayenta", "z peek p99 exceed": "zpeek",
              "e-process 3 edges": "e"}
RATES = {"1rps": 1, "10rps": 10, "100rps": 100, "1k": 1000, "10k": 10_000}


def scenario_of(title):
    """`bad 100rps pb=1% +2pp late@20min` as numbers."""
    words = title.split()
    fault, kind = 0.0, "steady"
    for word in words[3:]:
        if word.endswith("pp"):
            fault = float(word[:-2]) / 100
        elif not word.startswith("("):
            kind = word.split("@")[0]
    return RATES[words[1]], float(words[2][3:-1]) / 100, fault, kind


def share_differs(count, runs, percent, runs_before):
    """Whether two shares differ by more than chance and rounding explain."""
    before = percent / 100
    pooled = (count + before * runs_before + 1) / (runs + runs_before + 2)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / runs + 1 / runs_before))
    return abs(count / runs - before) > SIGMAS * spread + 0.0006


def mean_differs(figures, before, runs_before):
    spread = figures["harmed_sd"] * math.sqrt(1 / figures["runs"] + 1 / runs_before)
    return abs(figures["harmed"] - before) > SIGMAS * spread + 0.51 + 0.01 * before


def lines():
    return (HERE / "yardstick.txt").read_text(encoding="ascii").splitlines()


def rows():
    for line in lines():
        cells = line.split("|")
        if cells[0] == "A" and cells[2] in POLICIES_A:
            rps, base, fault, kind = scenario_of(cells[1])
            runs = 300 if "Kayenta" in cells[2] else 4000 if fault == 0 else 1000
            yield line, ("fixed", POLICIES_A[cells[2]], rps, base, fault, kind), runs, float(cells[3]), float(cells[4])
        elif cells[0] == "B":
            fault = float(cells[3][:-2]) / 100
            runs = 1000 if fault == 0 else 200
            # It counts a fault that takes the rate above 1 in full.
            base = float(cells[2][:-1]) / 100
            excess = (min(1, base + fault) - base) / fault if fault else 1
            policy = "flagger_silent" if cells[4] == "flagger" else cells[4]
            yield (line, ("whole", policy, float(cells[1]), base, fault, "steady"), runs,
                   float(cells[5]), excess * float(cells[7]))


def compare(player):
    """How many values were compared, and the lines that differ."""
    compared, off = 0, []
    for line, job, runs_before, percent, harmed in rows():
        runs = 300 if job[1].startswith("kayenta") else 1000
        figures = player.play(*job, runs, HOUR)
        compared += 2
        found = f"here {100 * figures['aborted'] / runs:.1f} % aborted, {figures['harmed']:.1f} harmed"
        if share_differs(figures["aborted"], runs, percent, runs_before):
            off.append(f"{line}: {found}")
        elif mean_differs(figures, harmed, runs_before):
            off.append(f"{line}: {found}")
    for line in lines():
        cells = line.split("|")
        if cells[0] != "C":
            continue
        rate, which, slower = cells[1].split()
        job = f"latency {POLICIES_C[cells[2]]} {rate[:-3]} {slower[1:]} {'all' if which == 'all' else 'tail'} 400"
        figures = player.ask(job)
        compared += 1
        if share_differs(figures["aborted"], 400, float(cells[3]), 200 if "Kayenta" in cells[2] else 400):
            off.append(f"{line}: here {figures['aborted'] / 4:.1f} % aborted")
    return compared, off
