#!/usr/bin/env node
// npm links a command only to a file that is there at install time, which what is built is not in a fresh checkout.
import '../dist/cli.js'
