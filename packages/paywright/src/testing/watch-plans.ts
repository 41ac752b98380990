import type { Database, Exec, Parameter } from '../store/database.js'
import { text } from '../store/values.js'

/** How Postgres carried out one statement. */
export interface WatchedPlan {
  readonly statement: string
  /** Each look at a table or a part of one that was taken. */
  readonly scans: readonly Scan[]
}

export interface Scan {
  readonly relation: string
  readonly kind: string
  /** Rows that were looked at, wanted or not. */
  readonly rows: number
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly 'Heap Fetches'?: number
  readonly Plans?: readonly PlanNode[]
}

/**
 * The database, and what plan each statement has. A statement is carried out twice: first to be watched, and taken back.
 */
export function watchPlans(database: Database): { readonly database: Database; readonly plans: WatchedPlan[] } {
  const plans: WatchedPlan[] = []
  const watch = async (exec: Exec, statement: string, params: readonly Parameter[]): Promise<void> => {
    await exec('savepoint watched')
    const [row] = await exec(`explain (analyze, format json) ${statement}`, params)
    await exec('rollback to savepoint watched')
    if (row !== undefined) plans.push({ statement, scans: scansOf(row) })
  }
  const watched: Database = {
    close: database.close,
    exec: async (statement, params = []) =>
      database.transaction(async (exec) => {
        await watch(exec, statement, params)
        return exec(statement, params)
      }),
    transaction: (work) =>
      database.transaction((exec) =>
        work(async (statement, params = []) => {
          await watch(exec, statement, params)
          return exec(statement, params)
        }),
      ),
  }
  return { database: watched, plans }
}

/** `pg` parses the column, of type json, by itself. */
function scansOf(row: Readonly<Record<string, unknown>>): readonly Scan[] {
  const value = row['QUERY PLAN']
  const [explained] = (typeof value === 'string' ? JSON.parse(text(row, 'QUERY PLAN')) : value) as { Plan: PlanNode }[]
  return explained === undefined ? [] : scansBelow(explained.Plan)
}

function scansBelow(node: PlanNode): readonly Scan[] {
  const { 'Node Type': kind, 'Relation Name': relation, 'Actual Loops': loops } = node
  const below = (node.Plans ?? []).flatMap(scansBelow)
  if (relation === undefined || !kind.includes('Scan') || loops === 0) return below
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  return [{ relation, kind, rows: (node['Actual Rows'] + removed) * loops }, ...below]
}
