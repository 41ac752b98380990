import { expect, test } from 'vitest'
import { BillingError } from '../errors.js'
import { databaseError } from './database-error.js'

const withCode = (code: string, message = 'It failed.'): Error => Object.assign(new Error(message), { code })

test.each([
  ['no such table', withCode('42P01'), 'not_migrated'],
  ['no such schema', withCode('3F000'), 'not_migrated'],
  ['a statement that took too long', withCode('57014'), 'database_busy'],
  ['a lock that did not come free', withCode('55P03'), 'database_busy'],
  ['no answer in time', new Error('Query read timeout'), 'database_busy'],
  ['a server that has become a standby', withCode('25006'), 'database_unavailable'],
  ['a transaction closed for doing nothing', withCode('25P03'), 'database_unavailable'],
  ['a server that shuts down', withCode('57P01'), 'database_unavailable'],
  ['too many connections', withCode('53300'), 'database_unavailable'],
  ['a full disk', withCode('53100'), 'database_unavailable'],
  ['a closed port', withCode('ECONNREFUSED'), 'database_unavailable'],
  ['a connection that ended', new Error('Connection terminated unexpectedly'), 'database_unavailable'],
  ['a socket that postgres.js has lost', withCode('CONNECTION_CLOSED'), 'database_unavailable'],
  ['Drizzle', new Error('Failed query', { cause: withCode('42P01') }), 'not_migrated'],
  ['TypeORM', Object.assign(new Error('Failed'), { driverError: withCode('57P01') }), 'database_unavailable'],
  [
    'Prisma',
    Object.assign(withCode('P2010'), {
      meta: { driverAdapterError: { cause: { originalCode: '42P01', kind: 'TableDoesNotExist' } } },
    }),
    'not_migrated',
  ],
])('%s', (_what, fault, code) => {
  const meaning = databaseError(fault)
  expect(meaning).toBeInstanceOf(BillingError)
  expect(meaning).toMatchObject({ code, cause: fault })
})

test('what means nothing particular is answered as it is, so that the app sees its own faults', () => {
  const circular = new Error('It is its own cause.')
  circular.cause = circular
  for (const fault of [
    withCode('23505'),
    withCode('40001'),
    new Error('The app thinks better of it.'),
    circular,
    'text',
  ]) {
    expect(databaseError(fault)).toBe(fault)
  }
})
