import { expect, test } from 'vitest'
import { html, trusted } from './html.js'

test.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['" onfocus="alert(1)', '&quot; onfocus=&quot;alert(1)'],
  ["' onfocus='alert(1)", '&#39; onfocus=&#39;alert(1)'],
  ['Tom & Jerry', 'Tom &amp; Jerry'],
  ['&amp;', '&amp;amp;'],
])('text is escaped: %s', (text, escaped) => {
  expect(html`<p title="${text}">${text}</p>`.markup).toBe(`<p title="${escaped}">${escaped}</p>`)
})

test('markup in markup stays markup, and its own text stays escaped', () => {
  const inner = html`<b>${'<'}</b>`
  expect(html`<p>${inner}</p>`.markup).toBe('<p><b>&lt;</b></p>')
})

test('lists are joined, and nothing leaves nothing', () => {
  const items = ['<', '>'].map((item) => html`<li>${item}</li>`)
  expect(html`<ul>${items}${null}${undefined}${false}${0}</ul>`.markup).toBe('<ul><li>&lt;</li><li>&gt;</li>0</ul>')
})

test('an object that only looks like markup is not taken for it', () => {
  const forged = { markup: '<script>' }
  // @ts-expect-error Only `html` and `trusted` make markup.
  expect(() => html`${forged}`.markup).toThrow('map is not a function')
})

test('a constant of the program is left as it is', () => {
  expect(html`<style>${trusted('a > b {}')}</style>`.markup).toBe('<style>a > b {}</style>')
})
