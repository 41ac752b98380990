/** The type of one parameter, as the generated table has it. `unset` may be sent empty, to take the value away. */
export type Parameter =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'decimal'
  | 'metadata'
  | 'any'
  | { readonly enum: readonly string[] }
  | { readonly array: Parameter }
  | { readonly object: string }
  | { readonly map: Parameter }
  | { readonly unset: Parameter }
  | { readonly union: readonly Parameter[] }

export interface ObjectShape {
  readonly required?: readonly string[]
  readonly fields: Readonly<Record<string, Parameter>>
}

/**
 * The fields of one kind of object that can be named in `expand`. With `ids`, the field holds the id of an object; `to`
 * names the kind of object that is, or becomes, its value.
 */
export type ExpandableFields = Readonly<Record<string, { readonly ids?: boolean; readonly to?: string }>>
