/** What a contestant is told when it starts. */
export interface Setup {
  readonly name: string
  /** 0 takes any free port. */
  readonly port: number
  readonly databaseUrl: string
  readonly apiBase: string
  readonly secretKey: string
  readonly webhookSecret: string
  /** Connections of each pool. */
  readonly poolSize: number
}

/** A customer of the product, who is known to Stripe too. */
export interface BenchCustomer {
  readonly customerId: string
  readonly stripeCustomerId: string
}

/** What the product sells. */
export interface BenchPlan {
  readonly name: string
  readonly amount: number
  readonly stripePriceId: string
}

/** A library as a product would have set it up. */
export interface Adapter {
  /** Makes its tables. */
  migrate(): Promise<void>
  /** Tells it of customers that have signed up. */
  introduce(customers: readonly BenchCustomer[]): Promise<void>
  /** The route for webhooks. */
  handle(request: Request): Promise<Response>
  /** Does what is left to do after the deliveries were answered. */
  settle(): Promise<void>
  /** Reads everything that Stripe has. */
  backfill(): Promise<void>
  /** What a product asks before it lets a customer do something; `null` where a session has to be asked instead. */
  readonly access: ((customerId: string) => Promise<unknown>) | null
}

export type CreateAdapter = (setup: Setup, plans: readonly BenchPlan[]) => Promise<Adapter>

/** For those that have nothing of the kind. */
export async function nothing(): Promise<void> {}

export async function noBackfill(): Promise<void> {
  throw new Error('It has no backfill.')
}
