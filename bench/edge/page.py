"""The tables of docs/results/edge.md, from the figures of a run."""
import datetime

BEGIN, END = "<!-- figures: written by bench/edge/run -->", "<!-- end of figures -->"
ORDER = ["crossfade", "nginx", "haproxy", "envoy", "caddy", "h2o"]


def cpu(figures):
    return f"{figures['total_us']:.1f} ({figures['user_us']:.1f})"


def tail(figures):
    lost = f", {figures['failed']:.0f} failed" if figures["failed"] else ""
    return f"{figures['p50_us'] / 1000:.2f} / {figures['p99_us'] / 1000:.2f} / {figures['p999_us'] / 1000:.2f}{lost}"


TABLES = [
    ("http", "CPU µs a proxied request: total (of which user)", cpu),
    ("tls", "TLS 1.3: CPU µs a handshake with one request, and a request on a kept connection", cpu),
    ("file", "Static files: CPU µs a request, 64 connections", cpu),
    ("socket echo", "WebSocket: CPU µs a message there and back", cpu),
    ("bytes", "Anonymous resident bytes an idle WebSocket", lambda each: f"{each['bytes']:,.0f}"),
    ("latency", "Latency in ms at a fixed rate, open loop: p50 / p99 / p99.9", tail),
    ("user instructions", "User instructions a proxied request, by callgrind", lambda each: f"{each['instructions']:,.0f}"),
]


def table(prefix, title, show, figures):
    rows = {case: by for case, by in figures.items() if case.startswith(prefix)}
    if not rows:
        return []
    names = [name for name in ORDER if any(name in by for by in rows.values())]
    lines = [f"**{title}**", "", "| | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for case, by in rows.items():
        lines.append(f"| {case} | " + " | ".join(show(by[name]) if name in by else "–" for name in names) + " |")
    return lines + [""]


def render(about):
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    lines = [BEGIN, "", f"`{about['command']}`, {datetime.date.today()}, commit {about['commit']}, {about['cpu']}, "
             f"Linux {about['kernel']}. {versions}.", ""]
    for prefix, title, show in TABLES:
        lines += table(prefix, title, show, about["figures"])
    for name, why in about["not_installed"].items():
        lines += [f"- {name}: not installed, because {why}."]
    return "\n".join(lines + ["", END])


def write(path, about):
    """Replaces what stands between the marks."""
    text = path.read_text()
    head, _, rest = text.partition(BEGIN)
    path.write_text(head + render(about) + rest.partition(END)[2])
