import type Stripe from 'stripe'
import type { ExpectedRow } from './expected-row.js'
import { everyPage, idOf, rawOf } from './stripe-lists.js'

/**
 * What Stripe says of a customer besides what access is decided from, as rows of the mirror; written from Stripe's
 * reference, like all of the truth.
 */
export async function recordTruth(stripe: Stripe, customer: string): Promise<readonly ExpectedRow[]> {
  const page = { customer, limit: 100 }
  const [charges, intents, notes, sessions, taxIds, schedules, entitlements, subscriptions] = await Promise.all([
    everyPage(stripe.charges.list(page)),
    everyPage(stripe.paymentIntents.list(page)),
    everyPage(stripe.creditNotes.list(page)),
    everyPage(stripe.checkout.sessions.list(page)),
    everyPage(stripe.customers.listTaxIds(customer, { limit: 100 })),
    everyPage(stripe.subscriptionSchedules.list(page)),
    everyPage(stripe.entitlements.activeEntitlements.list(page)),
    everyPage(stripe.subscriptions.list({ ...page, status: 'all', expand: ['data.discounts'] })),
  ])
  const refunds = await Promise.all(charges.map(({ id }) => everyPage(stripe.refunds.list({ charge: id, limit: 100 }))))
  const disputed = charges.filter((charge) => charge.disputed)
  const disputes = await Promise.all(
    disputed.map(({ id }) => everyPage(stripe.disputes.list({ charge: id, limit: 100 }))),
  )
  const discounts = subscriptions.flatMap((subscription) =>
    subscription.discounts.filter((it) => typeof it !== 'string'),
  )
  return [
    ...charges.map(chargeRow),
    ...intents.map(paymentIntentRow),
    ...refunds.flat().map(refundRow),
    ...disputes.flat().map(disputeRow),
    ...notes.map(creditNoteRow),
    ...sessions.map(sessionRow),
    ...taxIds.map(taxIdRow),
    ...schedules.map(scheduleRow),
    ...entitlements.map(entitlementRow),
    ...discounts.map(discountRow),
  ]
}

/** What Stripe says of features, coupons, promotion codes and meters. */
export async function catalogRecordTruth(stripe: Stripe): Promise<readonly ExpectedRow[]> {
  const [features, coupons, codes, meters] = await Promise.all([
    everyPage(stripe.entitlements.features.list({ limit: 100 })),
    everyPage(stripe.coupons.list({ limit: 100 })),
    everyPage(stripe.promotionCodes.list({ limit: 100 })),
    everyPage(stripe.billing.meters.list({ limit: 100 })),
  ])
  return [
    ...features.map((feature) =>
      row('features', feature, { name: feature.name, lookup_key: feature.lookup_key, is_active: feature.active }),
    ),
    ...coupons.map((coupon) =>
      row('coupons', coupon, {
        percent_off: coupon.percent_off,
        amount_off: coupon.amount_off,
        currency: coupon.currency,
        duration: coupon.duration,
        is_valid: coupon.valid,
        created_at: coupon.created,
      }),
    ),
    ...codes.map((code) =>
      row('promotion_codes', code, {
        code: code.code,
        stripe_coupon_id: idOf(code.promotion.coupon),
        is_active: code.active,
        created_at: code.created,
      }),
    ),
    ...meters.map((meter) =>
      row('meters', meter, {
        event_name: meter.event_name,
        status: meter.status,
        aggregation: meter.default_aggregation.formula,
        created_at: meter.created,
      }),
    ),
  ]
}

function row(table: string, object: { readonly id: string }, columns: ExpectedRow['columns']): ExpectedRow {
  return { table, id: object.id, columns: { ...columns, object: rawOf(object), deleted_at: null } }
}

export function lineRow(line: Stripe.InvoiceLineItem): ExpectedRow {
  const { parent, pricing } = line
  const prices = pricing?.price_details
  return row('invoice_lines', line, {
    stripe_invoice_id: line.invoice,
    stripe_subscription_id: parent?.subscription_item_details?.subscription ?? idOf(line.subscription),
    stripe_subscription_item_id: parent?.subscription_item_details?.subscription_item ?? null,
    stripe_price_id: idOf(prices?.price),
    stripe_product_id: prices?.product ?? null,
    description: line.description,
    currency: line.currency,
    amount: line.amount,
    quantity: line.quantity,
    period_start: line.period.start,
    period_end: line.period.end,
  })
}

function chargeRow(charge: Stripe.Charge): ExpectedRow {
  return row('charges', charge, {
    stripe_customer_id: idOf(charge.customer),
    stripe_payment_intent_id: idOf(charge.payment_intent),
    stripe_payment_method_id: charge.payment_method,
    status: charge.status,
    currency: charge.currency,
    amount: charge.amount,
    amount_captured: charge.amount_captured,
    amount_refunded: charge.amount_refunded,
    is_paid: charge.paid,
    is_captured: charge.captured,
    is_refunded: charge.refunded,
    is_disputed: charge.disputed,
    failure_code: charge.failure_code,
    receipt_url: charge.receipt_url,
    created_at: charge.created,
  })
}

function paymentIntentRow(intent: Stripe.PaymentIntent): ExpectedRow {
  return row('payment_intents', intent, {
    stripe_customer_id: idOf(intent.customer),
    stripe_payment_method_id: idOf(intent.payment_method),
    latest_charge_id: idOf(intent.latest_charge),
    status: intent.status,
    currency: intent.currency,
    amount: intent.amount,
    amount_received: intent.amount_received,
    last_error_code: intent.last_payment_error?.code ?? null,
    created_at: intent.created,
    canceled_at: intent.canceled_at,
  })
}

function refundRow(refund: Stripe.Refund): ExpectedRow {
  return row('refunds', refund, {
    stripe_charge_id: idOf(refund.charge),
    stripe_payment_intent_id: idOf(refund.payment_intent),
    status: refund.status,
    currency: refund.currency,
    amount: refund.amount,
    reason: refund.reason,
    created_at: refund.created,
  })
}

function disputeRow(dispute: Stripe.Dispute): ExpectedRow {
  return row('disputes', dispute, {
    stripe_charge_id: idOf(dispute.charge),
    stripe_payment_intent_id: idOf(dispute.payment_intent),
    status: dispute.status,
    reason: dispute.reason,
    currency: dispute.currency,
    amount: dispute.amount,
    evidence_due_at: dispute.evidence_details.due_by,
    created_at: dispute.created,
  })
}

function creditNoteRow(note: Stripe.CreditNote): ExpectedRow {
  return row('credit_notes', note, {
    stripe_invoice_id: idOf(note.invoice),
    number: note.number,
    type: note.type,
    status: note.status,
    currency: note.currency,
    amount: note.amount,
    total: note.total,
    created_at: note.created,
    voided_at: note.voided_at,
  })
}

/** Of a page that is still open no event tells, so it may not be known yet. */
function sessionRow(session: Stripe.Checkout.Session): ExpectedRow {
  const isOptional = session.status === 'open'
  const expected = row('checkout_sessions', session, {
    stripe_subscription_id: idOf(session.subscription),
    stripe_invoice_id: idOf(session.invoice),
    mode: session.mode,
    status: session.status,
    payment_status: session.payment_status,
    currency: session.currency,
    amount_total: session.amount_total,
    created_at: session.created,
    expires_at: session.expires_at,
  })
  return isOptional ? { ...expected, columns: {}, isOptional } : expected
}

function taxIdRow(taxId: Stripe.TaxId): ExpectedRow {
  return row('tax_ids', taxId, {
    type: taxId.type,
    value: taxId.value,
    country: taxId.country,
    verification_status: taxId.verification?.status ?? null,
    created_at: taxId.created,
  })
}

function scheduleRow(schedule: Stripe.SubscriptionSchedule): ExpectedRow {
  return row('subscription_schedules', schedule, {
    stripe_subscription_id: idOf(schedule.subscription),
    status: schedule.status,
    end_behavior: schedule.end_behavior,
    current_phase_start: schedule.current_phase?.start_date ?? null,
    current_phase_end: schedule.current_phase?.end_date ?? null,
    created_at: schedule.created,
    canceled_at: schedule.canceled_at,
    released_at: schedule.released_at,
  })
}

function entitlementRow(entitlement: Stripe.Entitlements.ActiveEntitlement): ExpectedRow {
  return row('active_entitlements', entitlement, {
    stripe_feature_id: idOf(entitlement.feature),
    lookup_key: entitlement.lookup_key,
  })
}

export function discountRow(discount: Stripe.Discount): ExpectedRow {
  return row('discounts', discount, {
    stripe_subscription_id: idOf(discount.subscription),
    stripe_coupon_id: idOf(discount.source.coupon),
    stripe_promotion_code_id: idOf(discount.promotion_code),
    start_at: discount.start,
    end_at: discount.end,
  })
}
