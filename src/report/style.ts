/**
 * Of all pages, that of `batch review` among them. One colour for what stays, one for what
 * goes, and ink: where text stands on a colour, the pair has a contrast of at least 4.5 to 1
 * in the light and in the dark.
 */
export const palette = `
:root{color-scheme:light dark;
--paper:#fbfaf7;--panel:#fff;--ink:#1f1d1a;--quiet:#615c55;--rule:#e3dfd7;--track:#edeae3;--focus:#1f1d1a;
--stays:#1f5f74;--stays-tint:#e3eff2;--came:#5796a9;
--went:#c9573a;--went-text:#a23d22;--went-tint:#faeae4;
--tint-1:#f8e1d9;--tint-2:#f2c9bc;--tint-3:#e9ab98;--on-tint:#36150b}
@media screen and (prefers-color-scheme:dark){:root{
--paper:#171614;--panel:#1e1d1a;--ink:#ece8e0;--quiet:#a9a399;--rule:#35322d;--track:#2a2824;--focus:#ece8e0;
--stays:#74bfd6;--stays-tint:#182b31;--came:#3f8499;
--went:#e27b5f;--went-text:#f0967d;--went-tint:#35201a;
--tint-1:#3d251d;--tint-2:#563023;--tint-3:#75402f;--on-tint:#fdebe5}}
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;font-variant-numeric:tabular-nums lining-nums}
code{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-variant-ligatures:none}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:2px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
`;

/** Of the pages that are reports. */
export const style = `${palette}body{margin:0 auto;max-width:82rem;padding:2.5rem 1.25rem 4rem;overflow-wrap:anywhere}
h1,h2,h3,p,ul,ol,dl,dd,table{margin:0;padding:0}
ul,ol{list-style:none}
h1{font-size:clamp(1.375rem,1rem + 1.6vw,2rem);line-height:1.2;font-weight:600;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.125rem;line-height:1.3;font-weight:600;margin-bottom:.75rem}
h3{font-size:.9375rem;font-weight:600}
small,.note,.facts,.eyebrow,nav,footer,caption,.legend{font-size:.8125rem;color:var(--quiet)}
a{color:inherit;text-underline-offset:.2em;text-decoration-color:var(--rule)}
a:hover{text-decoration-color:currentColor}main:focus{outline:none}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--ink);color:var(--paper);padding:.5rem 1rem;z-index:1}
header{display:grid;gap:1.5rem}
.eyebrow code{color:inherit}
.mark{display:inline-grid;place-items:center;width:1.3em;height:1.3em;border-radius:50%;font-size:.75em;vertical-align:.08em;border:2px solid var(--ink)}
.mark.other{background:var(--ink);color:var(--paper)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1.25rem 2rem;border-block:1px solid var(--rule);padding-block:1.25rem}
.figures dt{font-size:.8125rem;color:var(--quiet)}
.figures dd{font-size:1.25rem;line-height:1.35}
.figures .was,.figures .arrow{color:var(--quiet)}
.figures .arrow{margin-right:.25em}
.figures strong{font-weight:600;white-space:nowrap}
.figures small{display:block}
svg{display:block;width:100%;overflow:hidden}
.stays{fill:var(--stays)}.went{fill:var(--went)}.came{fill:var(--came)}.track{fill:var(--track)}
.bar{height:.625rem;border-radius:2px}
.images{display:grid;gap:.625rem}
.images li{display:grid;grid-template-columns:3.5rem 1fr 6rem;column-gap:.75rem;align-items:center}
.images .bar{height:1.5rem}
.images .size{text-align:right;font-weight:600}
.images .facts{grid-column:2/-1}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-top:-.75rem}
.legend li{display:flex;align-items:center;gap:.4rem}
.key{width:.75rem;height:.75rem;border-radius:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
nav a{display:inline-block;padding:.25rem 0}
main{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:3rem 2.5rem;margin-top:2.5rem}
section{grid-column:1/-1;min-width:0;border-top:2px solid var(--ink);padding-top:.75rem;scroll-margin-top:1rem}
section.half{grid-column:auto}
section>*+table,section>*+ul,section>*+ol,section>*+.columns,section>*+h3{margin-top:1rem}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:2rem 2.5rem}
.layers{margin-top:.75rem}
.layers>li{display:grid;grid-template-columns:1.75rem 5rem minmax(0,1fr);gap:.25rem .75rem;align-items:center;padding:.5rem 0;border-top:1px solid var(--rule);break-inside:avoid}
.layers .index{font-size:.8125rem;color:var(--quiet);text-align:right}
.layers .size{text-align:right;font-size:.875rem}
.layers .what{grid-column:3;line-height:1.4}
.layers code{line-height:1.45}
.layers .facts{display:block}
.layers>.folded{display:block;padding-left:1rem}
.folded .layers{margin-left:-1rem}
.folded summary .facts{display:inline}
details summary{cursor:pointer}
details>code{display:block;margin:.375rem 0;padding-left:.75rem;border-left:2px solid var(--rule);white-space:pre-wrap}
.treemap{position:relative;height:27.5rem;margin-top:1rem}
.treemap li{position:absolute;padding:1px;container-type:size}
.cell{display:flex;flex-direction:column;width:100%;height:100%;padding:.3rem .4rem;overflow:hidden;border-radius:2px;color:var(--on-tint);text-decoration:none;line-height:1.3;font-size:.8125rem;overflow-wrap:normal;white-space:nowrap}
.cell>*{overflow:hidden;text-overflow:ellipsis;flex:none}
.cell .folder{font-size:.75rem}
.cell b{font-weight:600}
.cell .amount{font-size:.75rem}
.tint-1{background:var(--tint-1)}.tint-2{background:var(--tint-2)}.tint-3{background:var(--tint-3)}
.cell:hover{text-decoration:underline}
.cell:focus-visible{outline-offset:-3px}
@container (max-height:4rem){.cell .folder{display:none}}
@container (max-height:2.9rem){.cell .amount{display:none}}
@container (max-height:1.75rem){.cell{justify-content:center;padding-block:0;font-size:.6875rem;line-height:1}}
@container (max-width:7.5rem){.cell .share{display:none}}
@container (max-width:3.25rem) and (min-height:5rem){.cell{writing-mode:vertical-rl;padding:.4rem .1rem}.cell .folder{display:none}}
@container (max-width:3.25rem) and (max-height:5rem){.cell{padding-inline:.15rem;font-size:.6875rem}.cell .folder,.cell .amount{display:none}}
@container (max-width:2.1rem){.cell{padding-inline:0;font-size:.6875rem;line-height:1}.cell .amount{display:none}}
table{width:100%;border-collapse:collapse;font-size:.875rem}
caption{text-align:left;padding-bottom:.375rem}
.folders th,.folders td{padding:.375rem 0 .375rem .75rem;text-align:right;vertical-align:top;border-top:1px solid var(--rule);font-weight:400;white-space:nowrap}
.folders th:first-child{text-align:left;padding-left:0;white-space:normal}
.folders thead th{color:var(--quiet);font-size:.8125rem;border:0}
.folders+.folders{margin-top:1.75rem}
tr:target{background:var(--went-tint);outline:2px solid var(--went);outline-offset:-1px}
tr{scroll-margin:4rem}
.diff{background:var(--panel);border:1px solid var(--rule);border-radius:3px;table-layout:fixed;margin-top:.75rem}
.diff td{padding:0 .25rem;vertical-align:top;line-height:1.5}
.diff col.number{width:2.5rem}.diff col.sign{width:1.25rem}
.diff td.number{text-align:right;color:var(--quiet);font-size:.75rem;user-select:none}
.diff td.sign{text-align:center;font-family:ui-monospace,monospace}
.diff .text code{white-space:pre-wrap;tab-size:4}
.diff ins,.diff del{text-decoration:none}
.diff .removed{background:var(--went-tint)}.diff .added{background:var(--stays-tint)}
.diff .hunk td{color:var(--quiet);border-block:1px solid var(--rule);padding:.125rem .5rem}
.diff tr.hunk:first-child td{border-top:0}
.diff .remark{color:var(--quiet)}
.differences li,.remedies li{display:grid;grid-template-columns:6.5rem 6rem minmax(0,1fr);gap:.125rem .75rem;align-items:baseline;padding:.375rem 0;border-top:1px solid var(--rule);break-inside:avoid;font-size:.875rem}
.remedies li{grid-template-columns:5rem minmax(0,1fr)}
.remedies .size{text-align:right}
.differences{margin:.375rem 0 1.25rem}
.judgement{font-size:.8125rem;color:var(--quiet)}
.judgement.differs{color:var(--went-text);font-weight:600}
.kind{font-size:.8125rem;color:var(--quiet)}
.reason{margin-top:.5rem}
footer{margin-top:3rem;border-top:1px solid var(--rule);padding-top:.75rem}
@media (max-width:64rem){section.half{grid-column:1/-1}}
@media (max-width:40rem){
body{padding:1.25rem 1rem 3rem}
.figures{grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem}
.figures dd{font-size:1.0625rem}
.images li{grid-template-columns:1fr auto;row-gap:.25rem}
.images .bar,.images .facts{grid-column:1/-1;order:1}
.layers>li{grid-template-columns:1.25rem 4.25rem minmax(0,1fr);column-gap:.5rem}
.layers .what{grid-column:2/-1}
.treemap{height:34rem}
.diff col.number{width:1.875rem}.diff td{padding-inline:.125rem}
.differences li{grid-template-columns:auto 1fr}
.differences .sentence{grid-column:1/-1}}
@media (forced-colors:active){.cell,.bar,.key{border:1px solid CanvasText}}
@media print{
html{font-size:11px}
body{padding:0;max-width:none}
nav,.skip{display:none}
section.half{grid-column:1/-1}
.cell,.diff tr,tr:target{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.treemap,.figures,.images{break-inside:avoid}
h2,h3{break-after:avoid}}
`;
