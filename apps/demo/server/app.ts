import { serveStatic } from '@hono/node-server/serve-static'
import { Hono, type Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoBilling } from './billing.js'
import type { Mailbox } from './mailbox.js'
import type { Step, TimeMachine } from './time-machine.js'
import type { User, Users } from './users.js'

export const SESSION_COOKIE = 'fieldnotes_session'

export interface AppParts {
  readonly billing: DemoBilling
  readonly users: Users
  readonly mailbox: Mailbox
  /** `null` where real Stripe is used: nobody can move its time. */
  readonly timeMachine: TimeMachine | null
  /** Where the simulator's own pages are, for the links in the footer. */
  readonly simulatorUrl: string | null
  readonly origin: string
  readonly webRoot: string
}

type Env = { Variables: { user: User } }

/** The product: its own API, Paywright's one route, and the built front end. */
export function createApp(parts: AppParts): Hono<Env> {
  const app = new Hono<Env>()
  app.all('/api/billing/*', (context) => parts.billing.handler(context.req.raw))
  app.use('/api/*', async (context, next) => {
    const origin = context.req.header('origin')
    if (context.req.method !== 'GET' && origin !== parts.origin) {
      return refuse(context, 403, 'This request came from another site; open the product and try again there.')
    }
    return next()
  })
  addSession(app, parts)
  app.use('/api/*', async (context, next) => {
    const user = await parts.users.bySession(getCookie(context, SESSION_COOKIE) ?? '')
    if (user === null) return refuse(context, 401, 'Sign in first.')
    context.set('user', user)
    return next()
  })
  addProduct(app, parts)
  addDemoTools(app, parts)
  addFrontEnd(app, parts.webRoot)
  return app
}

function refuse(context: Context, status: 400 | 401 | 403 | 404 | 409, message: string): Response {
  return context.json({ error: { code: 'refused', message } }, status)
}

async function bodyOf(context: Context): Promise<Record<string, unknown>> {
  const body: unknown = await context.req.json().catch(() => null)
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}

function addSession(app: Hono<Env>, { users, timeMachine, simulatorUrl }: AppParts): void {
  app.get('/api/session', async (context) => {
    const user = await users.bySession(getCookie(context, SESSION_COOKIE) ?? '')
    return context.json({ user, simulatorUrl, canTravel: timeMachine !== null })
  })
  app.post('/api/session', async (context) => {
    const { email } = await bodyOf(context)
    if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())) {
      return refuse(context, 400, 'Enter an e-mail address such as ada@example.com.')
    }
    const token = await users.signIn(email.trim().toLowerCase())
    setCookie(context, SESSION_COOKIE, token, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 60 * 60 * 24 * 30 })
    return context.json({ ok: true })
  })
  app.delete('/api/session', async (context) => {
    await users.signOut(getCookie(context, SESSION_COOKIE) ?? '')
    deleteCookie(context, SESSION_COOKIE, { path: '/' })
    return context.json({ ok: true })
  })
}

/** What the product does for its users, each act guarded by what their plan allows. */
function addProduct(app: Hono<Env>, { billing, users }: AppParts): void {
  app.get('/api/projects', async (context) => context.json({ projects: await users.projects(context.var.user.id) }))
  app.post('/api/projects', async (context) => {
    const { name } = await bodyOf(context)
    if (typeof name !== 'string' || name.trim() === '') return refuse(context, 400, 'Give the project a name.')
    const access = await billing.access(context.var.user.id)
    const limit = access.limit('projects')
    const added = await users.addProject(context.var.user.id, name.trim().slice(0, 80), Math.min(limit, 1_000_000))
    if (added) return context.json({ ok: true }, 201)
    return refuse(context, 409, `Your plan has room for ${limit} projects. Upgrade to add more.`)
  })
  app.delete('/api/projects/:id', async (context) => {
    await users.removeProject(context.var.user.id, context.req.param('id'))
    return context.json({ ok: true })
  })
  app.get('/api/export', async (context) => {
    const access = await billing.access(context.var.user.id)
    if (!access.has('export')) return refuse(context, 403, 'Export is part of Pro. Upgrade to use it.')
    const projects = await users.projects(context.var.user.id)
    const csv = ['id,name', ...projects.map(({ id, name }) => `${id},"${name.replaceAll('"', '""')}"`)].join('\r\n')
    return context.body(csv, 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="projects.csv"',
    })
  })
}

function addDemoTools(app: Hono<Env>, { billing, mailbox, timeMachine }: AppParts): void {
  app.get('/api/mailbox', async (context) => context.json({ mails: await mailbox.list(context.var.user.email) }))
  app.get('/api/events', async (context) => {
    const [receipts, deadLetters, health] = await Promise.all([
      billing.receipts(),
      billing.deadLetters(),
      billing.health(),
    ])
    return context.json({ receipts, deadLetters, health })
  })
  app.get('/api/clock', (context) => context.json({ now: timeMachine?.now() ?? null }))
  app.post('/api/clock', async (context) => {
    if (timeMachine === null) return refuse(context, 409, 'Real Stripe keeps its own time; use a test clock there.')
    const { step } = await bodyOf(context)
    if (step !== 'day' && step !== 'renewal' && step !== 'month') {
      return refuse(context, 400, 'Travel by "day", "renewal" or "month".')
    }
    const subscriptions = await billing.subscriptions.list({ customerId: context.var.user.id })
    const ends = subscriptions.flatMap(({ status, currentPeriodEnd }) =>
      status !== 'canceled' && currentPeriodEnd !== null ? [currentPeriodEnd] : [],
    )
    await timeMachine.travel(step satisfies Step, ends.length === 0 ? null : Math.min(...ends))
    return context.json({ now: timeMachine.now() })
  })
  app.all('/api/*', (context) => refuse(context, 404, 'There is no such address in this product.'))
}

function addFrontEnd(app: Hono<Env>, webRoot: string): void {
  app.use('/assets/*', serveStatic({ root: webRoot }))
  const page = readFileSync(join(webRoot, 'index.html'), 'utf8')
  app.get('*', (context) => context.html(page))
}
