import type { Rule } from '../rule.js'
import { isGenerated } from '../source.js'

const BANNER = /[─━═=*#~_-]{4,}/u

/** A heading inside a file is a file that wants to be made. */
export const noBanners: Rule = {
  name: 'no-banners',
  appliesTo: (path) => !isGenerated(path),
  check(source) {
    return source.comments
      .filter(({ value }) => BANNER.test(value))
      .map(({ start }) => ({
        offset: start,
        message: 'No banner comments: let the order of the file speak, or move the part into a file of its own.',
      }))
  },
}
