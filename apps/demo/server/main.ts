import { serve } from '@hono/node-server'
import { createSimulator } from '@paywright/simulator'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApp, SESSION_COOKIE } from './app.js'
import { createDemoBilling } from './billing.js'
import { readConfig, type DemoConfig } from './config.js'
import { openDatabase } from './database.js'
import { createMailbox } from './mailbox.js'
import { createTimeMachine } from './time-machine.js'
import { createUsers } from './users.js'

const WEB_ROOT = fileURLToPath(new URL('../web', import.meta.url))

function sessionToken(request: Request): string {
  const cookies = request.headers.get('cookie') ?? ''
  return new RegExp(`(?:^|; )${SESSION_COOKIE}=([^;]*)`).exec(cookies)?.[1] ?? ''
}
