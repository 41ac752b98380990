import type { Verdict } from '../rows.js'

/** What came of a scenario for one contestant. */
export interface Result extends Verdict {
  readonly scenario: string
  readonly contestant: string
  readonly events: number
  readonly apiReads: number
}
