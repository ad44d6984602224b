#include "base/duration.h"
#include "base/markup.h"
#include "judge/verdict.h"
#include "report/chart.h"
#include "report/checks.h"
#include "report/forms.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace report {
namespace {

using std::chrono::milliseconds;

std::string since(const Account& account, base::Instant at) {
    return "+" + base::to_text(std::chrono::duration_cast<milliseconds>(at - account.run.begun));
}

std::string_view mood_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::passed:
            return "good";
        case Outcome::failed:
            return "bad";
        case Outcome::skipped:
            return "none";
    }
    return "";
}

std::string tile(std::string_view name, const std::string& value, const std::string& note) {
    return fmt::format("<div class=\"tile\"><b>{}</b><span>{}</span><small>{}</small></div>\n",
                       base::escaped(value), base::escaped(name), base::escaped(note));
}

std::string tiles_of(const Account& account) {
    const engine::PastRun& run = account.run;
    std::string out = "<div class=\"tiles\">\n";
    out += tile("failed requests", std::to_string(run.harm),
                fmt::format("at most {} may", account.plan.guard.harm_max));
    out += tile("took", base::to_text(account.length()),
                fmt::format("from {}", base::to_text(run.begun)));
    if (const Point* last = account.last(); last != nullptr) {
        out += tile("requests on the new release", std::to_string(last->fresh.requests),
                    fmt::format("beside {} on the old one", last->old.requests));
        out += tile("user-minutes on it", fmt::format("{:.1f}", user_minutes(account)),
                    "open sockets over time");
    }
    return out + "</div>\n";
}

std::string rows_of(const std::vector<std::vector<std::string>>& rows) {
    std::string out;
    for (const auto& row : rows) {
        out += "<tr>";
        for (const std::string& cell : row) out += "<td>" + cell + "</td>";
        out += "</tr>\n";
    }
    return out;
}

std::string table(std::string_view title, const std::vector<std::string>& head,
                  const std::vector<std::vector<std::string>>& body) {
    if (body.empty()) return {};
    std::string out = fmt::format("<h2>{}</h2>\n<table>\n<thead><tr>", base::escaped(title));
    for (const std::string& cell : head)
        out += fmt::format("<th scope=\"col\">{}</th>", base::escaped(cell));
    return out + "</tr></thead>\n<tbody>\n" + rows_of(body) + "</tbody></table>\n";
}

std::string checks_table(const Account& account) {
    std::vector<std::vector<std::string>> body;
    for (const Check& check : checks_of(account)) {
        body.push_back({fmt::format("<span class=\"pill {}\">{}</span>", mood_of(check.outcome),
                                    name_of(check.outcome)),
                        base::escaped(check.suite), base::escaped(check.name),
                        base::escaped(check.said),
                        check.took.count() > 0 ? base::escaped(base::to_text(check.took)) : ""});
    }
    return table("What was checked", {"outcome", "of", "check", "seen", "took"}, body);
}

std::string course_table(const Account& account) {
    std::vector<std::vector<std::string>> body;
    for (const Share& share : account.shares) {
        body.push_back(
            {base::escaped(since(account, share.at)),
             fmt::format("{:g} %", static_cast<double>(share.share.value) / 10),
             share.real_at ? base::escaped(since(account, *share.real_at)) : "not observed"});
    }
    return table("Shares of new requests", {"set", "for the new release", "observed"}, body);
}

std::string verdicts_table(const Account& account) {
    std::vector<std::vector<std::string>> body;
    const judge::Verdict* before = nullptr;
    for (const Judgement& each : account.judgements) {
        // A verdict that says the same as the one before is no news.
        const bool same = before != nullptr && before->word == each.verdict.word &&
                          before->metric == each.verdict.metric;
        before = &each.verdict;
        if (same) continue;
        body.push_back({base::escaped(since(account, each.at)),
                        std::string(judge::name_of(each.verdict.word)),
                        base::escaped(each.verdict.metric), base::escaped(each.verdict.reason)});
    }
    return table("What the judge said", {"when", "verdict", "metric", "because"}, body);
}

std::string people_table(const Account& account) {
    std::vector<std::vector<std::string>> body;
    for (const Wish& wish : account.wishes) {
        body.push_back({base::escaped(since(account, wish.at)), base::escaped(wish.by),
                        base::escaped(wish.verb) +
                            (wish.taken ? "" : ", does not count: " + base::escaped(wish.why_void)),
                        base::escaped(wish.argument)});
    }
    return table("What people did", {"when", "who", "what", "for"}, body);
}

std::string proof_of(const Account& account) {
    return fmt::format(
        "<h2>Proof</h2>\n<dl>\n<dt>plan</dt><dd><code>{}</code></dd>\n<dt>artifact</dt><dd>"
        "<code>{}</code></dd>\n<dt>journal</dt><dd>record {}, <code>{}</code></dd>\n</dl>\n"
        "<p class=\"note\">Whoever knows this head finds any later change of the journal up to it: "
        "<code>crossfade audit verify --head {}:{}</code></p>\n",
        account.run.plan.hex(), account.run.release.artifact.hex(), account.head.index,
        account.head.hash.hex(), account.head.index, account.head.hash.hex());
}

std::string plan_of(const Account& account) {
    return fmt::format(
        "<details><summary>The plan as it was reviewed</summary>\n<pre>{}</pre>\n</details>\n",
        base::escaped(release::plan_to_text(account.plan)));
}

}  // namespace

std::string page_of(const Account& account, Style style) {
    const engine::PastRun& run = account.run;
    const std::string from = run.before ? to_text(run.before->version) + " → " : "";
    const std::string title =
        fmt::format("{} {}{}", account.plan.application, from, to_text(run.release.version));
    const std::string sheet = style == Style::beside
                                  ? "<link rel=\"stylesheet\" href=\"report.css\">"
                                  : fmt::format("<style>{}</style>", style_sheet());
    std::string out = fmt::format(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
        "name=\"viewport\" "
        "content=\"width=device-width\">\n<title>{}</title>\n{}\n</head>\n<body>\n"
        "<main>\n<p class=\"sub\">{}</p>\n<h1 class=\"{}\">{}</h1>\n<p>{}</p>\n",
        base::escaped(title), sheet,
        base::escaped(fmt::format("{}, {} {}{}, by {}", title, release::name_of(run.strategy),
                                  run.is_rollback ? "rollback " : "", run.id, run.actor)),
        account.succeeded() ? "good" : "bad", base::escaped(account.sentence),
        base::escaped(run.reason));
    out += tiles_of(account);
    out += charts_of(account);
    out += checks_table(account) + course_table(account) + verdicts_table(account) +
           people_table(account) + plan_of(account) + proof_of(account);
    return out + "</main>\n</body>\n</html>\n";
}

std::string_view style_sheet() {
    return R"css(:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2027;--soft:#5b6675;--line:#e2e6ec;
--good:#0f7353;--goodbg:#e4f5ee;--bad:#b51f34;--badbg:#fdeaec;--new:#2f5fd0;--old:#94560b}
@media(prefers-color-scheme:dark){:root{--bg:#0f1216;--card:#171c22;--ink:#e7ebf0;--soft:#a3aebb;--line:#29313b;
--good:#4fd0a1;--goodbg:#12302a;--bad:#ff7384;--badbg:#3a1a20;--new:#7ba2ff;--old:#f5a65b}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,Arial,sans-serif}
main{max-width:1060px;margin:0 auto;padding:28px 20px 60px}
h1{font-size:27px;line-height:1.25;margin:0 0 6px}h1.good{color:var(--good)}h1.bad{color:var(--bad)}
h2{font-size:17px;margin:30px 0 8px}.sub,.note{color:var(--soft);margin:0 0 6px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:10px;margin:18px 0}
.tile,figure,table,pre{background:var(--card);border:1px solid var(--line);border-radius:10px}
.tile{padding:12px 14px}.tile b{display:block;font-size:23px;font-variant-numeric:tabular-nums}
.tile small{display:block;color:var(--soft)}
table{border-collapse:separate;border-spacing:0;width:100%;font-variant-numeric:tabular-nums}
th{color:var(--soft);font-weight:550;font-size:13px;text-align:left;padding:8px 12px}
td{padding:7px 12px;border-top:1px solid var(--line);vertical-align:baseline;overflow-wrap:anywhere}
.pill{border-radius:99px;padding:1px 9px;font-size:13px}.pill.good{background:var(--goodbg);color:var(--good)}
.pill.bad{background:var(--badbg);color:var(--bad)}.pill.none{color:var(--soft)}
figure{margin:0 0 10px;padding:10px 14px}figcaption{font-size:14px}figcaption b.new{color:var(--new)}
figcaption b.old{color:var(--old)}svg{display:block;width:100%;height:auto}
.axis{stroke:var(--line)}.tick{fill:var(--soft);font-size:11px}
.new{color:var(--new)}.old{color:var(--old)}.line{fill:none;stroke:currentColor;stroke-width:1.8}
.area{fill:currentColor;fill-opacity:.2;stroke:currentColor}.old.line{stroke-dasharray:6 3}.turn{stroke:var(--bad);stroke-dasharray:3 3}
pre{padding:12px 14px;overflow-x:auto;font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
code{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
summary{cursor:pointer;font-weight:600;padding:8px 0}dt{color:var(--soft)}dd{margin:0 0 6px}
)css";
}

}  // namespace report
