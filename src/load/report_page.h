#pragma once
// The HTML report's style and script. Both are inlined: the report is one file.

#include <string_view>

namespace load {

inline constexpr std::string_view kReportStyle = R"css(
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2027;--soft:#667080;--line:#e2e6ec;--good:#12805c;
--goodbg:#e4f5ee;--bad:#c5283d;--badbg:#fdeaec;--warn:#b7720d;--c0:#3566d6;--c1:#169b73;--c2:#8b5cd6;--c3:#d9822b;
--c4:#0f8fb3;--c5:#c2458f;--c6:#6b8e23;--c7:#7a6a58;--tick:#7b8594}
@media(prefers-color-scheme:dark){:root{--bg:#0f1216;--card:#171c22;--ink:#e7ebf0;--soft:#98a3b1;--line:#29313b;--good:#4fd0a1;
--goodbg:#12302a;--bad:#ff7384;--badbg:#3a1a20;--warn:#f0b45b;--c0:#7ba2ff;--c1:#45cfa3;--c2:#b794f6;--c3:#f5a65b;
--c4:#4cc4e6;--c5:#f083c2;--c6:#a9cc5c;--c7:#b9a892;--tick:#8390a0}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1120px;margin:0 auto;padding:28px 20px 60px}
h1{font-size:15px;font-weight:600;color:var(--soft);margin:0 0 6px;letter-spacing:.01em}
.verdict{font-size:29px;line-height:1.25;font-weight:680;letter-spacing:-.015em;margin:0 0 8px}
.verdict{text-wrap:balance}.verdict.good{color:var(--good)}.verdict.bad{color:var(--bad)}
.sub{color:var(--soft);margin:0 0 22px}
h2{font-size:17px;margin:34px 0 10px;letter-spacing:-.005em}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(225px,1fr));gap:10px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 14px}
.tile b{display:block;font-size:25px;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
.tile.good b{color:var(--good)}.tile.bad{background:var(--badbg)}.tile.bad b{color:var(--bad)}
.tile span{font-size:13px}.tile small{display:block;color:var(--soft);font-size:12px;line-height:1.35;margin-top:3px}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:4px 16px;overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-weight:550;color:var(--soft);font-size:12.5px;text-align:left;padding:9px 12px 7px 0;white-space:nowrap}
td{padding:8px 12px 8px 0;border-top:1px solid var(--line);vertical-align:baseline}
th.n,td.n{text-align:right}td.ours{font-weight:650;white-space:nowrap}td.note,.note{color:var(--soft);font-size:13px}
td.better{color:var(--good)}td.worse{color:var(--bad)}
.pill{display:inline-block;border-radius:99px;padding:1px 9px;font-size:12.5px;font-weight:550;white-space:nowrap}
.pill.good{background:var(--goodbg);color:var(--good)}.pill.bad{background:var(--badbg);color:var(--bad)}
.plot{margin:0 0 10px;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 12px 4px;position:relative}
figcaption{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;font-size:13.5px;padding:0 4px 4px}
.unit{color:var(--soft);margin-left:-8px}.about{color:var(--soft);margin-left:auto;font-size:12.5px}
.key{color:var(--soft);font-size:12.5px}.key i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:5px;background:currentColor}
svg{display:block;width:100%;height:auto;overflow:visible}
.grid{stroke:var(--line);stroke-width:1}.tick{fill:var(--tick);font-size:11px}
.line{fill:none;stroke:currentColor;stroke-width:1.7;stroke-linejoin:round}
.area{fill:currentColor;fill-opacity:.28;stroke:currentColor;stroke-width:1.2}.bar{fill:currentColor}
.c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}
.c6{color:var(--c6)}.c7{color:var(--c7)}.bad{color:var(--bad)}.warn{color:var(--warn)}.soft{color:var(--soft)}
.tile.bad,.tile.good{color:inherit}
.band,.block{fill:var(--soft);fill-opacity:.1}.block{fill-opacity:.22}.label{fill:var(--ink);font-size:11px}
.k-publish_assets{fill:var(--c4)}.k-prepare,.k-scale_up{fill:var(--c7)}.k-test{fill:var(--c2)}.k-shift{fill:var(--c0)}
.k-bake{fill:var(--c1)}.k-drain{fill:var(--c3)}.k-replace{fill:var(--c5)}.k-rollback,.k-bad{fill:var(--bad)}.k-good{fill:var(--good)}
.band.k-rollback{fill-opacity:.16}
details{margin-top:10px}summary{cursor:pointer;font-weight:600;font-size:14.5px;padding:6px 0}
code{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:13px;margin-top:34px;border-top:1px solid var(--line);padding-top:14px}
#tip{position:fixed;pointer-events:none;background:var(--ink);color:var(--bg);border-radius:7px;padding:6px 10px;font-size:12.5px;
display:none;z-index:9;white-space:nowrap;font-variant-numeric:tabular-nums}
.cursor{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3;display:none}
@media print{.plot,.card,.tile{break-inside:avoid}}
)css";

inline constexpr std::string_view kReportScript = R"js(
(() => {
  const left = 54, right = 10, width = 1000;
  const tip = document.getElementById('tip');
  const plots = [...document.querySelectorAll('svg[data-values]')].map(svg => {
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    line.setAttribute('class', 'cursor');
    line.setAttribute('y1', 8);
    line.setAttribute('y2', 168);
    svg.append(line);
    const names = [...svg.parentNode.querySelectorAll('.key')].map(key => key.textContent);
    return {svg, line, names, values: JSON.parse(svg.dataset.values), seconds: +svg.dataset.seconds};
  });
  const hide = () => {
    tip.style.display = 'none';
    for (const plot of plots) plot.line.style.display = 'none';
  };
  for (const plot of plots) {
    plot.svg.addEventListener('mouseleave', hide);
    plot.svg.addEventListener('mousemove', event => {
      const box = plot.svg.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * width;
      const second = Math.floor((x - left) / (width - left - right) * plot.seconds);
      if (second < 0 || second >= plot.seconds) return hide();
      const at = left + (second + 0.5) / plot.seconds * (width - left - right);
      for (const other of plots) {
        other.line.setAttribute('x1', at);
        other.line.setAttribute('x2', at);
        other.line.style.display = 'inline';
      }
      tip.replaceChildren();
      const row = text => tip.append(Object.assign(document.createElement('div'), {textContent: text}));
      row(Math.floor(second / 60) + ':' + String(second % 60).padStart(2, '0'));
      plot.names.forEach((name, i) => {
        const value = plot.values[i][second];
        if (value !== null && value !== undefined) row(name + '  ' + value);
      });
      tip.style.display = 'block';
      tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + 'px';
      tip.style.top = event.clientY + 14 + 'px';
    });
  }
})();
)js";

}  // namespace load
