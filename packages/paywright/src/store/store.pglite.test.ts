import { afterAll, beforeAll, describe, test } from 'vitest'
import { memoryDatabase } from '../testing/database.js'
import { storeConformance } from '../testing/store-conformance/index.js'
import type { Database } from './database.js'

describe('the store on PGlite', () => {
  let database: Database
  beforeAll(async () => {
    database = await memoryDatabase()
  })
  afterAll(() => database.close())

  test.each(storeConformance)('$name', ({ check }) => check(database))
})
