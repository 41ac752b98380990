import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { importsOf, isRelative, resolveRelative } from '../tidy/imports.js'
import { readRepository } from '../tidy/repository.js'
import { isTest, isTestSupport, parseSource } from '../tidy/source.js'
import { arrowsIn, layoutIn, reachable } from './picture.js'

const { texts, exists } = readRepository(fileURLToPath(new URL('../..', import.meta.url)))
const page = texts.get('ARCHITECTURE.md') ?? ''
const layout = layoutIn(page)

/** What the design asks for, whatever else has its place. */
const ALWAYS = [
  ...within(
    'packages/paywright/src',
    'index.ts create-billing.ts errors.ts domain engine inbox stripe store http emails',
  ),
  ...within('packages/simulator/src', 'core http pages delivery server.ts'),
  ...within('packages', 'react/src'),
  ...within('apps', 'demo'),
  ...within('tools', 'tidy'),
  ...within('docs', 'decisions'),
  'tests',
]

/** Folders whose own folders all have a place in the layout. */
const NAMED_WHOLLY = /^(|packages|packages\/\w+|packages\/\w+\/src|apps|apps\/\w+|tests|tools|docs)$/

const folders = new Set([...texts.keys()].flatMap(foldersAbove))

function within(folder: string, names: string): readonly string[] {
  return names.split(' ').map((name) => `${folder}/${name}`)
}

function foldersAbove(path: string): readonly string[] {
  const folder = posix.dirname(path)
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)]
}

describe('the layout of ARCHITECTURE.md', () => {
  test('names nothing that is not there', () => {
    expect(layout.filter((path) => !exists(path))).toEqual([])
  })

  test('names every folder that is there', () => {
    const seen = [...folders].filter((path) => !path.startsWith('.') && NAMED_WHOLLY.test(parentOf(path)))
    expect(seen.filter((path) => !layout.includes(path))).toEqual([])
    expect(seen).toContain('packages/paywright/src/domain')
  })

  test('has what the design asks for', () => {
    expect(ALWAYS.filter((path) => !layout.includes(path))).toEqual([])
  })
})

describe('the picture of ARCHITECTURE.md', () => {
  const arrows = arrowsIn(page)
  const imports = importsBetweenAreas()

  test('draws no arrow that is no import', () => {
    expect(arrows.filter((arrow) => !imports.has(arrow))).toEqual([])
    expect(arrows).toContain('engine --> ports')
  })

  test('draws every import, itself or by way of others', () => {
    const drawn = reachable(arrows)
    expect([...imports].filter((arrow) => !drawn.has(arrow))).toEqual([])
  })
})

test('a command stands in a file that is there before anything is built, for npm links no other', () => {
  const manifests = [...texts].filter(([path]) => /^packages\/\w+\/package\.json$/.test(path))
  const commands = manifests.flatMap(([path, text]) => {
    const { bin = {} } = JSON.parse(text) as { bin?: Record<string, string> }
    return Object.values(bin).map((target) => posix.join(posix.dirname(path), target))
  })
  expect(commands).toEqual(['packages/simulator/bin/paywright-simulator.js'])
  expect(commands.filter((path) => !texts.has(path))).toEqual([])
})

/** The imports between the folders of the picture, as `from --> to`. */
function importsBetweenAreas(): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [path, text] of texts) {
    const from = areaOf(path)
    if (from === undefined || !path.endsWith('.ts') || isTest(path) || isTestSupport(path)) continue
    for (const { specifier } of importsOf(parseSource(path, text)).filter((entry) => isRelative(entry.specifier))) {
      const to = resolveRelative(path, specifier).map(areaOf).find(Boolean)
      if (to !== undefined && to !== from) found.add(`${from} --> ${to}`)
    }
  }
  return found
}

function areaOf(path: string): string | undefined {
  if (path.startsWith('packages/paywright/src/engine/ports')) return 'ports'
  return /^packages\/paywright\/src\/(domain|engine|inbox|stripe|store|http|emails)\//.exec(path)?.[1]
}

function parentOf(path: string): string {
  const parent = posix.dirname(path)
  return parent === '.' ? '' : parent
}
