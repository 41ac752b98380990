// Reads the declaration files of the `stripe` package: regular, generated text, for which this small parser is enough.
// Terms: a *scope* is a file or a namespace with its types by name; a *type node* is what stands after a colon.

const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\]|\\.)*'|`[^`]*`|[A-Za-z_$][\w$]*|\d+|[^\s]/g

/** Parses one file into a scope. */
export function parseDeclarations(text) {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => !token.startsWith('/*') && !token.startsWith('//'))
  const reader = { tokens, at: 0 }
  const scope = emptyScope(undefined, '')
  while (reader.at < tokens.length) readDeclaration(reader, scope)
  return scope
}

/** Finds what a dotted name means from inside a scope: `{ scope, node }` of a type, or `undefined`. */
export function resolve(scope, name) {
  const steps = name.split('.')
  for (let from = scope; from !== undefined; from = from.parent) {
    const found = descend(from, steps)
    if (found !== undefined) return found
  }
  return undefined
}

function descend(scope, steps) {
  const [first, ...rest] = steps
  if (rest.length === 0) {
    const node = scope.types.get(first)
    return node === undefined ? undefined : { scope, node }
  }
  const inner = scope.namespaces.get(first)
  return inner === undefined ? undefined : descend(inner, rest)
}

function emptyScope(parent, path) {
  return { parent, path, types: new Map(), namespaces: new Map(), imports: new Map(), methods: new Map() }
}

function readDeclaration(reader, scope) {
  skipWords(reader, ['export', 'declare'])
  const word = next(reader)
  switch (word) {
    case 'import':
      return readImport(reader, scope)
    case 'interface':
      return readInterface(reader, scope)
    case 'namespace':
      return readNamespace(reader, scope)
    case 'type':
      return readAlias(reader, scope)
    case 'class':
      return readClass(reader, scope)
    default:
      return skipStatement(reader)
  }
}

function readImport(reader, scope) {
  const names = []
  for (let token = next(reader); token !== 'from' && token !== ';'; token = next(reader)) {
    if (/^[A-Za-z_$]/.test(token)) names.push(token)
  }
  const file = next(reader).slice(1, -1)
  for (const name of names) if (name !== 'as') scope.imports.set(name, file)
  skip(reader, ';')
}

function readInterface(reader, scope) {
  const name = next(reader)
  const parents = []
  if (skip(reader, 'extends')) {
    do parents.push(readType(reader))
    while (skip(reader, ','))
  }
  scope.types.set(name, { kind: 'object', name: qualified(scope, name), parents, ...readMembers(reader) })
}

function readNamespace(reader, scope) {
  const name = next(reader)
  const inner = scope.namespaces.get(name) ?? emptyScope(scope, qualified(scope, name))
  scope.namespaces.set(name, inner)
  expect(reader, '{')
  while (!skip(reader, '}')) readDeclaration(reader, inner)
}

function readAlias(reader, scope) {
  const name = next(reader)
  if (peek(reader) !== '=') return skipStatement(reader)
  expect(reader, '=')
  scope.types.set(name, readType(reader))
  skip(reader, ';')
}

/** A resource class: of its methods, the parameter type and the answer. */
function readClass(reader, scope) {
  const name = next(reader)
  while (peek(reader) !== '{') next(reader)
  expect(reader, '{')
  while (!skip(reader, '}')) {
    const method = next(reader)
    if (peek(reader) !== '(') {
      skipStatement(reader)
      continue
    }
    const parameters = readArguments(reader)
    const answer = skip(reader, ':') ? readType(reader) : undefined
    skip(reader, ';')
    const known = scope.methods.get(`${name}.${method}`) ?? []
    scope.methods.set(`${name}.${method}`, [...known, { parameters, answer }])
  }
}

function readArguments(reader) {
  const parameters = new Map()
  expect(reader, '(')
  while (!skip(reader, ')')) {
    const name = next(reader)
    skip(reader, '?')
    expect(reader, ':')
    parameters.set(name, readType(reader))
    skip(reader, ',')
  }
  return parameters
}

function readMembers(reader) {
  const fields = new Map()
  let values
  expect(reader, '{')
  while (!skip(reader, '}')) {
    if (skip(reader, '[')) {
      while (!skip(reader, ']')) next(reader)
      expect(reader, ':')
      values = readType(reader)
    } else {
      const name = next(reader).replace(/^'|'$/g, '')
      const optional = skip(reader, '?')
      // A method of an object says nothing about what is on the wire.
      const isMethod = peek(reader) === '('
      if (isMethod) readArguments(reader)
      expect(reader, ':')
      const type = readType(reader)
      if (!isMethod) fields.set(name, { optional, type })
    }
    skip(reader, ';')
  }
  return { fields, values }
}

function readType(reader) {
  skip(reader, '|')
  const members = [readSingle(reader)]
  while (skip(reader, '|')) members.push(readSingle(reader))
  return members.length === 1 ? members[0] : { kind: 'union', members }
}

function readSingle(reader) {
  const token = peek(reader)
  if (token === '{') return { kind: 'object', name: undefined, parents: [], ...readMembers(reader) }
  next(reader)
  if (token === '(') return skipParentheses(reader)
  if (token.startsWith("'")) return { kind: 'literal', value: token.slice(1, -1) }
  let name = token
  while (skip(reader, '.')) name += `.${next(reader)}`
  const args = []
  if (skip(reader, '<')) {
    do args.push(readType(reader))
    while (skip(reader, ','))
    expect(reader, '>')
  }
  while (peek(reader) === '[' && reader.tokens[reader.at + 1] === ']') reader.at += 2
  return { kind: 'name', name, args }
}

/** A function type: of no use here, so its text is passed over. */
function skipParentheses(reader) {
  for (let depth = 1; depth > 0;) {
    const token = next(reader)
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
  }
  if (skip(reader, '=') && skip(reader, '>')) readType(reader)
  return { kind: 'name', name: 'unknown', args: [] }
}

function qualified(scope, name) {
  return scope.path === '' ? name : `${scope.path}.${name}`
}

function skipStatement(reader) {
  for (let depth = 0; reader.at < reader.tokens.length;) {
    const token = next(reader)
    if (token === '{') depth += 1
    if (token === '}' && --depth < 0) {
      reader.at -= 1
      return
    }
    if (depth === 0 && (token === ';' || token === '}')) return
  }
}

function skipWords(reader, words) {
  while (words.includes(peek(reader))) reader.at += 1
}

function peek(reader) {
  return reader.tokens[reader.at]
}

function next(reader) {
  const token = reader.tokens[reader.at]
  if (token === undefined) throw new Error('A declaration file ended in the middle of a declaration.')
  reader.at += 1
  return token
}

function skip(reader, token) {
  if (peek(reader) !== token) return false
  reader.at += 1
  return true
}

function expect(reader, token) {
  const found = next(reader)
  if (found !== token) {
    const around = reader.tokens.slice(Math.max(0, reader.at - 12), reader.at + 5).join(' ')
    throw new Error(`Expected ${token} and found ${found} in: ${around}`)
  }
}
