/** How the reports look: by day and by night, on paper, and on a phone. */
const colours = `
:root{color-scheme:light dark;--bg:#faf9f7;--surface:#fff;--ink:#1d1c1a;--muted:#5e5a54;--soft:#4b4741;--line:#ddd8d0;--faint:#f1eee9;--link:#0b5394;--edge:#9a958c;
--add:#1b6e3a;--add-bg:#e3f3e6;--remove:#a3271f;--remove-bg:#fbe6e3;
--g0:#cfe1f5;--g1:#d5ead3;--g2:#f7e3bd;--g3:#f2d5d0;--g4:#e2d8f1;--g5:#cbe9e5;--g6:#e8e3d9;--g7:#f3d9e9;
--plus:#d9843f;--minus:#4f8acb;--grew:#f6cfa6;--added:#eeb071;--shrank:#bcd6f0;--removed:#8fbbe6;--bar:#5b93cf;--rx:#d9843f;--r:#5b93cf;--rw:#4c9f6c}
@media (prefers-color-scheme:dark){:root{--bg:#141518;--surface:#1c1e22;--ink:#e9e6e1;--muted:#aaa69e;--soft:#d2cec7;--line:#383b41;--faint:#25282d;--link:#8cc0f5;--edge:#74787f;
--add:#8fd6a3;--add-bg:#1d3325;--remove:#f2a69d;--remove-bg:#3b2221;
--g0:#23415f;--g1:#294a2d;--g2:#54421b;--g3:#58312d;--g4:#42345b;--g5:#1d4b47;--g6:#3d3a35;--g7:#553049;
--plus:#d98b45;--minus:#5b97d8;--grew:#6b4519;--added:#8a5412;--shrank:#23466b;--removed:#1f5b95;--bar:#4f8acb;--rx:#c9803e;--r:#4f8acb;--rw:#4a9c69}}
@media print{:root{color-scheme:light;--bg:#fff;--faint:#f4f2ee}}
`;

const text = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:12px}
body{margin:0 auto;padding:28px 20px 60px;max-width:1120px;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1{font-size:26px;line-height:1.2;margin:0 0 6px;font-weight:650;overflow-wrap:anywhere}
h2{font-size:19px;margin:44px 0 6px;font-weight:650}
h3{font-size:15px;margin:22px 0 6px}
p{margin:6px 0 10px;max-width:76ch}
.muted,small,figcaption{color:var(--muted)}
a{color:var(--link);text-underline-offset:2px}
a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:1px}
code,pre,.mono,td.v{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12.5px}
code,.mono,td.v{overflow-wrap:anywhere}
pre{margin:8px 0;padding:10px 12px;background:var(--faint);border-radius:6px;overflow-x:auto;line-height:1.45}
nav{margin:14px 0 0;display:flex;flex-wrap:wrap;gap:4px 16px;font-size:14px}
.warning{padding:8px 12px;border-left:4px solid var(--remove);background:var(--remove-bg);border-radius:0 6px 6px 0}
footer{margin-top:56px;padding-top:12px;border-top:1px solid var(--line);color:var(--muted);font-size:13px}
dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:3px 16px;margin:14px 0}
dl.facts dt{color:var(--muted)}
dl.facts dd{margin:0;overflow-wrap:anywhere;min-width:0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--muted);font-size:13px}
th,td{padding:4px 14px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
th:last-child,td:last-child{padding-right:0}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.at{white-space:nowrap;overflow-wrap:normal}
td.where,.where{color:var(--muted);font-size:13px;overflow-wrap:anywhere}
details{border-bottom:1px solid var(--line)}
summary{cursor:pointer;padding:5px 0;overflow-wrap:anywhere}
.line{display:inline-grid;grid-template-columns:1fr max-content;gap:0 12px;width:calc(100% - 20px);vertical-align:top}
.line>.n{color:var(--muted);font-variant-numeric:tabular-nums}
details>:not(summary){margin-left:16px}
details>:last-child{margin-bottom:12px}
`;

const maps = `
figure{margin:14px 0}
figcaption{font-size:13px;margin-top:6px;min-height:20px;overflow-wrap:anywhere}
.tiles{position:relative}
.tile{position:absolute;display:block;overflow:hidden;color:var(--ink);text-decoration:none;border-radius:2px;line-height:1.25}
.tile .tile{border-radius:1px;background:color-mix(in srgb,var(--surface) 42%,transparent)}
.tile>b,.tile>small{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;padding:0 5px;font-size:12px}
.tile>b{padding-top:2px;font-weight:600}
.tile .tile>b{font-weight:400;padding-top:1px}
.tile>small{color:inherit;font-variant-numeric:tabular-nums;font-size:11.5px}
.nest>small{position:absolute;right:0;top:2px}
a.tile:hover{outline:2px solid var(--link);outline-offset:-2px}
.tile .tile:hover{background:color-mix(in srgb,var(--surface) 70%,transparent)}
.zoom{display:none}
.zoom:target{display:block}
.map:has(.zoom:target)>.whole{display:none}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:8px 0 0;padding:0;list-style:none;font-size:13px}
.legend i{display:inline-block;width:12px;height:12px;border-radius:2px;margin-right:6px;vertical-align:-1px}
${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `.g${n}{background:var(--g${n})}`).join("")}
${["grew", "added", "shrank", "removed"].map((name) => `.legend .${name},.tile.${name},.tile .tile.${name}{background:var(--${name})}`).join("")}
#ways:not(:empty){position:sticky;bottom:0;max-height:42vh;overflow-y:auto;padding:4px 16px 10px;border:1px solid var(--line);border-radius:8px 8px 0 0;background:var(--surface);box-shadow:0 -4px 16px rgb(0 0 0/12%)}
#ways h3{margin:8px 0}#ways h3 .line{width:100%}#ways h3 .n{font-weight:400}
.graph{overflow-x:auto;border:1px solid var(--line);border-radius:8px;background:var(--surface)}
.graph svg{display:block;margin:0 auto;max-width:100%;height:auto}
.graph text{font:12px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--ink)}
.graph .need,.graph .size{font-size:11px;fill:var(--soft)}
.graph rect{stroke:var(--line);fill:var(--faint)}
${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `.graph .g${n}{fill:var(--g${n})}`).join("")}
.graph path{fill:none;stroke:var(--edge);stroke-width:1.2}
.graph .said rect{fill:var(--surface);stroke:var(--edge);stroke-dasharray:4 3}
.graph a:hover rect,.graph a:focus rect{stroke:var(--link);stroke-width:2}
.graph.picked path{opacity:.18}
.graph.picked [data-node]{opacity:.4}
.graph.picked .on,.graph.picked [data-node].on{opacity:1}
.graph.picked path.on{stroke:var(--link);stroke-width:2}
.graph.picked a.self rect{stroke:var(--link);stroke-width:2.5}
svg.bar{display:block;width:100%;height:12px}
.bar rect{fill:var(--bar)}
.bar .track{fill:var(--faint)}
.bar .zero{fill:none;stroke:var(--edge);stroke-width:1;vector-effect:non-scaling-stroke}
${["rx", "r", "rw"].map((name) => `.bar .${name}{fill:var(--${name})}.swatch.${name}{background:var(--${name})}`).join("")}
.swatch.zero{border:1px solid var(--edge)}
.bar .plus{fill:var(--plus)}.bar .minus{fill:var(--minus)}
td.wide{width:38%;min-width:90px;vertical-align:middle}
ul.tree,ul.tree ul{list-style:none;margin:0;padding:0}
ul.tree ul{padding-left:16px;border-left:1px solid var(--line)}
ul.tree li>div{display:grid;grid-template-columns:1fr max-content;gap:0 12px;padding:3px 0 1px;font-size:14px}
ul.tree .bar{height:4px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 40px}
`;

const differences = `
.cause{border:1px solid var(--line);border-radius:8px;background:var(--surface);padding:10px 14px;margin:12px 0}
.cause h3{margin:0 0 4px;font-weight:600;overflow-wrap:anywhere}
.cause h3 .kind{font-weight:400;color:var(--muted);margin-right:8px}
.cause ul{margin:6px 0;padding-left:20px}
.cause ul.details{list-style:none;padding-left:8px;border-left:2px solid var(--line);font-size:14px}
.cause li{overflow-wrap:anywhere}
.values{display:grid;grid-template-columns:1fr 1fr;gap:8px;margin:6px 0}
.values>div{border-radius:6px;padding:6px 10px;min-width:0;overflow-wrap:anywhere}
.values .a{background:var(--remove-bg)}.values .b{background:var(--add-bg)}
.values .where{display:block}.values b{font-weight:650}.values .item{display:block}
.values.alone{grid-template-columns:1fr}
pre.patch{padding:8px 0}
pre.patch span{display:block;padding:0 12px;min-width:max-content}
pre.patch .add{background:var(--add-bg);color:var(--add)}
pre.patch .remove{background:var(--remove-bg);color:var(--remove)}
`;

const places = `
@media screen and (max-width:699.98px){body{padding:18px 16px 40px}h1{font-size:22px}.pair,.values{grid-template-columns:1fr}dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin-bottom:6px}
.graph svg{max-width:none;min-width:680px}td.wide{min-width:70px;width:30%}th,td{padding-right:8px}details>:not(summary){margin-left:8px}.optional{display:none}}
@media print{body{max-width:none;padding:0;font-size:11pt}nav,#ways{display:none!important}h2{break-after:avoid}figure,.cause,tr{break-inside:avoid}.zoom:target{display:none}.map:has(.zoom:target)>.whole{display:block}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}pre{white-space:pre-wrap}}
`;

export const style = [colours, text, maps, differences, places].join("");
