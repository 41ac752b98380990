-- Every key of a table that grows starts with the scope (account, livemode) and the customer or subject, so that one
-- customer's rows lie together. Instants are timestamptz; the code speaks whole seconds.

create table paywright.accounts (
  key_fingerprint text primary key,
  account text not null
);

-- The app's customers: one row per customer of the app, claimed by at most one customer of Stripe.
create table paywright.customers (
  account text not null,
  livemode boolean not null,
  customer_id text not null,
  stripe_customer_id text,
  email text,
  name text,
  generation integer not null default 1,
  primary key (account, livemode, customer_id),
  unique (account, livemode, stripe_customer_id)
);

-- The mirror: what Stripe says.
create table paywright.stripe_customers (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  customer_id text,
  email text,
  name text,
  balance bigint not null,
  currency text,
  default_payment_method_id text,
  is_deleted boolean not null,
  created_at timestamptz,
  access_plan text,
  access_reason text,
  primary key (account, livemode, stripe_customer_id)
);

create table paywright.subscriptions (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_subscription_id text not null,
  status text not null,
  current_period_start timestamptz,
  current_period_end timestamptz,
  cancel_at_period_end boolean not null,
  cancel_at timestamptz,
  canceled_at timestamptz,
  ended_at timestamptz,
  trial_start timestamptz,
  trial_end timestamptz,
  started_at timestamptz not null,
  created_at timestamptz not null,
  currency text not null,
  collection_method text not null,
  latest_invoice_id text,
  default_payment_method_id text,
  is_collection_paused boolean not null,
  metadata jsonb not null,
  plan text,
  unknown_price_id text,
  past_due_since timestamptz,
  primary key (account, livemode, stripe_customer_id, stripe_subscription_id)
);

create table paywright.subscription_items (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_subscription_id text not null,
  stripe_item_id text not null,
  position integer not null,
  stripe_price_id text not null,
  stripe_product_id text not null,
  quantity bigint,
  current_period_start timestamptz not null,
  current_period_end timestamptz not null,
  primary key (account, livemode, stripe_customer_id, stripe_subscription_id, stripe_item_id),
  foreign key (account, livemode, stripe_customer_id, stripe_subscription_id)
    references paywright.subscriptions on delete cascade
);

create table paywright.invoices (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_invoice_id text not null,
  stripe_subscription_id text,
  number text,
  status text not null,
  billing_reason text,
  currency text not null,
  amount_due bigint not null,
  amount_paid bigint not null,
  amount_remaining bigint not null,
  subtotal bigint not null,
  total bigint not null,
  attempt_count integer not null,
  is_attempted boolean not null,
  next_payment_attempt_at timestamptz,
  due_at timestamptz,
  period_start timestamptz not null,
  period_end timestamptz not null,
  created_at timestamptz not null,
  finalized_at timestamptz,
  paid_at timestamptz,
  hosted_invoice_url text,
  invoice_pdf text,
  primary key (account, livemode, stripe_customer_id, stripe_invoice_id)
);

create table paywright.payment_methods (
  account text not null,
  livemode boolean not null,
  stripe_customer_id text not null,
  stripe_payment_method_id text not null,
  type text not null,
  brand text,
  last4 text,
  exp_month integer,
  exp_year integer,
  primary key (account, livemode, stripe_customer_id, stripe_payment_method_id)
);

create table paywright.products (
  account text not null,
  livemode boolean not null,
  stripe_product_id text not null,
  name text not null,
  is_active boolean not null,
  metadata jsonb not null,
  primary key (account, livemode, stripe_product_id)
);

create table paywright.prices (
  account text not null,
  livemode boolean not null,
  stripe_price_id text not null,
  stripe_product_id text not null,
  lookup_key text,
  is_active boolean not null,
  currency text not null,
  unit_amount bigint,
  interval text,
  interval_count integer,
  usage_type text,
  metadata jsonb not null,
  primary key (account, livemode, stripe_price_id)
);

-- The inbox: every delivery of Stripe once, under the key that makes a second one visible.
create table paywright.receipts (
  account text not null,
  livemode boolean not null,
  event_id text not null,
  id bigint generated always as identity,
  type text not null,
  subject text,
  object_id text,
  api_version text,
  connected_account text,
  payload text not null,
  created_at timestamptz not null,
  received_at timestamptz not null,
  processed_at timestamptz,
  primary key (account, livemode, event_id)
);
create index receipts_waiting on paywright.receipts (account, livemode, subject, id) where processed_at is null;
create index receipts_recent on paywright.receipts (account, livemode, id);

-- What wants to be synced. It is wanted while wanted_seq > done_seq. due_at is when it may be taken next: at once, when
-- its backoff ends, when its lease ends (a lease_token is set), or when access changes by time alone; null: never.
create table paywright.subjects (
  account text not null,
  livemode boolean not null,
  subject text not null,
  wanted_seq bigint not null,
  done_seq bigint not null default 0,
  wanted_at timestamptz,
  due_at timestamptz,
  wake_at timestamptz,
  lease_token text,
  attempts integer not null default 0,
  last_error text,
  dead_at timestamptz,
  synced_at timestamptz,
  outbox_seq bigint not null default 0,
  primary key (account, livemode, subject)
);
create index subjects_due on paywright.subjects (account, livemode, due_at) where due_at is not null;
create index subjects_dead on paywright.subjects (account, livemode, dead_at) where dead_at is not null;

-- What is to be told, numbered by subject. due_at works as it does for subjects; null: delivered or dead.
create table paywright.outbox (
  account text not null,
  livemode boolean not null,
  subject text not null,
  number bigint not null,
  topic text not null,
  key text not null,
  body jsonb not null,
  created_at timestamptz not null,
  due_at timestamptz,
  lease_token text,
  attempts integer not null default 0,
  last_error text,
  delivered_at timestamptz,
  dead_at timestamptz,
  primary key (account, livemode, subject, number),
  unique (account, livemode, key)
);
create index outbox_due on paywright.outbox (account, livemode, due_at) where due_at is not null;
create index outbox_open on paywright.outbox (account, livemode, subject, topic, number) where due_at is not null;
create index outbox_dead on paywright.outbox (account, livemode, dead_at) where dead_at is not null;

-- The one place that a checkout may take for a customer and plan group.
create table paywright.checkout_reservations (
  account text not null,
  livemode boolean not null,
  customer_id text not null,
  plan_group text not null,
  token text not null,
  plan text not null,
  billing_interval text not null,
  stripe_session_id text,
  expires_at timestamptz not null,
  primary key (account, livemode, customer_id, plan_group)
);
