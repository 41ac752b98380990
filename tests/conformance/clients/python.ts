import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findTool, keptFolder, run } from './tools.js'

export const python = findTool('python3', ['-c', 'import venv, ensurepip'])

/** The path of a Python that has these packages, installed beside nothing else. */
export async function pythonWith(requirements: readonly string[]): Promise<string> {
  const name = `python-${requirements.join('-').replaceAll(/[^\w.-]+/g, '-')}`
  // The folder is not made elsewhere and moved: scripts in a virtual environment name the place they were made in.
  const folder = await keptFolder(name, async () => undefined)
  const command = join(folder, 'bin', 'python')
  const marker = join(folder, 'complete')
  if (!existsSync(marker)) {
    await run('python3', ['-m', 'venv', folder])
    await run(command, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements])
    await run(command, ['-c', `open(${JSON.stringify(marker)}, 'w').close()`])
  }
  return command
}
