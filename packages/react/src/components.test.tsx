import type { BillingState, PlansJson } from 'paywright'
import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { CheckoutButton } from './checkout-button.js'
import { createBillingClient, type BillingClient, type BillingFailure, type BillingSnapshot } from './client.js'
import { formatAmount, formatDate } from './format.js'
import { Gate } from './gate.js'
import { PastDueBanner } from './past-due-banner.js'
import { PortalButton } from './portal-button.js'
import { PricingTable } from './pricing-table.js'
import { BillingProvider } from './provider.js'

const FREE: BillingState = {
  customerId: 'ada',
  plan: { key: 'free', name: 'Free' },
  access: { reason: 'none', status: null, features: { projects: 3, export: false }, until: null, trialEndsAt: null },
  subscription: null,
  subscriptions: [],
  nextCharge: null,
  paymentMethod: null,
  pastDue: null,
  hasStripeCustomer: false,
}

const SUBSCRIPTION = {
  id: 'sub_1',
  plan: 'pro',
  status: 'active',
  interval: 'month',
  currentPeriodEnd: '2026-12-24T00:00:00.000Z',
  trialEndsAt: null,
  cancelAtPeriodEnd: false,
  endsAt: null,
} as const

const PRO: BillingState = {
  ...FREE,
  plan: { key: 'pro', name: 'Pro' },
  access: { ...FREE.access, features: { projects: 50, export: true } },
  subscription: SUBSCRIPTION,
  subscriptions: [SUBSCRIPTION],
}

const PLANS: PlansJson = {
  plans: [
    { key: 'free', name: 'Free', trialDays: null, features: { projects: 3 }, prices: [] },
    {
      key: 'pro',
      name: 'Pro',
      trialDays: null,
      features: { projects: 50, export: true, sso: false },
      prices: [{ interval: 'month', amount: 2000, currency: 'usd' }],
    },
    {
      key: 'team',
      name: 'Team',
      trialDays: 14,
      features: { projects: 'unlimited', audit_log: true },
      prices: [{ interval: 'month', amount: 4900, currency: 'usd' }],
    },
  ],
}

const FAILURE: BillingFailure = { code: 'network', message: 'We could not reach the server.', hint: 'Try again.' }

/** What a page shows when it is in this state, before anything is clicked. */
function shown(children: ReactNode, snapshot: Partial<BillingSnapshot>): string {
  const made = createBillingClient({ fetch: () => Promise.reject(new Error('Nothing is asked while rendering.')) })
  const client: BillingClient = { ...made, snapshot: () => ({ ...made.snapshot(), ...snapshot }) }
  return renderToString(<BillingProvider client={client}>{children}</BillingProvider>).replaceAll('<!-- -->', '')
}

const ready = (state: BillingState): Partial<BillingSnapshot> => ({ status: 'ready', state, plans: PLANS })

test('the pricing table holds its place while it loads, says what went wrong, and what there is not', () => {
  expect(shown(<PricingTable />, {})).toContain('role="status" aria-label="Loading the plans"')
  const failed = shown(<PricingTable />, { plansError: FAILURE })
  expect(failed).toContain('role="alert"')
  expect(failed).toContain('We could not reach the server. Try again.')
  expect(failed).toContain('>Try again</button>')
  expect(shown(<PricingTable />, { plans: { plans: [] } })).toContain('There is nothing for sale yet.')
})

test('the pricing table offers what the customer can do', () => {
  const free = shown(<PricingTable />, ready(FREE))
  expect(free).toContain(formatAmount(2000, 'usd'))
  expect(free).toContain('Choose Pro')
  expect(free).toContain('Start 14-day trial')
  expect(free).toContain('14 days free, then charged')
  expect(free.match(/Your plan/g)).toHaveLength(1)
  for (const line of ['50 projects', 'Export', 'Unlimited projects', 'Audit log']) expect(free).toContain(line)
  expect(free).not.toContain('Sso')
  const pro = shown(<PricingTable />, ready(PRO))
  expect(pro).not.toContain('Choose Pro')
  expect(pro).toContain('Change to Team')
})

test('the pricing table leads visitors where the product says', () => {
  const loadError = { ...FAILURE, code: 'not_signed_in' }
  const table = <PricingTable signedOut={({ name }) => <a href="/in">Sign in for {name}</a>} />
  expect(shown(table, { status: 'error', loadError, plans: PLANS })).toContain('<a href="/in">Sign in for Pro</a>')
  expect(shown(table, { status: 'error', loadError: FAILURE, plans: PLANS })).toContain(
    'We could not reach the server.',
  )
})

test('a button shows that it works, blocks the others, and shows its own refusal only', () => {
  const buttons = (
    <>
      <CheckoutButton plan="pro" interval="month">
        Upgrade
      </CheckoutButton>
      <PortalButton />
    </>
  )
  expect(shown(buttons, ready(FREE))).toMatch(/aria-disabled="false" aria-busy="false".*aria-busy="false"/)
  const pending = { action: 'checkout', detail: 'pro:month' } as const
  const working = shown(buttons, { ...ready(FREE), pending })
  expect(working).toMatch(/aria-disabled="true" aria-busy="true".*aria-disabled="true" aria-busy="false"/)
  expect(working).toContain('Upgrade')
  const actionError = { ...FAILURE, ...pending }
  expect(shown(buttons, { ...ready(FREE), actionError }).match(/role="alert"/g)).toHaveLength(1)
  expect(shown(<PortalButton />, { ...ready(FREE), actionError })).not.toContain('role="alert"')
})

test('a gate waits, fails, opens and stays closed', () => {
  const gate = (
    <Gate feature="export" fallback="Part of Pro">
      Export
    </Gate>
  )
  expect(shown(gate, {})).toContain('pw-skeleton')
  expect(shown(gate, { status: 'error', loadError: FAILURE })).toContain('We could not reach the server.')
  expect(shown(gate, ready(FREE))).toBe('Part of Pro')
  expect(shown(gate, ready(PRO))).toBe('Export')
  expect(shown(<Gate feature="unheard_of">Export</Gate>, ready(PRO))).toBe('')
})

test('the banner says what is due and when it is tried again, and is not there while all is paid', () => {
  expect(shown(<PastDueBanner />, ready(PRO))).toBe('')
  const pastDue = {
    amountDue: 2000,
    currency: 'usd',
    nextAttemptAt: '2026-12-27T12:00:00.000Z',
    hostedInvoiceUrl: 'https://pay.example/i/1',
  }
  const banner = shown(<PastDueBanner />, ready({ ...PRO, pastDue }))
  expect(banner).toContain(`Your payment of ${formatAmount(2000, 'usd')} did not go through.`)
  expect(banner).toContain(`We try again on ${formatDate(pastDue.nextAttemptAt)}.`)
  expect(banner).toContain('href="https://pay.example/i/1"')
  const last = { ...pastDue, nextAttemptAt: null, hostedInvoiceUrl: null }
  const lastBanner = shown(<PastDueBanner />, ready({ ...PRO, pastDue: last }))
  expect(lastBanner).toContain('We will not try again by ourselves.')
  expect(lastBanner).not.toContain('Pay now')
})

test('a component outside of the provider says what is missing', () => {
  expect(() => renderToString(<PortalButton />)).toThrow('put <BillingProvider> around')
})
