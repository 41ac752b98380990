// Puts what the command needs into few files beside the others in `dist`: hundreds of small ones take Node longer to find
// and read than the simulator takes to start. Done when the package is packed, and undone (`--remove`) afterwards, so that
// a checkout never runs yesterday's bundle.
import { readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))

for (const name of readdirSync(dist)) if (/^bundle(-[\w-]+)?\.js$/.test(name)) rmSync(dist + name)
if (!process.argv.includes('--remove')) {
  const bundle = await rolldown({ input: `${dist}cli.js`, platform: 'node', external: ['pdfkit', 'stripe'] })
  await bundle.write({
    dir: dist,
    format: 'esm',
    entryFileNames: 'bundle.js',
    chunkFileNames: 'bundle-[name].js',
    minify: true,
  })
  await bundle.close()
}
