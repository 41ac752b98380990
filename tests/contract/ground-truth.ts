import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Recordings of the real service. They are no part of the project; where they are absent, what needs them is skipped. */
const FOLDER = fileURLToPath(new URL('../../../shared/ground-truth/', import.meta.url))

export const hasGroundTruth = existsSync(FOLDER)

/** The text of a file of the ground truth. */
export function groundTruth(path: string): string {
  return readFileSync(`${FOLDER}${path}`, 'utf8')
}
