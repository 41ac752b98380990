// The installed `stripe` package as data: its routes, and the types that its declarations give each of them.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseDeclarations, resolve } from './declarations.mjs'

const root = dirname(fileURLToPath(import.meta.resolve('stripe')))
const parsed = new Map()

/** All routes of the API's version 1, and those of version 2 that concern billing: `{ route: 'GET /v1/customers/:', scope, parameters, answer }`. */
export function stripeRoutes() {
  return resourceFiles(join(root, 'resources')).flatMap(routesOfFile)
}

/** All declared objects that say what they are in a field `object`. */
export function objectTypes() {
  return resourceFiles(join(root, 'resources'))
    .map((file) => scopeOf(file.replace(/\.js$/, '.d.ts')))
    .flatMap((scope) => [scope, ...scope.namespaces.values()])
    .flatMap((scope) => [...scope.types.values()].map((node) => ({ scope, node })))
    .filter(({ node }) => node.kind === 'object' && node.fields.get('object')?.type.kind === 'literal')
}

/** A type by its name as seen from a scope, in this file or in one that it imports. */
export function lookUp(scope, name) {
  const here = resolve(scope, name)
  if (here !== undefined) return here
  const file = fileOf(scope)
  const [first] = name.split('.')
  const from = file.imports.get(first)
  if (from === undefined || !from.startsWith('.')) return undefined
  const imported = scopeOf(join(dirname(file.file), from.replace(/\.js$/, '.d.ts')))
  return resolve(imported, name) ?? (from.endsWith('/index.js') ? lookUpInFolder(imported, name) : undefined)
}

/** `TestHelpers.TestClock`, where the namespace is a folder whose index exports each file's types. */
function lookUpInFolder(index, name) {
  const rest = name.split('.').slice(1).join('.')
  for (const file of resourceFiles(dirname(index.file))) {
    const found = resolve(scopeOf(file.replace(/\.js$/, '.d.ts')), rest)
    if (found !== undefined) return found
  }
  return undefined
}

function fileOf(scope) {
  return scope.parent === undefined ? scope : fileOf(scope.parent)
}

function scopeOf(file) {
  let scope = parsed.get(file)
  if (scope === undefined) {
    scope = { ...parseDeclarations(readFileSync(file, 'utf8')), file }
    for (const inner of scope.namespaces.values()) inner.parent = scope
    parsed.set(file, scope)
  }
  return scope
}

/** Of version 2 only billing and events concern the simulator. */
const OUTSIDE = /resources\/V2\/(?!Billing\/|Core\/Event)/

function resourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return resourceFiles(path)
      return entry.name.endsWith('.js') && entry.name !== 'index.js' && !OUTSIDE.test(path) ? [path] : []
    })
}

const CLASS = /^export class (\w+)/
const METHOD = /^ {4}(?:async )?(\w+)\(/
const REQUEST = /_makeRequest\('(\w+)', [`']([^`']+)[`']/

function routesOfFile(file) {
  const found = []
  let resource = ''
  let method = ''
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    resource = CLASS.exec(line)?.[1] ?? resource
    method = METHOD.exec(line)?.[1] ?? method
    const [, verb, path] = REQUEST.exec(line) ?? []
    if (verb === undefined) continue
    const scope = scopeOf(file.replace(/\.js$/, '.d.ts'))
    const signature = scope.methods.get(`${resource}.${method}`)?.at(-1)
    const route = `${verb} ${path.replace(/\$\{[^}]*\}/g, ':')}`
    found.push({
      route,
      scope,
      parameters: signature?.parameters.get('params'),
      answer: signature?.answer,
      source: relative(root, file),
    })
  }
  return found
}
