import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mailer } from '../engine/ports.js'
import { messageName } from './message-id.js'

/**
 * A transport that writes each mail into a directory as a JSON file, for demos and local development.
 *
 * @example
 * ```ts
 * import { fileMailer } from 'paywright'
 *
 * export const mailer = fileMailer('.paywright/mails')
 * ```
 */
export function fileMailer(directory: string): Mailer {
  return {
    async send(mail) {
      await mkdir(directory, { recursive: true })
      const path = join(directory, `${messageName(mail.key)}.json`)
      // Renamed into place, so that nobody reads half a mail; the same mail again replaces itself.
      await writeFile(`${path}.part`, `${JSON.stringify(mail, null, 2)}\n`)
      await rename(`${path}.part`, path)
    },
  }
}
