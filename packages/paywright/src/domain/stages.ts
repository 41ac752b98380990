/**
 * Stages of an object's life, by kind and status: an object never goes back to an earlier one. So of two of its states,
 * the one of the later stage is the newer, whatever their times say; within a stage either may follow on the other. Only
 * what Stripe's reference states is in here, and a status that is not is compared with none.
 * docs/how-sync-works.md has the reasons.
 */
const STAGES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  // Nothing goes back to `incomplete`, and both ends are final.
  subscription: {
    incomplete: 0,
    trialing: 1,
    active: 1,
    past_due: 1,
    unpaid: 1,
    paused: 1,
    canceled: 2,
    incomplete_expired: 2,
  },
  // A draft is finalized once; what is uncollectible can still become paid or void, and these are final.
  invoice: { draft: 0, open: 1, uncollectible: 2, paid: 3, void: 3 },
  subscriptionSchedule: { not_started: 0, active: 1, completed: 2, released: 2, canceled: 2 },
  paymentIntent: {
    requires_payment_method: 0,
    requires_confirmation: 0,
    requires_action: 0,
    requires_capture: 0,
    processing: 0,
    succeeded: 1,
    canceled: 1,
  },
  charge: { pending: 0, succeeded: 1, failed: 1 },
  // A refund that succeeded can still fail.
  refund: { pending: 0, requires_action: 0, succeeded: 1, failed: 2, canceled: 2 },
  creditNote: { issued: 0, void: 1 },
  checkoutSession: { open: 0, complete: 1, expired: 1 },
}

/** Whether an object of this kind must have had the one status after it had the other. */
export function isLaterStatus(kind: string, one: unknown, other: unknown): boolean {
  const [stage, before] = [stageOf(kind, one), stageOf(kind, other)]
  return stage !== null && before !== null && stage > before
}

function stageOf(kind: string, status: unknown): number | null {
  return typeof status === 'string' ? (STAGES[kind]?.[status] ?? null) : null
}
