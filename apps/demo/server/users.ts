import { randomBytes } from 'node:crypto'
import type { PGlite } from '@electric-sql/pglite'

export interface User {
  readonly id: string
  readonly email: string
}

export interface Project {
  readonly id: string
  readonly name: string
}

/** The product's own reads and writes, as any SaaS has them. */
export interface Users {
  /** Finds or makes the user and opens a session; answers the session's token. */
  signIn(email: string): Promise<string>
  signOut(token: string): Promise<void>
  bySession(token: string): Promise<User | null>
  projects(userId: string): Promise<readonly Project[]>
  /** Adds a project where fewer than `limit` are there, in one statement; answers whether it did. */
  addProject(userId: string, name: string, limit: number): Promise<boolean>
  removeProject(userId: string, id: string): Promise<void>
}

export function createUsers(database: PGlite): Users {
  return {
    async signIn(email) {
      const token = randomBytes(24).toString('base64url')
      await database.query(
        `with owner as (
           insert into users (email) values ($1::text) on conflict (email) do update set email = excluded.email returning id
         )
         insert into sessions (token, user_id) select $2::text, id from owner`,
        [email, token],
      )
      return token
    },
    async signOut(token) {
      await database.query('delete from sessions where token = $1::text', [token])
    },
    async bySession(token) {
      const found = await database.query<User>(
        'select users.id, email from sessions join users on users.id = user_id where token = $1::text',
        [token],
      )
      return found.rows[0] ?? null
    },
    async projects(userId) {
      const found = await database.query<Project>(
        'select id, name from projects where user_id = $1::uuid order by created_at, id',
        [userId],
      )
      return found.rows
    },
    async addProject(userId, name, limit) {
      const added = await database.query(
        `insert into projects (user_id, name)
         select $1::uuid, $2::text
         where (select count(*) from projects where user_id = $1::uuid) < $3::int8
         returning id`,
        [userId, name, limit],
      )
      return added.rows.length === 1
    },
    async removeProject(userId, id) {
      await database.query('delete from projects where user_id = $1::uuid and id::text = $2::text', [userId, id])
    },
  }
}
