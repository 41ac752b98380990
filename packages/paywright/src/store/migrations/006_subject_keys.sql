-- Towards keys that all begin with the subject, and towards access in one row. Instances of the release before go on as they
-- are: what only they need is taken away by 006_subject_keys_contract.

-- The newest receipts, without a number that all of them share.
create index receipts_newest on paywright.receipts (account, livemode, received_at, event_id);

-- What access is decided from, as the mirror says, in one row of the app's customer. A null record: ask the mirror. So does
-- everybody while is_kept is false, which it is by default until no instance writes the mirror without writing here.
create table paywright.access (
  account text not null,
  livemode boolean not null,
  customer_id text not null,
  record text,
  is_kept boolean not null default false,
  primary key (account, livemode, customer_id)
);

alter table paywright.outbox add unique (account, livemode, subject, key);
