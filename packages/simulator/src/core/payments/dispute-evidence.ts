import type Stripe from 'stripe'
import { notSimulated } from '../error.js'
import type { Records } from '../records.js'

type Evidence = Records['disputes']['evidence']

export const NO_EVIDENCE: Evidence = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}

/** The evidence after an update: what is not named stays, what is named empty goes. */
export function mergeEvidence(before: Evidence, update: Stripe.DisputeUpdateParams.Evidence): Evidence {
  const { appeal, enhanced_evidence: enhanced, ...texts } = update
  if (appeal !== undefined) throw notSimulated('An appeal against a lost dispute', 'evidence[appeal]')
  const given = Object.entries(texts).map(([name, text]) => [name, text === '' ? null : text])
  return {
    ...before,
    ...Object.fromEntries(given),
    ...(enhanced !== undefined && {
      enhanced_evidence: enhanced === '' || enhanced === null ? {} : enhancedOf(before, enhanced),
    }),
  }
}

function enhancedOf(
  before: Evidence,
  update: Exclude<Stripe.DisputeUpdateParams.Evidence['enhanced_evidence'], '' | null | undefined>,
): Evidence['enhanced_evidence'] {
  const { visa_compelling_evidence_3: compelling, visa_compliance: compliance } = update
  if (compelling !== undefined) {
    throw notSimulated('Visa Compelling Evidence 3.0', 'evidence[enhanced_evidence][visa_compelling_evidence_3]')
  }
  const { mastercard_compliance: mastercard } = update
  return {
    ...before.enhanced_evidence,
    ...(mastercard !== undefined && {
      mastercard_compliance: { fee_acknowledged: mastercard.fee_acknowledged === true },
    }),
    ...(compliance !== undefined && { visa_compliance: { fee_acknowledged: compliance.fee_acknowledged === true } }),
  }
}
