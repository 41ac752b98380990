-- For when no instance of a release without 006_subject_keys runs any more.

-- A receipt that is about nothing of ours lies in one of 64 places that its id gives, so that each receipt has a subject, and
-- the subject is a function of the event: one receipt for each event, by a key that a table can be split by.
update paywright.receipts
set subject = 'none:' || get_byte(sha256(convert_to(event_id, 'UTF8')), 0) % 64 where subject is null;
alter table paywright.receipts
  drop constraint receipts_pkey,
  alter column subject set not null,
  add primary key (account, livemode, subject, event_id),
  drop column id;
create index receipts_waiting on paywright.receipts (account, livemode, subject) where processed_at is null;

alter table paywright.outbox drop constraint outbox_account_livemode_key_key;

delete from paywright.access;
alter table paywright.access alter column is_kept set default true;
