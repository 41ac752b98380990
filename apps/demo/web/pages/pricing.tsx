import { PricingTable } from '@paywright/react'
import type { PlanJson } from 'paywright'
import type { ReactNode } from 'react'
import { Link } from '../router.js'

export function PricingPage(): ReactNode {
  return (
    <>
      <div className="hero">
        <h1>Notes from the field, kept in order</h1>
        <p className="lead">Start free. Upgrade when your work grows; cancel whenever you like.</p>
      </div>
      <h2 className="skip">Plans</h2>
      <PricingTable successPath="/projects" cancelPath="/" describeFeatures={describe} signedOut={signInFirst} />
    </>
  )
}

function signInFirst(): ReactNode {
  return (
    <Link to="/sign-in" className="button">
      Sign in to choose
    </Link>
  )
}

function describe({ features }: PlanJson): readonly string[] {
  const { projects, export: canExport, audit } = features
  return [
    projects === 'unlimited' ? 'Unlimited projects' : `${String(projects)} projects`,
    ...(canExport === true ? ['Export to CSV'] : []),
    ...(audit === true ? ['Audit log'] : []),
  ]
}
