/**
 * Who may change a part of a structure in place: the state that made it. A copy of a state shares everything with the
 * original, and whoever of the two changes a part first makes it its own. The token means nothing but itself.
 */
export interface Owner {
  readonly isOwner: true
}

export function newOwner(): Owner {
  return { isOwner: true }
}
