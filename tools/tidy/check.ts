import type { Finding } from './finding.js'
import type { Repository } from './repository.js'
import { findingsIn, type Rule } from './rule.js'
import { areaBorders, independentOracle, publicEntryPoints } from './rules/borders.js'
import { casts } from './rules/casts.js'
import { noBanners } from './rules/comments.js'
import { circularImports } from './rules/cycles.js'
import { missingFiles } from './rules/docs.js'
import { noSleep } from './rules/no-sleep.js'
import { noConsole, onePlace, pureCode } from './rules/outside-world.js'
import { fileLength, functionLength, parameterCount } from './rules/size.js'
import { snakeCase } from './rules/snake-case.js'
import { missingTsdoc } from './rules/tsdoc.js'
import { forbiddenWords } from './rules/words.js'
import { isGenerated, parseSource, type Source } from './source.js'

const FILE_RULES: readonly Rule[] = [
  fileLength,
  functionLength,
  parameterCount,
  pureCode,
  onePlace,
  noConsole,
  casts,
  noSleep,
  snakeCase,
  noBanners,
  areaBorders,
  independentOracle,
  publicEntryPoints,
]

/** Every breach of every rule in a repository. */
export function checkRepository(repository: Repository): readonly Finding[] {
  const sources = parseSources(repository)
  const texts = [...repository.texts]
  return [
    ...[...sources.values()].flatMap((source) => findingsIn(source, FILE_RULES)),
    ...circularImports(sources),
    ...entryPoints(repository).flatMap((entry) => missingTsdoc(sources, entry)),
    ...texts.flatMap(([path, text]) => forbiddenWords(path, text)),
    ...texts
      .filter(([path]) => path.endsWith('.md'))
      .flatMap(([path, text]) => missingFiles(path, text, repository.exists)),
  ]
}

/** Generated files obey their generator; only their words are looked at. */
function parseSources({ texts }: Repository): ReadonlyMap<string, Source> {
  const written = [...texts].filter(([path]) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !isGenerated(path))
  return new Map(written.map(([path, text]) => [path, parseSource(path, text)]))
}

/** The source of each entry point that a package exports. */
function entryPoints({ texts }: Repository): readonly string[] {
  return [...texts].flatMap(([path, text]) => {
    const folder = /^(packages\/[^/]+)\/package\.json$/.exec(path)?.[1]
    if (folder === undefined) return []
    const built = [...text.matchAll(/"types": "\.\/dist\/([^"]+)\.d\.ts"/g)]
    return built.map(([, stem]) => `${folder}/src/${stem}.ts`).filter((entry) => texts.has(entry))
  })
}
