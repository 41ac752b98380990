import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('./migrations/', import.meta.url)

/** `tsc` copies no .sql, so the migrations travel as a module. `vitest -u` writes it afresh. */
test('migrations.generated.ts says what migrations/*.sql say', async () => {
  const names = readdirSync(folder).toSorted()
  const entries = names.map((name) => {
    const sql = readFileSync(new URL(name, folder), 'utf8')
    return `  {\n    name: ${JSON.stringify(name.replace(/\.sql$/, ''))},\n    sql: ${JSON.stringify(sql)},\n  },\n`
  })
  expect(names.every((name) => /^\d{3}_[a-z_]+\.sql$/.test(name))).toBe(true)
  await expect(
    `// Made from migrations/*.sql by \`vitest -u migrations.test\`.\n\nexport const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [\n${entries.join('')}]\n`,
  ).toMatchFileSnapshot('./migrations.generated.ts')
})
