import type { Running } from '../contestants/running.js'
import { markdown, percent, rounded } from '../table.js'
import type { Result } from './result.js'
import { SCENARIOS } from './scenarios.js'

/** Prints the table; answers whether none of our rows is wrong. */
export function report(results: readonly Result[], contestants: readonly Running[]): boolean {
  const of = (scenario: string, contestant: string): Result | undefined =>
    results.find((result) => result.scenario === scenario && result.contestant === contestant)
  const head = ['Subscriptions that are wrong', ...contestants.map(({ contestant: { label } }) => label)]
  const lines = SCENARIOS.map(({ name }) => [
    name,
    ...contestants.map(({ contestant }) => {
      const result = of(name, contestant.name)
      if (result === undefined) return ''
      return `${result.wrong} of ${result.subscriptions}, ${percent(result.wrong / result.subscriptions)}`
    }),
  ])
  const sums = contestants.map(({ contestant }) => {
    const own = results.filter((result) => result.contestant === contestant.name)
    const reads = own.reduce((sum, { apiReads }) => sum + apiReads, 0)
    return rounded(reads / own.reduce((sum, { events }) => sum + events, 0), 2)
  })
  const crashes = contestants.map((running) => String(running.crashes()))
  console.log(
    `\n${markdown(head, [...lines, ['requests to Stripe per event', ...sums], ['crashes of the process', ...crashes]])}\n`,
  )
  return results.every(({ contestant, wrong }) => contestant !== 'paywright' || wrong === 0)
}
