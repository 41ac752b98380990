/** What the console adds to the style of all pages: a rail, a clock that stays in view, and the density of a tool. */
export const CONSOLE_STYLES = `
.console { flex: 1; display: grid; grid-template-columns: minmax(0, 1fr); grid-template-rows: auto auto 1fr; }
.bar { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; padding: 8px 24px; background: var(--page); border-bottom: 1px solid var(--line); }
.bar form { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; }
.bar button { min-height: 32px; padding: 3px 10px; }
.bar input { min-height: 32px; padding: 3px 10px; font-size: 14px; line-height: 20px; width: 200px; }
.brand { font-weight: 600; color: var(--text); text-decoration: none; }
.now { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: baseline; font-size: 14px; line-height: 20px; }
.rail { border-bottom: 1px solid var(--line); overflow-x: auto; }
.rail ul { display: flex; gap: 4px; padding: 8px 16px; }
.rail a { display: block; padding: 6px 8px; border-radius: var(--radius); font-size: 14px; line-height: 20px; color: var(--muted); text-decoration: none; white-space: nowrap; }
.rail a:hover { color: var(--text); background: var(--panel); }
.rail a[aria-current] { color: var(--text); font-weight: 600; background: var(--panel); }
.console main { padding: 24px; display: grid; gap: 24px; align-content: start; max-width: 1100px; min-width: 0; }
.console main > *, .split > * { min-width: 0; }
.console table { font-size: 14px; }
.console th, .console td { padding: 8px; }
.console td a { white-space: nowrap; }
.filters { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; }
.filters input, .filters select { min-height: 40px; padding-top: 7px; padding-bottom: 7px; width: auto; }
.split { display: grid; gap: 24px; grid-template-columns: minmax(0, 1fr); align-items: start; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; font-size: 14px; line-height: 20px; }
.facts dt { color: var(--muted); }
.facts dd { overflow-wrap: anywhere; }
.facts .number { white-space: normal; }
.facts code, .crumbs code, .timeline code, h1 code { font: 12px/20px var(--mono); }
h1 code { font-size: 16px; overflow-wrap: anywhere; }
.crumbs { font-size: 14px; line-height: 20px; color: var(--muted); }
.timeline { display: grid; gap: 0; border-left: 2px solid var(--line); margin-left: 4px; }
.timeline > li { position: relative; padding: 0 0 16px 16px; font-size: 14px; line-height: 20px; display: grid; gap: 2px; }
.timeline > li::before { content: ""; position: absolute; left: -5px; top: 6px; width: 8px; height: 8px; border-radius: 50%; background: var(--edge); }
details > summary { cursor: pointer; font-size: 14px; line-height: 20px; color: var(--accent); width: fit-content; }
pre { margin: 8px 0 0; padding: 12px; overflow: auto; max-height: 480px; font: 12px/20px var(--mono); background: var(--panel); border: 1px solid var(--line); border-radius: var(--radius); tab-size: 2; }
.tiles { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(136px, 1fr)); }
.tiles a { display: grid; gap: 4px; padding: 12px 16px; border: 1px solid var(--line); border-radius: var(--radius); color: inherit; text-decoration: none; font-size: 14px; line-height: 20px; }
.tiles a:hover { background: var(--panel); }
.tiles strong { font-size: 20px; line-height: 28px; font-variant-numeric: tabular-nums; }
@media (min-width: 860px) {
  .console { grid-template-columns: 184px minmax(0, 1fr); grid-template-rows: auto 1fr; }
  .bar { grid-column: 1 / -1; }
  .rail { overflow: visible; border-bottom: 0; border-right: 1px solid var(--line); }
  .rail ul { display: grid; padding: 16px 12px; position: sticky; top: 56px; }
  .console main { padding: 24px 32px 64px; }
  .split { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
}
`
