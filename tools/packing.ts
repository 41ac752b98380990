/** What `npm pack --json` tells about a tarball, as far as we look at it. */
export interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

const NEEDED = ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']
// The public test kit is `dist/testing`; deeper ones are made for tests beside them.
const UNWANTED = /\.test\.|\.tsbuildinfo$|^dist\/.+\/testing\//

/** What a tarball lacks, and what should have stayed at home. */
export function findPackingMistakes({ files }: Packed): readonly string[] {
  const paths = files.map(({ path }) => path)
  return [
    ...NEEDED.filter((path) => !paths.includes(path)).map((path) => `${path} is missing: write or build it.`),
    ...paths
      .filter((path) => UNWANTED.test(path))
      .map((path) => `${path} is packed: exclude it in "files" of package.json.`),
  ]
}
