import { Gate, useBilling } from '@paywright/react'
import { useState, type FormEvent, type ReactNode } from 'react'
import { ask } from '../api.js'
import { Loaded, useAct } from '../components/parts.js'
import { Link, useAddress } from '../router.js'
import { useLoad } from '../use-load.js'

interface Project {
  readonly id: string
  readonly name: string
}

export function ProjectsPage(): ReactNode {
  const { load, reload } = useLoad<{ projects: readonly Project[] }>('/projects')
  const { state, limit } = useBilling()
  const { query } = useAddress()
  const count = load.status === 'ready' ? load.body.projects.length : 0
  return (
    <>
      {query.get('billing') !== null && state !== null && (
        <Welcome result={query.get('billing')} plan={state.plan.name} />
      )}
      <div className="head">
        <div>
          <h1>Projects</h1>
          {state !== null && (
            <p className="lead">
              {count} of {limit('projects') === Infinity ? 'unlimited' : limit('projects')} on {state.plan.name}
            </p>
          )}
        </div>
        <Gate feature="export" fallback={<LockedExport />}>
          <a className="button" href="/api/export" download>
            Export to CSV
          </a>
        </Gate>
      </div>
      <section className="card" aria-label="Your projects">
        <Loaded load={load} reload={reload} height={160}>
          {({ projects }) => <ProjectList projects={projects} reload={reload} />}
        </Loaded>
      </section>
      <AddProject reload={reload} />
    </>
  )
}

function Welcome({ result, plan }: { result: string | null; plan: string }): ReactNode {
  if (result === 'pending') {
    return (
      <p className="notice" role="status">
        Your payment is being confirmed. Your plan changes by itself in a moment.
      </p>
    )
  }
  return (
    <p className="notice green" role="status">
      You are on {plan} now. Thank you!
    </p>
  )
}

function LockedExport(): ReactNode {
  return (
    <p className="small muted">
      Export is part of Pro. <Link to="/">See plans</Link>
    </p>
  )
}

function ProjectList({ projects, reload }: { projects: readonly Project[]; reload: () => Promise<void> }): ReactNode {
  const { isBusy, act } = useAct()
  if (projects.length === 0) return <p className="empty">No projects yet. Name your first one below.</p>
  const remove = (id: string): Promise<void> =>
    act(async () => {
      await ask(`/projects/${id}`, { method: 'DELETE' })
      await reload()
    })
  return (
    <ul className="rows">
      {projects.map(({ id, name }) => (
        <li key={id}>
          <span>{name}</span>
          <button
            type="button"
            className="button"
            aria-label={`Remove ${name}`}
            aria-disabled={isBusy}
            onClick={() => void remove(id)}
          >
            Remove
          </button>
        </li>
      ))}
    </ul>
  )
}

function AddProject({ reload }: { reload: () => Promise<void> }): ReactNode {
  const [name, setName] = useState('')
  const { isBusy, failure, act } = useAct()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void act(async () => {
      await ask('/projects', { method: 'POST', body: { name } })
      setName('')
      await reload()
    })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <div className="inline-form">
        <label className="field">
          New project
          <input value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <button type="submit" className="button primary" aria-disabled={isBusy}>
          Add project
        </button>
      </div>
      {failure !== null && (
        <p className="notice red" role="alert">
          {failure} <Link to="/">See plans</Link>
        </p>
      )}
    </form>
  )
}
