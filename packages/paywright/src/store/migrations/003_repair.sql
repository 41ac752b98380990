-- Which webhook secret verified a delivery, by its fingerprint; null: it came from Stripe's list of events.
alter table paywright.receipts add column secret_fingerprint text;

-- The last wish of somebody who fills the mirror and brings no news: while no other is newer, what is found of a customer who
-- was not known is told to nobody.
alter table paywright.subjects add column quiet_seq bigint not null default 0;

-- How far a verb that takes long is: its run under way, or its last one. The token is that of the run, so that a process
-- that was overtaken writes nothing over a newer one.
create table paywright.runs (
  account text not null,
  livemode boolean not null,
  name text not null,
  token text not null,
  cursor text,
  done bigint not null default 0,
  failed bigint not null default 0,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  completed_at timestamptz,
  -- When the last run that came to its end had begun.
  last_completed_start timestamptz,
  primary key (account, livemode, name)
);

-- What is old enough to be pruned. Receipts need none: they are walked in the order in which they came.
create index outbox_delivered on paywright.outbox (account, livemode, delivered_at) where delivered_at is not null;
