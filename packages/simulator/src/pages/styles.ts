/** One style sheet for all hosted pages; light and dark from the same tokens. Sizes 12/14/16/20/28 on a 4 px grid. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --panel: #f7f7f8; --text: #18181b; --muted: #52525b; --line: #e4e4e7; --edge: #85858f;
  --accent: #4338ca; --on-accent: #ffffff; --accent-hover: #3730a3; --accent-soft: #eef2ff;
  --green: #166534; --green-soft: #dcfce7; --amber: #854d0e; --amber-soft: #fef3c7; --red: #b91c1c; --red-soft: #fee2e2;
  --blue: #1d4ed8; --blue-soft: #dbeafe; --grey: #3f3f46; --grey-soft: #ececef;
  --strip: #18181b; --on-strip: #fafafa; --strip-line: #52525b;
  --radius: 8px;
  --font: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0c0c0f; --panel: #151518; --text: #fafafa; --muted: #a8a8b3; --line: #2c2c32; --edge: #757580;
    --accent: #a5b4fc; --on-accent: #1e1b4b; --accent-hover: #c7d2fe; --accent-soft: #1e1f3a;
    --green: #86efac; --green-soft: #12301f; --amber: #fcd34d; --amber-soft: #33270b; --red: #fca5a5; --red-soft: #3b1618;
    --blue: #93c5fd; --blue-soft: #15264a; --grey: #d4d4d8; --grey-soft: #2a2a2f;
    --strip: #26262b; --on-strip: #fafafa; --strip-line: #5f5f69;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; background: var(--page); color: var(--text); font: 16px/24px var(--font); display: flex; flex-direction: column; }
h1, h2, h3, p, ul, ol, dl, dd, fieldset, figure { margin: 0; padding: 0; border: 0; }
ul, ol { list-style: none; }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; letter-spacing: -0.01em; }
h2 { font-size: 16px; line-height: 24px; font-weight: 600; }
h3 { font-size: 16px; line-height: 24px; font-weight: 600; }
a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px; }
a:hover { color: var(--accent-hover); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main { flex: 1; width: 100%; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.muted { color: var(--muted); }
.small { font-size: 14px; line-height: 20px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.strip { background: var(--strip); color: var(--on-strip); font-size: 14px; line-height: 20px; padding: 12px 24px; }
.strip > div { max-width: 1100px; margin: 0 auto; display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
.strip ul { display: flex; flex-wrap: wrap; gap: 8px; }
.strip a { display: inline-flex; align-items: baseline; gap: 8px; padding: 2px 10px; border: 1px solid var(--strip-line); border-radius: 999px; color: inherit; text-decoration: none; }
.strip a:hover { border-color: currentColor; }
.strip :focus-visible { outline-color: var(--on-strip); }
.strip code { font: 12px/20px var(--mono); opacity: 0.85; }

.columns { display: grid; grid-template-columns: 1fr; }
.columns > * { padding: 32px 24px; }
.columns > * > .inner { width: 100%; max-width: 480px; margin: 0 auto; }
.order { background: var(--panel); border-bottom: 1px solid var(--line); }
@media (min-width: 860px) {
  .columns { grid-template-columns: 1fr 1fr; }
  .columns > * { padding: 64px 48px; }
  .order { border-bottom: 0; border-right: 1px solid var(--line); }
  .order > .inner { margin-right: 0; max-width: 440px; }
  .payment > .inner { margin-left: 0; max-width: 440px; }
}
.single { max-width: 1100px; margin: 0 auto; padding: 32px 24px 64px; display: grid; gap: 32px; align-content: start; }
.single > *, .block > * { min-width: 0; }
.single.medium { max-width: 760px; }
.single.narrow { max-width: 560px; }
@media (min-width: 860px) { .single { padding-top: 48px; } }

.back { display: inline-block; margin-bottom: 24px; font-size: 14px; line-height: 20px; color: var(--muted); text-decoration: none; }
.back:hover { color: var(--text); text-decoration: underline; }
.price { font-size: 28px; line-height: 36px; font-weight: 600; letter-spacing: -0.02em; margin: 4px 0; }
.price small { font-size: 16px; line-height: 24px; font-weight: 400; letter-spacing: 0; color: var(--muted); }
.sums { margin-top: 32px; font-size: 14px; line-height: 20px; }
.sums > div { display: flex; justify-content: space-between; gap: 16px; padding: 12px 0; border-top: 1px solid var(--line); }
.sums > div:first-child { border-top: 0; }
.sums dt { min-width: 0; overflow-wrap: anywhere; }
.sums dt span { display: block; color: var(--muted); }
.sums dd { text-align: right; }
.sums.flat { margin-top: 0; }
.sums.flat > div:first-child { padding-top: 0; }
.sums.flat > div:last-child { padding-bottom: 0; }
.sums .total { font-weight: 600; font-size: 16px; line-height: 24px; }

.box { border: 1px solid var(--line); border-radius: var(--radius); }
.box > * { padding: 16px 20px; border-top: 1px solid var(--line); }
.box > :first-child { border-top: 0; }
.row { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 8px 16px; }
.row > :first-child { min-width: 0; overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.stack { display: grid; gap: 16px; }
.tight { display: grid; gap: 4px; }
.block { display: grid; gap: 12px; }

form.fields, .typed { display: grid; gap: 16px; }
form.fields:has(input[name="saved_card"]:checked:not([value=""])) .typed { display: none; }
form.fields:has(input[type="radio"][name="method"]:checked) .typed { display: none; }
form.fields:has(input[type="radio"][name="method"][value="card"]:checked) .for-card,
form.fields:has(input[type="radio"][name="method"][value="bacs_debit"]:checked) .for-bacs_debit,
form.fields:has(input[type="radio"][name="method"][value="sepa_debit"]:checked) .for-sepa_debit,
form.fields:has(input[type="radio"][name="method"][value="us_bank_account"]:checked) .for-us_bank_account { display: grid; }
fieldset.fields { display: grid; gap: 16px; min-width: 0; }
fieldset.fields > legend { font-size: 16px; line-height: 24px; font-weight: 600; padding-bottom: 0; margin-bottom: 12px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; align-items: start; }
.field { display: grid; gap: 4px; min-width: 0; }
label, legend, .label { font-size: 14px; line-height: 20px; font-weight: 500; }
legend { padding: 0 0 8px; }
input, select, textarea {
  width: 100%; min-height: 44px; padding: 9px 12px; font: inherit; color: inherit; background: var(--page);
  border: 1px solid var(--edge); border-radius: var(--radius); appearance: none;
}
textarea { min-height: 88px; resize: vertical; }
select {
  padding-right: 36px;
  background-image: linear-gradient(45deg, transparent 50%, var(--muted) 50%), linear-gradient(135deg, var(--muted) 50%, transparent 50%);
  background-position: right 17px top 19px, right 12px top 19px; background-size: 5px 5px, 5px 5px; background-repeat: no-repeat;
}
input[type="radio"], input[type="checkbox"] { appearance: auto; width: 16px; min-height: 16px; margin: 4px 0; accent-color: var(--accent); flex: none; }
input:focus-visible, select:focus-visible, textarea:focus-visible { outline-offset: -1px; border-radius: var(--radius); }
input[aria-invalid="true"], select[aria-invalid="true"] { border-color: var(--red); }
.error { color: var(--red); font-size: 14px; line-height: 20px; }
.branded { position: relative; }
.branded input { padding-right: 112px; }
.branded output { position: absolute; right: 12px; bottom: 12px; font-size: 12px; line-height: 20px; color: var(--muted); pointer-events: none; }
.code { flex: 1; width: auto; min-width: 0; }
.short { width: 96px; min-height: 40px; padding: 7px 12px; }
.grow { flex: 1; }
.sums .actions { margin-top: 8px; color: var(--text); }
.sums dt .choice span { display: inline; color: inherit; }
.sums .block > legend { padding: 0; font-weight: 400; }
.choice { display: flex; gap: 12px; align-items: flex-start; font-weight: 400; cursor: pointer; }
.choice > span { flex: 1; min-width: 0; }
.choice strong { font-weight: 600; }

button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 40px; padding: 7px 16px; font: inherit; font-size: 14px; line-height: 20px;
  font-weight: 500; text-align: center; text-decoration: none; color: var(--text); background: var(--page); border: 1px solid var(--edge); border-radius: var(--radius); cursor: pointer;
}
button:hover, .button:hover { background: var(--panel); color: var(--text); }
button.primary, .button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.primary:hover, .button.primary:hover { background: var(--accent-hover); border-color: var(--accent-hover); color: var(--on-accent); }
button.danger { background: var(--red); border-color: var(--red); color: var(--page); }
button.danger:hover { background: var(--text); border-color: var(--text); color: var(--page); }
button.wide, .button.wide { width: 100%; min-height: 48px; font-size: 16px; line-height: 24px; font-weight: 600; }
button.plain { min-height: 32px; padding: 3px 4px; border-color: transparent; background: none; color: var(--accent); text-decoration: underline; text-underline-offset: 3px; text-decoration-thickness: 1px; }
button[aria-disabled="true"] { opacity: 0.65; cursor: progress; }

.pill { display: inline-block; padding: 0 8px; border-radius: 999px; font-size: 12px; line-height: 20px; font-weight: 500; white-space: nowrap; }
.green { color: var(--green); background: var(--green-soft); }
.amber { color: var(--amber); background: var(--amber-soft); }
.red { color: var(--red); background: var(--red-soft); }
.blue { color: var(--blue); background: var(--blue-soft); }
.grey { color: var(--grey); background: var(--grey-soft); }
.notice { padding: 12px 16px; border-radius: var(--radius); font-size: 14px; line-height: 20px; display: grid; gap: 8px; justify-items: start; }
.notice p { color: inherit; }

table { width: 100%; border-collapse: collapse; font-size: 14px; line-height: 20px; }
th { text-align: left; font-weight: 500; color: var(--muted); }
th, td { padding: 12px 8px; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border-top: 0; padding-top: 0; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
.end { text-align: right; }
.scroll { position: relative; overflow-x: auto; }
.scroll code { font: 12px/20px var(--mono); white-space: nowrap; }
tfoot tr.strong td, tfoot tr.strong th { font-weight: 600; color: var(--text); }
@media (max-width: 559px) {
  .wide-only { display: none; }
  .price { font-size: 28px; }
}
footer { border-top: 1px solid var(--line); padding: 16px 24px; font-size: 12px; line-height: 20px; color: var(--muted); }
footer > div { max-width: 1100px; margin: 0 auto; display: flex; flex-wrap: wrap; gap: 4px 16px; justify-content: space-between; }
footer a { color: inherit; }
@media (prefers-reduced-motion: no-preference) {
  button, .button, input, select { transition: background-color 120ms, border-color 120ms; }
}
@media print {
  .strip, .no-print, footer { display: none; }
  body { background: #fff; color: #000; }
  .single { padding: 0; max-width: none; }
}
`
