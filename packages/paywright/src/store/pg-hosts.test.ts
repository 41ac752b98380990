import { expect, test } from 'vitest'
import { readAddresses, readServers } from './pg-hosts.js'

test.each([
  ['postgres://u:p@db:5432/app', ['postgres://u:p@db:5432/app'], false],
  ['postgres://u:p@db/app?sslmode=require', ['postgres://u:p@db/app?sslmode=require'], false],
  ['postgres://db', ['postgres://db'], false],
  ['postgres://u:p@db/app?target_session_attrs=read-write', ['postgres://u:p@db/app'], true],
  [
    'postgres://u:p%40,w@one:5432,two:5433,three/app?sslmode=require&target_session_attrs=primary',
    [
      'postgres://u:p%40,w@one:5432/app?sslmode=require',
      'postgres://u:p%40,w@two:5433/app?sslmode=require',
      'postgres://u:p%40,w@three:5432/app?sslmode=require',
    ],
    true,
  ],
  ['postgresql://[::1]:5433,[fe80::2]/app', ['postgresql://[::1]:5433/app', 'postgresql://[fe80::2]:5432/app'], false],
  ['postgres:///app?host=/tmp', ['postgres:///app?host=/tmp'], false],
  ['socket:/tmp?db=app', ['socket:/tmp?db=app'], false],
])('%s', (connectionString, urls, needsWrites) => {
  expect(readAddresses(connectionString)).toEqual({ urls, needsWrites })
})

test('a wish that is not known is refused', () => {
  expect(() => readAddresses('postgres://db/app?target_session_attrs=standby')).toThrow(
    expect.objectContaining({ code: 'configuration_invalid', message: expect.stringContaining('"standby"') }),
  )
})

test('the options of a pool hold for every host', () => {
  expect(readServers({ connectionString: 'postgres://one,two/app', max: 3 })).toEqual({
    servers: [
      { connectionString: 'postgres://one:5432/app', max: 3 },
      { connectionString: 'postgres://two:5432/app', max: 3 },
    ],
    needsWrites: false,
  })
  expect(readServers({ host: 'one', max: 3 }).servers).toEqual([{ host: 'one', max: 3 }])
})
