import { useState, type ReactNode } from 'react'
import { Loaded } from '../components/parts.js'
import { instantInWords } from '../instant.js'
import { useLoad } from '../use-load.js'
import { useOnTravel } from '../use-on-travel.js'

interface Mail {
  readonly key: string
  readonly subject: string
  readonly html: string
  readonly sentAt: string
}

export function MailboxPage(): ReactNode {
  const { load, reload } = useLoad<{ mails: readonly Mail[] }>('/mailbox')
  useOnTravel(reload)
  return (
    <>
      <div>
        <h1>Mailbox</h1>
        <p className="lead">What the product sent you. In this demo nothing leaves the machine.</p>
      </div>
      <Loaded load={load} reload={reload} height={240}>
        {({ mails }) => <Mails mails={mails} />}
      </Loaded>
    </>
  )
}

function Mails({ mails }: { mails: readonly Mail[] }): ReactNode {
  const [open, setOpen] = useState<string | null>(null)
  if (mails.length === 0) {
    return <p className="card empty">No mail yet. Pay with the card that fails later, then travel a month.</p>
  }
  return (
    <div className="stack">
      {mails.map((mail) => (
        <article key={mail.key} className="card">
          <header>
            <h2 className="small">{mail.subject}</h2>
            <span className="small muted">{instantInWords(new Date(mail.sentAt))}</span>
            <button
              type="button"
              className="button"
              aria-expanded={open === mail.key}
              onClick={() => setOpen(open === mail.key ? null : mail.key)}
            >
              {open === mail.key ? 'Close' : 'Read'}
            </button>
          </header>
          {open === mail.key && (
            <iframe
              className="mail-frame"
              title={mail.subject}
              sandbox="allow-popups allow-top-navigation-by-user-activation"
              srcDoc={mail.html}
            />
          )}
        </article>
      ))}
    </div>
  )
}
