#!/usr/bin/env node
// npm links a command only to a file that is there at install time, which what is built is not in a fresh checkout.
import { existsSync } from 'node:fs'

// The package has all in a few files, which start in a third of the time; a checkout runs what was compiled last.
const bundle = new URL('../dist/bundle.js', import.meta.url)
await import(existsSync(bundle) ? bundle.href : '../dist/cli.js')
