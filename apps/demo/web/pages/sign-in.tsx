import { useState, type FormEvent, type ReactNode } from 'react'
import { ask } from '../api.js'
import { useAct } from '../components/parts.js'
import { navigate, useAddress } from '../router.js'
import { useSession } from '../session.js'

export function SignInPage(): ReactNode {
  const { reload } = useSession()
  const { path } = useAddress()
  const { isBusy, failure, act } = useAct()
  const [email, setEmail] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void act(async () => {
      await ask('/session', { method: 'POST', body: { email } })
      await reload()
      navigate(path === '/sign-in' ? '/' : path)
    })
  }
  return (
    <>
      <div>
        <h1>Sign in</h1>
        <p className="lead">This is a demo: any e-mail address will do, and no mail leaves this machine.</p>
      </div>
      <form className="stack" onSubmit={submit} noValidate>
        <label className="field">
          E-mail
          <input
            type="email"
            name="email"
            autoComplete="email"
            value={email}
            aria-invalid={failure !== null}
            aria-describedby={failure === null ? undefined : 'sign-in-failure'}
            onChange={(event) => setEmail(event.target.value)}
          />
        </label>
        {failure !== null && (
          <p id="sign-in-failure" className="notice red" role="alert">
            {failure}
          </p>
        )}
        <button type="submit" className="button primary" aria-disabled={isBusy}>
          Continue
        </button>
      </form>
    </>
  )
}
