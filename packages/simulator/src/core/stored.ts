import type Stripe from 'stripe'

type Primitive = string | number | boolean | null | undefined

/**
 * The shape in which the simulator stores one of Stripe's objects: the wire format, unexpanded.
 *
 * It is derived from the SDK's own declarations, so that the compiler demands every field an object must have:
 * expandable fields hold the id, decimals are strings, and nothing can be changed in place.
 */
export type Stored<T> = T extends Stripe.Decimal
  ? string
  : T extends Primitive
    ? T
    : T extends readonly (infer Element)[]
      ? readonly StoredField<Element>[]
      : T extends object
        ? { readonly [Key in keyof T as Key extends 'lastResponse' ? never : Key]: StoredField<T[Key]> }
        : T

/** An expandable field, `string | Stripe.Customer | null`, is stored as the id alone. */
type StoredField<Field> = [Extract<Field, { id: string }>] extends [never]
  ? Stored<Field>
  : [Extract<Field, string>] extends [never]
    ? Stored<Field>
    : Extract<Field, Primitive>
