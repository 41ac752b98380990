/**
 * Divides an amount among weights so that the shares add up exactly: each is rounded down, and what is left goes to the
 * last ones, as far as a share may not exceed its weight. An amount beyond the sum of the weights is cut to it.
 */
export function sharesOf(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const wanted = Math.min(amount, total)
  if (wanted <= 0) return weights.map(() => 0)
  const shares = weights.map((weight) => Number((BigInt(wanted) * BigInt(weight)) / BigInt(total)))
  let left = wanted - shares.reduce((sum, share) => sum + share, 0)
  for (let index = weights.length - 1; index >= 0 && left > 0; index--) {
    const share = shares[index] ?? 0
    const more = Math.min(left, (weights[index] ?? 0) - share)
    shares[index] = share + more
    left -= more
  }
  return shares
}
