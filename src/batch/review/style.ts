/** Of the page of `batch review`; the colours are those of all pages. */
export const reviewStyle = `
html,body{height:100%}
body{margin:0;display:grid;grid-template-rows:auto minmax(0,1fr);overflow-wrap:anywhere}
h1,h2,h3,p,dl,dd,ul{margin:0;padding:0}
h1{font-size:1.125rem;line-height:1.3;font-weight:600}
h2{font-size:1rem;line-height:1.35;font-weight:600}
button,select,input{font:inherit;font-size:.875rem;color:inherit;background:var(--panel);border:1px solid var(--quiet);border-radius:4px;padding:.25rem .625rem;min-height:2rem}
button{cursor:pointer}
button:hover{border-color:var(--ink)}
button.approve{background:var(--stays-tint);border-color:var(--stays)}
button.reject{background:var(--went-tint);border-color:var(--went)}
button.plain{border:0;background:none;padding:0;min-height:1.5rem;text-decoration:underline;text-decoration-color:var(--quiet);text-underline-offset:.2em}
header{padding:.75rem 1rem;border-bottom:1px solid var(--rule);display:grid;grid-template-columns:minmax(0,1fr) auto;gap:.25rem 1.5rem;align-items:center}
header #totals,#status{font-size:.8125rem;color:var(--quiet)}
#totals{grid-column:1}
#total-bar{grid-column:1/-1}
#status{grid-column:1/-1;min-height:1.25rem}
#status.problem{color:var(--went-text);font-weight:600}
.tools{grid-column:2;grid-row:1/3;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;font-size:.875rem}
svg{display:block;width:100%;overflow:hidden}
.bar{height:.375rem;border-radius:2px}
#total-bar .bar{height:.75rem}
.track{fill:var(--track)}.approved{fill:var(--stays)}.rejected{fill:var(--went)}.open{fill:var(--quiet)}
main{display:grid;grid-template-columns:minmax(17rem,26rem) minmax(0,1fr);min-height:0}
main>section{min-height:0;min-width:0;display:flex;flex-direction:column}
#groups{flex:1;overflow-y:auto;position:relative;border-right:1px solid var(--rule);overflow-x:hidden}
#groups:focus-visible,#hunks:focus-visible{outline-offset:-3px}
.space{position:relative;width:100%}
.group{position:absolute;left:0;right:0;height:88px;padding:.5rem 1rem;border-bottom:1px solid var(--rule);overflow:hidden;cursor:pointer;display:grid;grid-template-rows:2.5em auto auto;gap:.1875rem;font-size:.8125rem;line-height:1.25}
.group[aria-selected=true]{background:var(--panel);box-shadow:inset 4px 0 var(--ink)}
.group b{font-weight:500;overflow:hidden;display:-webkit-box;-webkit-line-clamp:2;-webkit-box-orient:vertical}
.group .facts{display:flex;justify-content:space-between;gap:.5rem;color:var(--quiet);white-space:nowrap;overflow:hidden}
.state{font-weight:600}
.state.approved,.decision.approved{color:var(--stays)}
.state.rejected,.decision.rejected{color:var(--went-text)}
.state.changed{color:var(--went-text)}
#group-head{padding:.75rem 1rem;border-bottom:1px solid var(--rule);display:grid;gap:.5rem}
#group-head .facts,.note{font-size:.8125rem;color:var(--quiet)}
.actions{display:flex;flex-wrap:wrap;gap:.5rem}
.to-open{font-size:.875rem;border-left:3px solid var(--went);padding-left:.75rem;display:grid;gap:.25rem}
.to-open ul{list-style:none;display:flex;flex-wrap:wrap;gap:.125rem 1rem}
#hunks{flex:1;overflow:auto;position:relative;background:var(--panel)}
.row{contain:content;position:absolute;left:0;min-width:100%;height:24px;line-height:24px;white-space:pre;padding:0 1rem;font-size:.8125rem}
.row.line{font:.8125rem/24px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;tab-size:4}
.row.added{background:var(--stays-tint)}.row.removed{background:var(--went-tint)}
.row.at{color:var(--quiet)}
.row.head{height:24px;display:flex;gap:1rem;align-items:center;background:var(--paper);border-block:1px solid var(--rule);font-weight:600;width:100%}
.row.head button{min-height:0;height:24px;line-height:1;padding:0 .5rem;font-weight:400;font-size:.8125rem}
.row.member{display:flex;gap:.625rem;align-items:center}
.row.member input{min-height:0;width:1rem;height:1rem;margin:0}
.row.member .facts{color:var(--quiet)}
.decision{font-weight:600}
dialog{border:1px solid var(--quiet);border-radius:6px;background:var(--paper);color:var(--ink);width:min(72rem,calc(100vw - 2rem));max-height:calc(100vh - 2rem);padding:1rem}
dialog::backdrop{background:rgb(0 0 0/.5)}
#help{width:min(30rem,calc(100vw - 2rem))}
dialog .bar-line{display:flex;flex-wrap:wrap;gap:.5rem;justify-content:space-between;align-items:start;margin-bottom:.75rem}
dl.keys{display:grid;grid-template-columns:auto 1fr;gap:.375rem 1rem}
dl.keys dt{text-align:right}
kbd{border:1px solid var(--quiet);border-radius:3px;padding:0 .375rem;font:inherit;font-size:.8125rem}
table.diff{border-collapse:collapse;width:100%;table-layout:fixed;background:var(--panel);border:1px solid var(--rule)}
table.diff td{padding:0 .375rem;vertical-align:baseline}
table.diff .number{width:3rem;text-align:right;color:var(--quiet);font-size:.75rem;user-select:none}
table.diff .sign{width:1.5rem;text-align:center}
table.diff code{white-space:pre-wrap;tab-size:4}
table.diff .added{background:var(--stays-tint)}table.diff .removed{background:var(--went-tint)}
table.diff .at td{color:var(--quiet);border-block:1px solid var(--rule)}
textarea{width:100%;height:12rem;font:.8125rem/1.4 ui-monospace,monospace;color:inherit;background:var(--panel)}
@media (max-width:48rem){
html,body{height:auto}
header{grid-template-columns:minmax(0,1fr)}
.tools{grid-column:1;grid-row:auto}
.tools label:has(input){flex:1 1 7rem;display:flex;gap:.25rem;align-items:center}
.tools input{width:0;flex:1;min-width:3rem}
main{grid-template-columns:minmax(0,1fr)}
#groups{height:40vh;flex:none;border-right:0;border-bottom:2px solid var(--ink)}
#hunks{height:75vh;flex:none}
dialog{padding:.625rem;width:calc(100vw - 1rem)}
table.diff .number{width:2rem;padding:0}}
@media (forced-colors:active){.bar{border:1px solid CanvasText}.group[aria-selected=true]{outline:2px solid Highlight;outline-offset:-2px}}
@media (prefers-reduced-motion:no-preference){.group{transition:background .1s}}
`;
