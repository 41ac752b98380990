import { formatAmount, formatDate, PortalButton, useBilling } from '@paywright/react'
import type { BillingState, InvoiceJson, SubscriptionJson } from 'paywright'
import { useState, type ReactNode } from 'react'
import { Confirm } from '../components/confirm.js'
import { Failure, Loaded, Status } from '../components/parts.js'
import { Link } from '../router.js'
import { useLoad } from '../use-load.js'
import { useOnTravel } from '../use-on-travel.js'

export function BillingPage(): ReactNode {
  const { status, state, loadError, refresh } = useBilling()
  return (
    <>
      <h1>Billing</h1>
      {status === 'loading' && <div className="skeleton" role="status" aria-label="Loading" style={{ height: 240 }} />}
      {loadError !== null && <Failure message={loadError.message} onRetry={refresh} />}
      {state !== null && (
        <>
          <div className="columns">
            <PlanCard state={state} />
            <CardCard state={state} />
          </div>
          <Invoices />
        </>
      )}
    </>
  )
}

function PlanCard({ state }: { state: BillingState }): ReactNode {
  const { subscription, nextCharge, access } = state
  return (
    <section className="card" aria-label="Plan">
      <header>
        <h2>{state.plan.name}</h2>
        {subscription !== null && <Status status={statusOf(subscription)} />}
      </header>
      <div className="body stack">
        <dl className="facts">
          <dt>Next charge</dt>
          <dd>
            {nextCharge === null
              ? 'None'
              : `${formatAmount(nextCharge.amount, nextCharge.currency)} on ${formatDate(nextCharge.at)}`}
          </dd>
          {access.trialEndsAt !== null && (
            <>
              <dt>Trial ends</dt>
              <dd>{formatDate(access.trialEndsAt)}</dd>
            </>
          )}
          {subscription?.endsAt != null && (
            <>
              <dt>Ends</dt>
              <dd>{formatDate(subscription.endsAt)}</dd>
            </>
          )}
        </dl>
        <PlanActions state={state} />
      </div>
    </section>
  )
}

/** Stripe calls a subscription active until its last day; the customer wants to see that it ends. */
function statusOf({ status, endsAt }: SubscriptionJson): string {
  return endsAt !== null && (status === 'active' || status === 'trialing') ? 'ending' : status
}

function PlanActions({ state }: { state: BillingState }): ReactNode {
  const { cancel, resume, pending, actionError } = useBilling()
  const [isAsking, setAsking] = useState(false)
  const { subscription } = state
  if (subscription === null) {
    return (
      <p>
        <Link to="/" className="button primary">
          Choose a plan
        </Link>
      </p>
    )
  }
  const isBusy = pending !== null
  const stop = (): void => void cancel().then(() => setAsking(false))
  const end =
    subscription.currentPeriodEnd === null ? 'the end of the period' : formatDate(subscription.currentPeriodEnd)
  return (
    <>
      <div className="inline-form">
        <PortalButton returnPath="/billing" className="button">
          Manage billing
        </PortalButton>
        {subscription.endsAt === null ? (
          <button type="button" className="button danger" aria-disabled={isBusy} onClick={() => setAsking(true)}>
            Cancel at period end
          </button>
        ) : (
          <button type="button" className="button primary" aria-disabled={isBusy} onClick={() => void resume()}>
            Keep {state.plan.name}
          </button>
        )}
      </div>
      {actionError !== null && actionError.action !== 'portal' && <Failure message={actionError.message} />}
      {isAsking && (
        <Confirm
          title={`Cancel ${state.plan.name}?`}
          act="Cancel at period end"
          isBusy={isBusy}
          onAct={stop}
          onClose={() => setAsking(false)}
        >
          <p>
            You keep {state.plan.name} until {end}. After that you are on Free, and nothing more is charged. You can
            undo this until then.
          </p>
        </Confirm>
      )}
    </>
  )
}

function CardCard({ state }: { state: BillingState }): ReactNode {
  const { paymentMethod } = state
  return (
    <section className="card" aria-label="Payment method">
      <header>
        <h2>Payment method</h2>
      </header>
      <div className="body stack">
        {paymentMethod === null ? (
          <p className="muted small">No card yet. You give one at checkout.</p>
        ) : (
          <p>
            {brandName(paymentMethod.brand ?? paymentMethod.type)} ending in {paymentMethod.last4 ?? '····'}
            <br />
            <span className="muted small">
              Expires {String(paymentMethod.expMonth ?? 0).padStart(2, '0')}/{paymentMethod.expYear}
            </span>
          </p>
        )}
        {state.hasStripeCustomer && (
          <div>
            <PortalButton flow="payment_method_update" returnPath="/billing" className="button">
              Update card
            </PortalButton>
          </div>
        )}
      </div>
    </section>
  )
}

const BRANDS: Readonly<Record<string, string>> = { amex: 'American Express', jcb: 'JCB', unionpay: 'UnionPay' }

function brandName(brand: string): string {
  return BRANDS[brand] ?? brand.charAt(0).toUpperCase() + brand.slice(1).replaceAll('_', ' ')
}

function Invoices(): ReactNode {
  const { load, reload } = useLoad<{ invoices: readonly InvoiceJson[] }>('/billing/invoices')
  useOnTravel(reload)
  return (
    <section className="card" aria-label="Invoices">
      <header>
        <h2>Invoices</h2>
      </header>
      <Loaded load={load} reload={reload} height={120}>
        {({ invoices }) =>
          invoices.length === 0 ? (
            <p className="empty">No invoices yet. The first one comes with your first payment.</p>
          ) : (
            <InvoiceTable invoices={invoices} />
          )
        }
      </Loaded>
    </section>
  )
}

function InvoiceTable({ invoices }: { invoices: readonly InvoiceJson[] }): ReactNode {
  return (
    <div className="table-wrap" tabIndex={0} role="region" aria-label="Invoices, newest first">
      <table>
        <thead>
          <tr>
            <th scope="col">Invoice</th>
            <th scope="col">Status</th>
            <th scope="col" className="number">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {invoices.map((invoice) => (
            <tr key={invoice.id}>
              <td>
                {invoice.hostedInvoiceUrl === null ? (
                  (invoice.number ?? 'Not numbered yet')
                ) : (
                  <a href={invoice.hostedInvoiceUrl}>{invoice.number}</a>
                )}
                <span className="details">{formatDate(invoice.createdAt)}</span>
              </td>
              <td>
                <Status status={invoice.status} />
              </td>
              <td className="number">{formatAmount(invoice.total, invoice.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
