/** The report's style: light or dark as the reader has set it, readable on paper and on a phone. */
export const css = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --panel: #f6f8fa; --line: #d8dee4; --text: #1f2328; --faint: #59636e; --link: #0a58b8;
  --passed: #1a7f37; --failed: #c62828; --skipped: #8a6100; --on: #ffffff;
  --stored: #ffebe9; --stored-mark: #ffc1ba; --fresh: #e6f6ea; --fresh-mark: #a8e2b6; --marked: #fff3c4; --bar: #7aa7d9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1318; --panel: #171c23; --line: #323a45; --text: #e4e9ef; --faint: #9aa5b1; --link: #74b0ff;
    --passed: #3fb45e; --failed: #ff7b72; --skipped: #d9a62e; --on: #0f1318;
    --stored: #3a1a1c; --stored-mark: #7c2b2e; --fresh: #12311d; --fresh-mark: #1f6236; --marked: #443a12; --bar: #3f6fa8;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header { padding: 1.5rem max(1.5rem, calc(50vw - 34.5rem)); border-bottom: 1px solid var(--line); border-top: 5px solid var(--passed); background: var(--panel); }
header.failed { border-top-color: var(--failed); }
header p { margin: 0; color: var(--faint); }
h1 { margin: 0 0 .2rem; font-size: 1.6rem; }
h2 { margin: 2rem 0 .6rem; font-size: 1.15rem; }
h4, h5 { margin: 0 0 .3rem; font-size: .85rem; font-weight: 600; }
h5 { color: var(--faint); }
main { max-width: 72rem; margin: 0 auto; padding: 0 1.5rem 4rem; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
pre, code, .diff td { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 2; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-size: .8rem; font-weight: 600; color: var(--faint); }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
.number, .overview th:nth-child(n+3) { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.ranking td:nth-child(-n+2), .overview td:first-child { width: 1%; }
.overview .because td { border-top: 0; padding-top: 0; }
.overview .failing td { border-bottom: 0; }
.reason { color: var(--failed); font-size: .9rem; }
.badge { padding: .05rem .5rem; border-radius: 1rem; font-size: .78rem; font-weight: 600; white-space: nowrap; color: var(--on); background: var(--passed); }
.badge.failed { background: var(--failed); }
.badge.not-run { background: var(--skipped); }
.bar { display: block; width: 7rem; height: .55rem; margin-top: .45rem; border-radius: .3rem; background: var(--panel); overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--bar); }
.notebook { margin: 0 0 .8rem; border: 1px solid var(--line); border-radius: .5rem; }
summary { padding: .6rem 1rem; cursor: pointer; }
.notebook[open] summary { border-bottom: 1px solid var(--line); background: var(--panel); border-radius: .5rem .5rem 0 0; }
.facts { color: var(--faint); font-size: .85rem; font-weight: 400; }
.note { margin: .6rem 1.2rem; color: var(--skipped); }
.cell { padding: .8rem 1rem; border-left: 4px solid transparent; }
.cell + .cell { border-top: 1px solid var(--line); }
.cell.failed { border-left-color: var(--failed); }
.cell:target { background: var(--panel); }
.source { padding: .5rem 0; background: var(--panel); border: 1px solid var(--line); border-radius: .3rem; counter-reset: line; }
.line { display: block; padding: 0 .8rem 0 3.4rem; text-indent: -2.6rem; counter-increment: line; }
.line::before { content: counter(line); display: inline-block; width: 1.8rem; margin-right: .8rem; text-align: right; text-indent: 0; color: var(--faint); user-select: none; }
.line.marked { background: var(--marked); }
.out { display: block; margin: .6rem 0 0; max-width: 100%; }
img.out { background: #ffffff; border-radius: .3rem; }
iframe.out { width: 100%; height: 12rem; border: 1px solid var(--line); background: #ffffff; color-scheme: light; resize: vertical; }
pre.out { padding-left: .8rem; border-left: 2px solid var(--line); }
pre.stderr { border-left-color: var(--skipped); }
.failure { margin: .6rem 0 0; padding: .5rem .8rem .6rem; border: 1px solid var(--failed); border-radius: .3rem; }
.notebook > .failure { margin: .8rem 1rem; }
.failure p { margin: 0; overflow-wrap: anywhere; }
.failure strong { color: var(--failed); }
.failure pre { margin-top: .4rem; color: var(--faint); }
.diff { margin-top: .5rem; table-layout: fixed; border: 1px solid var(--line); }
.diff td { padding: 0 .6rem; border: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.diff td + td, .diff th + th { border-left: 1px solid var(--line); }
.diff .stored { background: var(--stored); }
.diff .fresh { background: var(--fresh); }
.diff mark { color: inherit; border-radius: .15rem; background: var(--stored-mark); }
.diff .fresh mark { background: var(--fresh-mark); }
.diff .cut { color: var(--faint); background: var(--panel); }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; margin-top: .6rem; }
@media print { .notebook { break-inside: avoid-page; } }
`;
