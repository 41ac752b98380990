-- Of what instant of Stripe's clock the mirror of a customer is, so that a payload can be told to be newer: the last whole
-- read, and the objects that were renewed one by one since. Null: no payload is trusted, and the customer is read.
alter table paywright.subjects add column knowledge jsonb;

-- The last wish that only a read of Stripe fulfils, such as that of a customer who comes back from checkout.
alter table paywright.subjects add column read_wanted_seq bigint not null default 0;
