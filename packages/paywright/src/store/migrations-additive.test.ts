import { expect, test } from 'vitest'
import { breakingStatements } from '../testing/additive.js'
import { MIGRATIONS } from './migrations.generated.js'

/** Statements that look as if they broke the release before, each with the reason why they do not. */
const HARMLESS: Readonly<Record<string, string>> = {
  'alter table paywright.outbox add unique (account, livemode, subject, key)':
    'A key is unique in the whole account already.',
}

const LATER = MIGRATIONS.slice(1).filter(({ name }) => !name.endsWith('_contract'))

test.each(LATER)('$name only adds, so that instances of the release before go on', ({ sql }) => {
  const breaking = breakingStatements(sql).filter(({ statement }) => !Object.hasOwn(HARMLESS, statement))
  expect(breaking).toEqual([])
})

test.each([
  ['drop table paywright.runs', 'takes something away'],
  ['alter table paywright.runs drop column done', 'takes something away'],
  ['alter table paywright.runs drop constraint runs_pkey', 'takes something away'],
  ['alter table paywright.runs rename column done to finished', 'renames something'],
  ['alter table paywright.runs rename to walks', 'renames something'],
  ['alter table paywright.runs alter column done type integer', 'changes a type'],
  ['alter table paywright.runs alter column cursor set not null', 'refuses a null that was taken'],
  ['alter table paywright.runs add column kind text not null', 'demands a value that is not written'],
  ['alter table paywright.runs add kind text not null, add a int', 'demands a value that is not written'],
  ['alter table paywright.runs add check (done > 0)', 'refuses rows that were taken'],
  ['alter table paywright.runs add constraint one unique (token)', 'refuses rows that were taken'],
  ['create unique index one on paywright.runs (token)', 'refuses rows that were taken'],
  ['delete from paywright.runs', 'deletes rows'],
  ['create trigger t before insert on paywright.runs execute function f()', 'changes what is written'],
])('%s: %s', (statement, why) => {
  expect(breakingStatements(`-- A comment; with drop.\n${statement};\n`)).toEqual([{ statement, why }])
})

test.each([
  'create table paywright.news (id bigint not null primary key, a text not null unique)',
  'create index news_a on paywright.news (a)',
  'drop index paywright.news_a',
  'alter table paywright.news add column b text',
  'alter table paywright.news add column c bigint not null default 0',
  'alter table paywright.news add column c bigint default 0 not null',
  'alter table paywright.news alter column a drop not null',
  'alter table paywright.news alter column b set default 1',
  'create or replace view paywright.old as select 1',
])('%s is fine', (statement) => {
  expect(breakingStatements(statement)).toEqual([])
})
