// Writes the tables that the simulator reads requests by, from the declarations of the installed `stripe` package:
//   node tools/derive-parameters.mjs          writes them
//   node tools/derive-parameters.mjs --check  exits 1 when they are not what would be written
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { answered, createObjects, shapeOfAnswer, typeName } from './object-shapes.mjs'
import { createShapes, shapeOfParameters } from './parameter-shapes.mjs'
import { stripeRoutes } from './stripe-package.mjs'

const folder = new URL('../src/http/', import.meta.url)
const HEADER = '// Derived from the declarations of the `stripe` package by tools/derive-parameters.mjs. Do not edit.\n'

function ownRoutes() {
  const text = readFileSync(new URL('routes.ts', folder), 'utf8')
  return [...text.matchAll(/'((?:GET|POST|DELETE) \/v[12]\/[^']*)'/g)].map(([, route]) => route)
}

function unnamed(route) {
  return route.replace(/:\w+/g, ':')
}

function derive() {
  const known = new Map(stripeRoutes().map((entry) => [entry.route, entry]))
  const own = ownRoutes()
  const entries = own.map((route) => {
    const entry = known.get(unnamed(route))
    if (entry === undefined) throw new Error(`Stripe has no route ${route}.`)
    return { ...entry, route }
  })
  const simulated = new Set(own.map(unnamed))
  const others = [...known.keys()]
    .filter((route) => !simulated.has(route))
    .toSorted((left, right) => (left < right ? -1 : 1))
  return {
    'parameters.generated.ts': parametersFile(entries),
    'expandable.generated.ts': expandableFile(entries),
    'other-routes.generated.ts': `${HEADER}\n/** Routes that Stripe has and the simulator has not. */\nexport const otherRoutes = ${literal(others)}\n`,
  }
}

function parametersFile(entries) {
  const shapes = createShapes()
  const byRoute = entries.map(({ route, scope, parameters }) => [route, shapeOfParameters(shapes, scope, parameters)])
  return `${HEADER}import type { ObjectShape } from './parameter-types.js'

/** The shape of each route's parameters, by the route. */
export const routeShapes: Readonly<Record<string, string>> = ${table(byRoute)}

/** All shapes, by name. */
export const shapes: Readonly<Record<string, ObjectShape>> = ${table([...shapes.byName])}
`
}

/** Version 2 of the API expands nothing. */
function expandableFile(all) {
  const entries = all.filter(({ route }) => !route.includes('/v2/'))
  const slice = new Set(entries.map(({ scope, answer }) => typeName(scope, answered(answer).type.name)))
  const objects = createObjects(slice)
  const byRoute = entries
    .map(({ route, scope, answer }) => [route, shapeOfAnswer(objects, scope, answer)])
    .filter(([, name]) => name !== undefined)
  return `${HEADER}import type { ExpandableFields } from './parameter-types.js'

/** What each route answers. */
export const answers: Readonly<Record<string, string>> = ${table(byRoute)}

/** Of each kind of object, the fields that are or can become objects. */
export const objects: Readonly<Record<string, ExpandableFields>> = ${table([...objects.byName])}
`
}

function table(rows) {
  return `{\n${rows.map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`).join('')}}`
}

function literal(rows) {
  return `[\n${rows.map((row) => `  ${JSON.stringify(row)},\n`).join('')}]`
}

const isCheck = process.argv.includes('--check')
for (const [name, text] of Object.entries(derive())) {
  const file = fileURLToPath(new URL(name, folder))
  if (!isCheck) writeFileSync(file, text)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${name} is not what the installed stripe package says. Run tools/derive-parameters.mjs.\n`)
    process.exitCode = 1
  }
}
