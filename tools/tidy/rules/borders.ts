import { areaOf, type Area } from '../areas.js'
import { importsOf, isRelative, packageOf, resolveRelative, type Import } from '../imports.js'
import type { Breach, Rule } from '../rule.js'
import { isTest, type Source } from '../source.js'

const PACKAGE_FOLDER = /^(packages\/[^/]+\/|apps\/[^/]+\/|examples\/[^/]+\/)/

/** Arrows point inward (ARCHITECTURE.md). A test may bring both sides together; the code it tests may not. */
export const areaBorders: Rule = {
  name: 'borders',
  appliesTo: (path) => areaOf(path) !== undefined && !isTest(path),
  check(source) {
    const area = areaOf(source.path)
    return area === undefined ? [] : importsOf(source).flatMap((entry) => breachOf(entry, area, source))
  },
}

function breachOf(entry: Import, area: Area, source: Source): readonly Breach[] {
  const instead = isRelative(entry.specifier)
    ? refuseRelative(entry, area, source.path)
    : refusePackage(entry, area, source.path)
  return instead === undefined ? [] : [{ offset: entry.offset, message: `${quoted(entry)}: ${instead}` }]
}

const quoted = ({ specifier }: Import): string => `import '${specifier}'`

function refuseRelative(entry: Import, area: Area, path: string): string | undefined {
  const [target = ''] = resolveRelative(path, entry.specifier)
  const other = areaOf(target)
  if (other === undefined || other.name === area.name) return undefined
  if (other.name === 'testing') return 'only tests use what tests are made with: move what you need out of there.'
  if (area.mayImport === 'any' || area.mayImport.includes(other.name)) return undefined
  const allowed = area.mayImport.length === 0 ? 'nothing outside itself' : area.mayImport.join(', ')
  return (
    `\`${area.name}\` may import ${allowed}, not \`${other.name}\`. ` +
    'Declare what you need in engine/ports.ts and let create-billing.ts pass it in, or move the rule into domain.'
  )
}

function refusePackage(entry: Import, area: Area, path: string): string | undefined {
  const name = packageOf(entry.specifier)
  if (path.startsWith('packages/paywright/') && name === 'stripe' && area.name !== 'stripe')
    return stripeOnly(entry, area)
  if (area.packages === 'any') return undefined
  if (area.packages.some((allowed) => allowed === name || (allowed === 'node:' && name.startsWith('node:')))) {
    return undefined
  }
  if (area.typesOf?.includes(name) === true) {
    return entry.isTypeOnly ? undefined : `\`${area.name}\` knows only the types of \`${name}\`: write \`import type\`.`
  }
  return `\`${area.name}\` does not import \`${name}\`: it is passed in by a composition root, through a port.`
}

function stripeOnly(entry: Import, area: Area): string | undefined {
  if (area.name === 'testing') return undefined
  if (area.name === 'create-billing' && entry.isTypeOnly) return undefined
  return 'only packages/paywright/src/stripe imports `stripe`: ask through the `StripeGateway` port.'
}

/** The simulator is the independent oracle: shared code would share its bugs. Its tests obey, too. */
export const independentOracle: Rule = {
  name: 'independent-oracle',
  appliesTo: (path) => path.startsWith('packages/simulator/'),
  check(source) {
    return importsOf(source)
      .filter(({ specifier }) => ['paywright', '@paywright/react'].includes(packageOf(specifier)))
      .map((entry) => ({
        offset: entry.offset,
        message: `${quoted(entry)}: the simulator imports nothing of the library; write what you need a second time.`,
      }))
  },
}

/** Packages meet by their names and public entry points only. */
export const publicEntryPoints: Rule = {
  name: 'public-entry-points',
  appliesTo: (path) => !path.startsWith('tools/'),
  check(source) {
    const own = PACKAGE_FOLDER.exec(source.path)?.[1]
    return importsOf(source)
      .filter(({ specifier }) => isDeep(specifier) || isForeign(source.path, specifier, own))
      .map((entry) => ({
        offset: entry.offset,
        message: `${quoted(entry)}: import the package by its name; what is missing there is added to its index.ts.`,
      }))
  },
}

const isDeep = (specifier: string): boolean => /^(?:paywright|@paywright\/[^/]+)\/(?:src|dist)(?:\/|$)/.test(specifier)

function isForeign(path: string, specifier: string, own: string | undefined): boolean {
  if (!isRelative(specifier)) return false
  const [target = ''] = resolveRelative(path, specifier)
  if (own !== undefined && !target.startsWith(own)) return true
  return own === undefined && target.startsWith('packages/')
}
