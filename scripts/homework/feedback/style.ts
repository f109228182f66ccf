/** The style of feedback and summary, on top of the report's. */
import { css as reportCss } from '../../notebooks/report/html/style';

export const css = `${reportCss}
header { border-top-color: var(--link); }
header .total { color: var(--text); font-size: 1.15rem; font-weight: 600; }
.questions { width: auto; min-width: 60%; margin: 1.2rem 0 2rem; }
th.number, td.number { text-align: right; }
.board { width: auto; margin-bottom: 2rem; }
.badge.partly { background: var(--skipped); }
.badge.wrong, .badge.failed, .badge.missing { background: var(--failed); }
.badge.open { background: var(--faint); }
.row { display: grid; grid-template-columns: minmax(0, 1fr) 17rem; column-gap: 1.5rem; margin: .7rem 0; align-items: start; }
.row > .body { grid-column: 1; min-width: 0; }
.row > .comment { grid-column: 2; }
.prose h1 { font-size: 1.4rem; margin: 1.6rem 0 .4rem; }
.prose h2 { font-size: 1.2rem; }
.prose h3 { font-size: 1.05rem; margin: 1.2rem 0 .4rem; }
.prose p, .prose ul, .prose ol { margin: .4rem 0; }
.prose pre { padding: .5rem .8rem; background: var(--panel); border-radius: .3rem; }
.prose code.formula { white-space: pre-wrap; }
/* Nothing in a formula is painted outside of its box: TeX can shift its parts over the points. */
.prose span.formula { display: inline-block; max-width: 100%; overflow: clip; }
/* What scrolls has no baseline. */
.prose span.formula.long { overflow: auto; vertical-align: middle; }
.prose span.formula.block { display: block; overflow: auto clip; margin: .6rem 0; }
.formula .tml-left { text-align: left; }
.formula .tml-right { text-align: right; }
.prose table { width: auto; }
.answer { border-left: 3px solid var(--link); padding-left: .8rem; }
.who { margin: 0 0 .2rem; font-size: .8rem; font-weight: 600; color: var(--faint); }
.given > summary { padding: .2rem 0; color: var(--faint); font-size: .85rem; }
.check { padding: .6rem .9rem; border: 1px solid var(--line); border-left: 4px solid var(--passed); border-radius: .3rem; }
.check.partly { border-left-color: var(--skipped); }
.check.wrong { border-left-color: var(--failed); }
.check.open { border-left-color: var(--faint); }
.check p { margin: .3rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.check .facts { margin-left: .4rem; }
.check .visible { margin-top: .4rem; }
.note { margin: .4rem 0 0; padding-left: .8rem; border-left: 4px solid var(--skipped); font-size: .9rem; }
.comment { padding: .6rem .9rem; background: var(--marked); border-radius: .3rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.comment .who { color: var(--text); }
.problems { margin: 1rem 0; padding: .6rem .9rem; border: 1px solid var(--skipped); border-radius: .3rem; }
.problems ul { margin: .2rem 0 0; padding-left: 1.2rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: .6rem 0 2rem; }
.figure { display: block; max-width: 100%; margin: 1rem 0; background: #ffffff; border-radius: .3rem; }
@media (max-width: 50rem) {
  .row { grid-template-columns: minmax(0, 1fr); row-gap: .5rem; }
  .row > .comment { grid-column: 1; }
  .pair { grid-template-columns: minmax(0, 1fr); }
}
`;
