import { PGlite } from '@electric-sql/pglite'

/** The product's own tables. Paywright adds its columns to `users` and keeps the rest in a schema of its own. */
const SCHEMA = `
  create table if not exists users (
    id uuid primary key default gen_random_uuid(),
    email text not null unique,
    created_at timestamptz not null default now()
  );
  create table if not exists sessions (
    token text primary key,
    user_id uuid not null references users (id) on delete cascade
  );
  create table if not exists projects (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users (id) on delete cascade,
    name text not null,
    created_at timestamptz not null default now()
  );
  create table if not exists mails (
    key text primary key,
    recipient text not null,
    subject text not null,
    html text not null,
    sent_at timestamptz not null
  );
`

/** Opens (and the first time makes) the product's database in this directory. */
export async function openDatabase(directory: string): Promise<PGlite> {
  const database = await PGlite.create(directory)
  await database.exec(SCHEMA)
  return database
}
