import type { OutboxRow } from '../engine/ports.js'
import type { InboxContext } from './context.js'
import { describeError } from './describe-error.js'
import { retryAt } from './policy.js'

/** Tells what one message of the outbox says. A fault is kept with the message, which is tried again later. */
export async function deliver(context: InboxContext, row: OutboxRow, token: string): Promise<'delivered' | 'failed'> {
  const { store, clock } = context
  try {
    await withinLease(context, tell(context, row))
  } catch (error) {
    await giveBack(context, row, { token, error })
    return 'failed'
  }
  await store.finishOutbox(row, token, clock.now())
  return 'delivered'
}

async function tell({ handlers, mail, policy }: InboxContext, { message, attempts }: OutboxRow): Promise<void> {
  if (attempts > policy.maxAttempts) {
    throw new Error(`It was begun ${attempts - 1} times and never came to an end.`)
  }
  switch (message.topic) {
    case 'effect':
      return handlers.call(message.effect)
    case 'mail':
      if (mail === null) throw new Error('The mail was written by a process that sends mail, and this one does not.')
      return mail.mailer.send(message.mail)
  }
}

/** When the lease has ended, others take the message; a handler that never returns must not keep this lane either. */
async function withinLease({ wait, policy }: InboxContext, work: Promise<void>): Promise<void> {
  const done = new AbortController()
  const failLate = async (): Promise<void> => {
    await wait(policy.leaseSeconds * 1000, done.signal)
    if (!done.signal.aborted) throw new Error(`It took longer than ${policy.leaseSeconds} seconds.`)
  }
  try {
    await Promise.race([work, failLate()])
  } finally {
    done.abort()
  }
}

async function giveBack(
  context: InboxContext,
  row: OutboxRow,
  { token, error: fault }: { token: string; error: unknown },
): Promise<void> {
  const { store, clock, log, policy, random } = context
  const now = clock.now()
  const next = retryAt(policy, { attempts: row.attempts, now, random: random() })
  const error = describeError(fault)
  const fields = { subject: row.subject, topic: row.message.topic, attempts: row.attempts, error }
  if (next === null) log.error('A message could not be delivered and is set aside.', fields)
  else log.warn('A message could not be delivered and is tried again.', fields)
  await store.releaseOutbox(row, { token, error, retryAt: next, now })
}
