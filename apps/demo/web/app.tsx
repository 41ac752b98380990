import { BillingProvider, PastDueBanner } from '@paywright/react'
import { useEffect, type ReactNode } from 'react'
import { Header } from './components/header.js'
import { TimeMachine } from './components/time-machine.js'
import { BillingPage } from './pages/billing.js'
import { EventsPage } from './pages/events.js'
import { MailboxPage } from './pages/mailbox.js'
import { NotFoundPage } from './pages/not-found.js'
import { PricingPage } from './pages/pricing.js'
import { ProjectsPage } from './pages/projects.js'
import { SignInPage } from './pages/sign-in.js'
import { useAddress } from './router.js'
import { SessionProvider, useSession } from './session.js'

interface Page {
  readonly title: string
  readonly component: () => ReactNode
  /** Whether it needs somebody signed in. */
  readonly isPrivate: boolean
}

const PAGES: Readonly<Record<string, Page>> = {
  '/': { title: 'Pricing', component: PricingPage, isPrivate: false },
  '/sign-in': { title: 'Sign in', component: SignInPage, isPrivate: false },
  '/projects': { title: 'Projects', component: ProjectsPage, isPrivate: true },
  '/billing': { title: 'Billing', component: BillingPage, isPrivate: true },
  '/mailbox': { title: 'Mailbox', component: MailboxPage, isPrivate: true },
  '/events': { title: 'Events', component: EventsPage, isPrivate: true },
}

export function App(): ReactNode {
  return (
    <SessionProvider>
      <Shell />
    </SessionProvider>
  )
}

function Shell(): ReactNode {
  const { user, canTravel } = useSession()
  const { path } = useAddress()
  const page = PAGES[path] ?? { title: 'Not found', component: NotFoundPage, isPrivate: false }
  const isOpen = user !== null || !page.isPrivate
  const Content = isOpen ? page.component : SignInPage
  const title = isOpen ? page.title : 'Sign in'
  useEffect(() => {
    document.title = `${title} · Fieldnotes`
  }, [title])
  return (
    // A new user has a billing state of their own: the key makes the provider start over.
    <BillingProvider key={user?.id ?? 'nobody'}>
      <a className="skip" href="#content">
        Skip to content
      </a>
      <Header />
      <main id="content" tabIndex={-1} className={Content === SignInPage ? 'page narrow' : 'page'}>
        {user !== null && <PastDueBanner returnPath="/billing" />}
        <Content />
      </main>
      {user !== null && canTravel && <TimeMachine />}
    </BillingProvider>
  )
}
