-- The whole mirror: objects of Stripe as they are, beside the columns; more kinds of them; and what is gone stays, marked.

-- Null: not seen since this column was added.
alter table paywright.stripe_customers add column object jsonb;
alter table paywright.subscriptions add column object jsonb;
alter table paywright.subscription_items add column object jsonb, add column deleted_at timestamptz;
alter table paywright.invoices add column object jsonb, add column deleted_at timestamptz;
alter table paywright.payment_methods add column object jsonb, add column deleted_at timestamptz;
alter table paywright.products add column object jsonb, add column deleted_at timestamptz;
alter table paywright.prices add column object jsonb, add column deleted_at timestamptz;

-- The last wish that only a read of all kinds fulfils.
alter table paywright.subjects add column deep_seq bigint not null default 0;

-- Records: what Postgres takes from the object by itself cannot disagree with it. Made by `createTable` of
-- store/mirror-record-tables.ts.

create table paywright.invoice_lines (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_invoice_line_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  stripe_invoice_id text generated always as (object ->> 'invoice') stored,
  stripe_subscription_id text generated always as (object ->> 'subscription') stored,
  stripe_subscription_item_id text generated always as (object #>> '{parent,subscription_item_details,subscription_item}') stored,
  stripe_price_id text generated always as (object #>> '{pricing,price_details,price}') stored,
  stripe_product_id text generated always as (object #>> '{pricing,price_details,product}') stored,
  description text generated always as (object ->> 'description') stored,
  currency text generated always as (object ->> 'currency') stored,
  amount bigint generated always as ((object ->> 'amount')::bigint) stored,
  subtotal bigint generated always as ((object ->> 'subtotal')::bigint) stored,
  quantity bigint generated always as ((object ->> 'quantity')::bigint) stored,
  is_proration boolean generated always as ((coalesce(object #>> '{parent,subscription_item_details,proration}', object #>> '{parent,invoice_item_details,proration}'))::boolean) stored,
  period_start timestamptz generated always as (to_timestamp((object #>> '{period,start}')::bigint)) stored,
  period_end timestamptz generated always as (to_timestamp((object #>> '{period,end}')::bigint)) stored,
  primary key (account, livemode, stripe_customer_id, stripe_invoice_line_id)
);

create table paywright.subscription_schedules (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_subscription_schedule_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  stripe_subscription_id text generated always as (object ->> 'subscription') stored,
  released_subscription_id text generated always as (object ->> 'released_subscription') stored,
  status text generated always as (object ->> 'status') stored,
  end_behavior text generated always as (object ->> 'end_behavior') stored,
  current_phase_start timestamptz generated always as (to_timestamp((object #>> '{current_phase,start_date}')::bigint)) stored,
  current_phase_end timestamptz generated always as (to_timestamp((object #>> '{current_phase,end_date}')::bigint)) stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  completed_at timestamptz generated always as (to_timestamp((object ->> 'completed_at')::bigint)) stored,
  canceled_at timestamptz generated always as (to_timestamp((object ->> 'canceled_at')::bigint)) stored,
  released_at timestamptz generated always as (to_timestamp((object ->> 'released_at')::bigint)) stored,
  primary key (account, livemode, stripe_customer_id, stripe_subscription_schedule_id)
);

create table paywright.payment_intents (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_payment_intent_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  stripe_payment_method_id text generated always as (object ->> 'payment_method') stored,
  latest_charge_id text generated always as (object ->> 'latest_charge') stored,
  status text generated always as (object ->> 'status') stored,
  currency text generated always as (object ->> 'currency') stored,
  amount bigint generated always as ((object ->> 'amount')::bigint) stored,
  amount_received bigint generated always as ((object ->> 'amount_received')::bigint) stored,
  amount_capturable bigint generated always as ((object ->> 'amount_capturable')::bigint) stored,
  capture_method text generated always as (object ->> 'capture_method') stored,
  cancellation_reason text generated always as (object ->> 'cancellation_reason') stored,
  last_error_code text generated always as (object #>> '{last_payment_error,code}') stored,
  last_error_decline_code text generated always as (object #>> '{last_payment_error,decline_code}') stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  canceled_at timestamptz generated always as (to_timestamp((object ->> 'canceled_at')::bigint)) stored,
  primary key (account, livemode, stripe_customer_id, stripe_payment_intent_id)
);

create table paywright.charges (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_charge_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  stripe_payment_intent_id text generated always as (object ->> 'payment_intent') stored,
  stripe_payment_method_id text generated always as (object ->> 'payment_method') stored,
  stripe_balance_transaction_id text generated always as (object ->> 'balance_transaction') stored,
  status text generated always as (object ->> 'status') stored,
  currency text generated always as (object ->> 'currency') stored,
  amount bigint generated always as ((object ->> 'amount')::bigint) stored,
  amount_captured bigint generated always as ((object ->> 'amount_captured')::bigint) stored,
  amount_refunded bigint generated always as ((object ->> 'amount_refunded')::bigint) stored,
  is_paid boolean generated always as ((object ->> 'paid')::boolean) stored,
  is_captured boolean generated always as ((object ->> 'captured')::boolean) stored,
  is_refunded boolean generated always as ((object ->> 'refunded')::boolean) stored,
  is_disputed boolean generated always as ((object ->> 'disputed')::boolean) stored,
  failure_code text generated always as (object ->> 'failure_code') stored,
  failure_message text generated always as (object ->> 'failure_message') stored,
  receipt_url text generated always as (object ->> 'receipt_url') stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  primary key (account, livemode, stripe_customer_id, stripe_charge_id)
);

create table paywright.refunds (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_refund_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  stripe_charge_id text generated always as (object ->> 'charge') stored,
  stripe_payment_intent_id text generated always as (object ->> 'payment_intent') stored,
  stripe_balance_transaction_id text generated always as (object ->> 'balance_transaction') stored,
  status text generated always as (object ->> 'status') stored,
  currency text generated always as (object ->> 'currency') stored,
  amount bigint generated always as ((object ->> 'amount')::bigint) stored,
  reason text generated always as (object ->> 'reason') stored,
  failure_reason text generated always as (object ->> 'failure_reason') stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  primary key (account, livemode, stripe_customer_id, stripe_refund_id)
);

create table paywright.disputes (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_dispute_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  stripe_charge_id text generated always as (object ->> 'charge') stored,
  stripe_payment_intent_id text generated always as (object ->> 'payment_intent') stored,
  status text generated always as (object ->> 'status') stored,
  reason text generated always as (object ->> 'reason') stored,
  currency text generated always as (object ->> 'currency') stored,
  amount bigint generated always as ((object ->> 'amount')::bigint) stored,
  is_charge_refundable boolean generated always as ((object ->> 'is_charge_refundable')::boolean) stored,
  evidence_due_at timestamptz generated always as (to_timestamp((object #>> '{evidence_details,due_by}')::bigint)) stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  primary key (account, livemode, stripe_customer_id, stripe_dispute_id)
);

create table paywright.credit_notes (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_credit_note_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  stripe_invoice_id text generated always as (object ->> 'invoice') stored,
  number text generated always as (object ->> 'number') stored,
  type text generated always as (object ->> 'type') stored,
  status text generated always as (object ->> 'status') stored,
  reason text generated always as (object ->> 'reason') stored,
  currency text generated always as (object ->> 'currency') stored,
  amount bigint generated always as ((object ->> 'amount')::bigint) stored,
  subtotal bigint generated always as ((object ->> 'subtotal')::bigint) stored,
  total bigint generated always as ((object ->> 'total')::bigint) stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  voided_at timestamptz generated always as (to_timestamp((object ->> 'voided_at')::bigint)) stored,
  primary key (account, livemode, stripe_customer_id, stripe_credit_note_id)
);

create table paywright.discounts (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_discount_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  stripe_subscription_id text generated always as (object ->> 'subscription') stored,
  stripe_subscription_item_id text generated always as (object ->> 'subscription_item') stored,
  stripe_invoice_id text generated always as (object ->> 'invoice') stored,
  stripe_invoice_item_id text generated always as (object ->> 'invoice_item') stored,
  stripe_checkout_session_id text generated always as (object ->> 'checkout_session') stored,
  stripe_coupon_id text generated always as (object #>> '{source,coupon}') stored,
  stripe_promotion_code_id text generated always as (object ->> 'promotion_code') stored,
  start_at timestamptz generated always as (to_timestamp((object ->> 'start')::bigint)) stored,
  end_at timestamptz generated always as (to_timestamp((object ->> 'end')::bigint)) stored,
  primary key (account, livemode, stripe_customer_id, stripe_discount_id)
);

create table paywright.checkout_sessions (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_checkout_session_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  stripe_subscription_id text generated always as (object ->> 'subscription') stored,
  stripe_payment_intent_id text generated always as (object ->> 'payment_intent') stored,
  stripe_invoice_id text generated always as (object ->> 'invoice') stored,
  client_reference_id text generated always as (object ->> 'client_reference_id') stored,
  mode text generated always as (object ->> 'mode') stored,
  status text generated always as (object ->> 'status') stored,
  payment_status text generated always as (object ->> 'payment_status') stored,
  currency text generated always as (object ->> 'currency') stored,
  amount_subtotal bigint generated always as ((object ->> 'amount_subtotal')::bigint) stored,
  amount_total bigint generated always as ((object ->> 'amount_total')::bigint) stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  expires_at timestamptz generated always as (to_timestamp((object ->> 'expires_at')::bigint)) stored,
  primary key (account, livemode, stripe_customer_id, stripe_checkout_session_id)
);

create table paywright.tax_ids (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_tax_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  type text generated always as (object ->> 'type') stored,
  value text generated always as (object ->> 'value') stored,
  country text generated always as (object ->> 'country') stored,
  verification_status text generated always as (object #>> '{verification,status}') stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  primary key (account, livemode, stripe_customer_id, stripe_tax_id)
);

create table paywright.active_entitlements (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_active_entitlement_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  stripe_feature_id text generated always as (object ->> 'feature') stored,
  lookup_key text generated always as (object ->> 'lookup_key') stored,
  primary key (account, livemode, stripe_customer_id, stripe_active_entitlement_id)
);

create table paywright.features (
  account text not null,
  livemode boolean not null,
  stripe_feature_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  name text generated always as (object ->> 'name') stored,
  lookup_key text generated always as (object ->> 'lookup_key') stored,
  is_active boolean generated always as ((object ->> 'active')::boolean) stored,
  primary key (account, livemode, stripe_feature_id)
);

create table paywright.coupons (
  account text not null,
  livemode boolean not null,
  stripe_coupon_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  name text generated always as (object ->> 'name') stored,
  percent_off numeric generated always as ((object ->> 'percent_off')::numeric) stored,
  amount_off bigint generated always as ((object ->> 'amount_off')::bigint) stored,
  currency text generated always as (object ->> 'currency') stored,
  duration text generated always as (object ->> 'duration') stored,
  duration_in_months bigint generated always as ((object ->> 'duration_in_months')::bigint) stored,
  max_redemptions bigint generated always as ((object ->> 'max_redemptions')::bigint) stored,
  times_redeemed bigint generated always as ((object ->> 'times_redeemed')::bigint) stored,
  is_valid boolean generated always as ((object ->> 'valid')::boolean) stored,
  redeem_by timestamptz generated always as (to_timestamp((object ->> 'redeem_by')::bigint)) stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  primary key (account, livemode, stripe_coupon_id)
);

create table paywright.promotion_codes (
  account text not null,
  livemode boolean not null,
  stripe_promotion_code_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  code text generated always as (object ->> 'code') stored,
  stripe_coupon_id text generated always as (object #>> '{promotion,coupon}') stored,
  only_for_customer_id text generated always as (object ->> 'customer') stored,
  is_active boolean generated always as ((object ->> 'active')::boolean) stored,
  max_redemptions bigint generated always as ((object ->> 'max_redemptions')::bigint) stored,
  times_redeemed bigint generated always as ((object ->> 'times_redeemed')::bigint) stored,
  expires_at timestamptz generated always as (to_timestamp((object ->> 'expires_at')::bigint)) stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  primary key (account, livemode, stripe_promotion_code_id)
);

create table paywright.meters (
  account text not null,
  livemode boolean not null,
  stripe_meter_id text not null,
  object jsonb not null,
  seen_from timestamptz not null,
  seen_until timestamptz not null,
  deleted_at timestamptz,
  display_name text generated always as (object ->> 'display_name') stored,
  event_name text generated always as (object ->> 'event_name') stored,
  status text generated always as (object ->> 'status') stored,
  aggregation text generated always as (object #>> '{default_aggregation,formula}') stored,
  created_at timestamptz generated always as (to_timestamp((object ->> 'created')::bigint)) stored,
  primary key (account, livemode, stripe_meter_id)
);

-- Disputes name their charge and not their customer.
create index charges_by_id on paywright.charges (account, livemode, stripe_charge_id);

-- For reports. Names and columns stay as they are; columns may be added at the end.

create view paywright.active_subscriptions as
select subscription.account, subscription.livemode, subscription.stripe_customer_id, customer.customer_id,
  subscription.stripe_subscription_id, subscription.status, subscription.plan, subscription.currency,
  subscription.started_at, subscription.current_period_start, subscription.current_period_end, subscription.trial_end,
  subscription.cancel_at_period_end, subscription.cancel_at, subscription.past_due_since, stripe.email, stripe.name
from paywright.subscriptions subscription
join paywright.stripe_customers stripe
  on (stripe.account, stripe.livemode, stripe.stripe_customer_id)
    = (subscription.account, subscription.livemode, subscription.stripe_customer_id)
left join paywright.customers customer
  on (customer.account, customer.livemode, customer.stripe_customer_id)
    = (subscription.account, subscription.livemode, subscription.stripe_customer_id)
where subscription.status in ('trialing', 'active', 'past_due') and not stripe.is_deleted;

-- Minor units a month at the listed prices, before discounts and taxes. Who is in a trial pays nothing yet; who is past due
-- still owes; who is not collected from does not count. A year is 12 months, 52 weeks or 365 days. The sum of each currency
-- is rounded once, half away from zero.
create view paywright.mrr as
select subscription.account, subscription.livemode, subscription.currency,
  round(coalesce(sum(amount.monthly), 0))::bigint as mrr,
  count(distinct (subscription.stripe_customer_id, subscription.stripe_subscription_id)) as subscriptions,
  count(*) filter (where amount.monthly is null) as items_without_amount
from paywright.subscriptions subscription
join paywright.stripe_customers stripe
  on (stripe.account, stripe.livemode, stripe.stripe_customer_id)
    = (subscription.account, subscription.livemode, subscription.stripe_customer_id)
join paywright.subscription_items item
  on (item.account, item.livemode, item.stripe_customer_id, item.stripe_subscription_id)
    = (subscription.account, subscription.livemode, subscription.stripe_customer_id, subscription.stripe_subscription_id)
left join paywright.prices price
  on (price.account, price.livemode, price.stripe_price_id) = (item.account, item.livemode, item.stripe_price_id)
cross join lateral (
  -- Null where the price has tiers or is metered: what it brings is not known before.
  select item.quantity * coalesce(price.unit_amount, (price.object ->> 'unit_amount_decimal')::numeric)
    * case price.interval when 'day' then 365 when 'week' then 52 when 'month' then 12 when 'year' then 1 end
    / (12 * price.interval_count) as monthly
) amount
where subscription.status in ('active', 'past_due') and not subscription.is_collection_paused and not stripe.is_deleted
  and item.deleted_at is null
group by subscription.account, subscription.livemode, subscription.currency;

create view paywright.invoices_open as
select invoice.account, invoice.livemode, invoice.stripe_customer_id, customer.customer_id, invoice.stripe_invoice_id,
  invoice.stripe_subscription_id, invoice.number, invoice.currency, invoice.amount_due, invoice.amount_paid,
  invoice.amount_remaining, invoice.attempt_count, invoice.next_payment_attempt_at, invoice.due_at, invoice.created_at,
  invoice.finalized_at, invoice.hosted_invoice_url
from paywright.invoices invoice
left join paywright.customers customer
  on (customer.account, customer.livemode, customer.stripe_customer_id)
    = (invoice.account, invoice.livemode, invoice.stripe_customer_id)
where invoice.status = 'open' and invoice.deleted_at is null;
