import type { Parameter } from '../database.js'

/**
 * Takes a statement apart at its placeholders, for libraries that write their own: the text around them, and for each
 * place the parameter that belongs there. Every parameter is cast in the text, so it may stand there more than once.
 */
export function splitPlaceholders(
  text: string,
  params: readonly Parameter[],
): { readonly chunks: readonly string[]; readonly values: readonly Parameter[] } {
  const parts = text.split(/\$(\d+)/)
  const chunks = parts.filter((_part, index) => index % 2 === 0)
  const values = parts.filter((_part, index) => index % 2 === 1).map((number) => parameterAt(params, Number(number)))
  return { chunks, values }
}

function parameterAt(params: readonly Parameter[], number: number): Parameter {
  const value = params[number - 1]
  if (value === undefined) throw new Error(`The statement names $${number}, and there are ${params.length} parameters.`)
  return value
}
