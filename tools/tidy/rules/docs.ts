import { posix } from 'node:path'
import type { Finding } from '../finding.js'

const LINK = /\]\(([^)\s]+)\)/g
const CODE = /`([^`\n]+)`/g
const FENCE = /^(?:```|~~~)[\s\S]*?^(?:```|~~~)/gm
/** A path that stands for several, or for one yet to be made. */
const PATTERN = /[*<>{}…$]|NNN|\.\.\./

/** Whether a file or folder of this path is in the repository. */
export type Exists = (path: string) => boolean

/** A page that names a file which is not there misleads its reader. */
export function missingFiles(path: string, text: string, exists: Exists): readonly Finding[] {
  const prose = text.replaceAll(FENCE, (fence) => fence.replaceAll(/[^\n]/g, ' '))
  return [...links(path, prose), ...codePaths(prose, exists)]
    .filter(({ target }) => !exists(target))
    .map(({ target, index }) => ({
      file: path,
      line: prose.slice(0, index).split('\n').length,
      rule: 'docs',
      message: `${target} is not there: name the file where it is now, or take the sentence out.`,
    }))
}

interface Named {
  readonly target: string
  readonly index: number
}

function links(path: string, prose: string): Named[] {
  return [...prose.matchAll(LINK)].flatMap((match) => {
    const [target = ''] = (match[1] ?? '').split('#')
    if (target === '' || /^[a-z]+:/i.test(target)) return []
    return [{ target: posix.join(posix.dirname(path), target), index: match.index }]
  })
}

/** Code in backticks that begins with a folder of the root, such as `packages/paywright/src`. */
function codePaths(prose: string, exists: Exists): Named[] {
  return [...prose.matchAll(CODE)].flatMap((match) => {
    const target = match[1] ?? ''
    const [folder = '', ...rest] = target.split('/')
    if (rest.length === 0 || !/^[\w./@-]+$/.test(target) || PATTERN.test(target) || !isRootFolder(folder, exists))
      return []
    return [{ target: target.replace(/\/$/, ''), index: match.index }]
  })
}

const isRootFolder = (folder: string, exists: Exists): boolean => /^[\w.][\w-]*$/.test(folder) && exists(folder)
