import type { ReactNode } from 'react'
import { Link } from '../router.js'

export function NotFoundPage(): ReactNode {
  return (
    <div className="stack">
      <h1>There is no such page</h1>
      <p className="lead">The address may be mistyped, or the page has moved.</p>
      <p>
        <Link to="/">Go to pricing</Link>
      </p>
    </div>
  )
}
