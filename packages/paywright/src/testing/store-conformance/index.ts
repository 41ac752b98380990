import type { Database } from '../../store/database.js'
import { BUDGETING } from './budgeting.js'
import { CLAIMING } from './claiming.js'
import { CLOCKS } from './clocks.js'
import { CUSTOMERS } from './customers.js'
import { DUE_RUNS } from './due-runs.js'
import { createBench, type StoreCase } from './harness.js'
import { MIRRORING } from './mirroring.js'
import { OUTAGES } from './outages.js'
import { RECEIVING } from './receiving.js'
import { RECORDING } from './recording.js'
import { REPAIRING } from './repairing.js'
import { REPLAYING } from './replaying.js'
import { RESERVING } from './reserving.js'
import { SPLITTING } from './splitting.js'
import { TELLING } from './telling.js'
import { USERS } from './users.js'

const CASES: readonly StoreCase[] = [
  ...RECEIVING,
  ...CLAIMING,
  ...MIRRORING,
  ...RECORDING,
  ...TELLING,
  ...CUSTOMERS,
  ...RESERVING,
  ...USERS,
  ...REPLAYING,
  ...REPAIRING,
  ...SPLITTING,
  ...CLOCKS,
  ...BUDGETING,
  ...OUTAGES,
  ...DUE_RUNS,
]

/** What a database must do for Paywright, as named checks to run with any test runner on a migrated database. */
export const storeConformance: readonly {
  readonly name: string
  /** Throws where the database does not conform. */
  readonly check: (database: Database) => Promise<void>
}[] = CASES.map(({ name, run }) => ({ name, check: (database) => run(createBench(database)) }))
