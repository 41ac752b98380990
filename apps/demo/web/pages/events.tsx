import type { ReactNode } from 'react'
import { Loaded } from '../components/parts.js'
import { instantInWords } from '../instant.js'
import { useLoad } from '../use-load.js'
import { useOnTravel } from '../use-on-travel.js'

interface Receipt {
  readonly eventId: string
  readonly type: string
  readonly subject: string | null
  readonly createdAt: number
  readonly receivedAt: number
  readonly processedAt: number | null
  readonly attempts: number
  readonly lastError: string | null
}

interface DeadLetter {
  readonly kind: string
  readonly subject: string
  readonly attempts: number
  readonly error: string
}

interface Events {
  readonly receipts: readonly Receipt[]
  readonly deadLetters: readonly DeadLetter[]
}

export function EventsPage(): ReactNode {
  const { load, reload } = useLoad<Events>('/events')
  useOnTravel(reload)
  return (
    <>
      <div className="head">
        <div>
          <h1>Events</h1>
          <p className="lead">
            Every webhook the product received: stored first, answered, then worked on. For developers, so in Stripe’s
            words.
          </p>
        </div>
        <button type="button" className="button" onClick={() => void reload()}>
          Refresh
        </button>
      </div>
      <Loaded load={load} reload={reload} height={320}>
        {({ receipts, deadLetters }) => (
          <>
            {deadLetters.length > 0 && <DeadLetters letters={deadLetters} />}
            <section className="card" aria-label="Received events">
              {receipts.length === 0 ? (
                <p className="empty">No event yet. Choose a plan on the pricing page.</p>
              ) : (
                <ReceiptTable receipts={receipts} />
              )}
            </section>
          </>
        )}
      </Loaded>
    </>
  )
}

function DeadLetters({ letters }: { letters: readonly DeadLetter[] }): ReactNode {
  return (
    <section className="stack" aria-label="Dead letters">
      {letters.map(({ kind, subject, attempts, error }) => (
        <p key={`${kind} ${subject}`} className="notice red">
          {kind} <code>{subject}</code> was set aside after {attempts} attempts: {error}
        </p>
      ))}
    </section>
  )
}

function ReceiptTable({ receipts }: { receipts: readonly Receipt[] }): ReactNode {
  return (
    <div className="table-wrap" tabIndex={0} role="region" aria-label="Received events, newest first">
      <table>
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">Subject</th>
            <th scope="col">Happened</th>
            <th scope="col">State</th>
            <th scope="col" className="number">
              Tries so far
            </th>
          </tr>
        </thead>
        <tbody>
          {receipts.map((receipt) => (
            <tr key={receipt.eventId}>
              <td className="mono">
                {receipt.type}
                <span className="details">{receipt.eventId}</span>
              </td>
              <td className="mono">{receipt.subject ?? '–'}</td>
              <td>{instantInWords(new Date(receipt.createdAt * 1000))}</td>
              <td>
                <ReceiptState receipt={receipt} />
              </td>
              <td className="number">{receipt.processedAt === null ? receipt.attempts : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ReceiptState({ receipt }: { receipt: Receipt }): ReactNode {
  if (receipt.processedAt !== null) return <span className="badge green">processed</span>
  if (receipt.lastError !== null)
    return (
      <span className="badge red" title={receipt.lastError}>
        failed, will retry
      </span>
    )
  return <span className="badge amber">received</span>
}
