-- How many requests to Stripe the account has left: one bucket for all instances, which they take from in handfuls. Its times
-- are those of the database's clock, because those of the instances differ.
create table paywright.request_budgets (
  account text not null,
  livemode boolean not null,
  tokens double precision not null,
  -- How many the last one who asked was given.
  granted integer not null default 0,
  refilled_at timestamptz not null,
  -- Until then nobody sends anything, because Stripe has asked for fewer requests.
  blocked_until timestamptz,
  primary key (account, livemode)
);

-- Since when Paywright hears of this account: what was over before that is no news to anybody.
create table paywright.listening (
  account text not null,
  livemode boolean not null,
  since timestamptz not null,
  primary key (account, livemode)
);
insert into paywright.listening (account, livemode, since)
  select account, livemode, min(received_at) from paywright.receipts group by account, livemode;
