import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { API_VERSION } from '../api-version.js'
import { StripeError } from '../core/error.js'
import { idAt } from '../core/ids.js'
import type { EventRecord } from '../core/private-records.js'
import { thinEventsOf } from '../core/v2/thin-event.js'
import { bodyOf } from '../core/v2/thin-deliveries.js'
import { signatureHeader } from '../delivery/signature.js'
import type { Engine } from '../engine.js'
import { authenticate } from '../http/authenticate.js'
import type { WebRequest, WebResponse } from '../http/listener.js'
import type { Commit, World } from '../world.js'
import { refuseUpgrade, shakeHands, WebSocket } from './web-socket.js'

/** Where `stripe listen` asks for a session, and where it then connects to. */
const SESSIONS = '/v1/stripecli/sessions'
const SOCKETS = '/v1/stripecli/subscribe'

/** The words by which the CLI knows that it has to ask for another session. */
const UNKNOWN_SESSION = 'Unknown WebSocket ID.'

/** What a session may ask for. */
const SNAPSHOTS = 'webhooks'
const THIN_EVENTS = 'v2_events'

/** The CLI stands in for one destination of thin events. */
const DESTINATION = 'ed_test_cli'

const RECONNECT_AFTER_SECONDS = 3600

/**
 * The events that `stripe listen` of the official CLI forwards. It gets each as it happens, once, whatever faults are
 * switched on for the endpoints.
 */
export class Listeners {
  readonly secret: string
  readonly #engine: Engine
  readonly #origin: () => string
  /** What each session asked for, by its id. */
  readonly #sessions = new Map<string, readonly string[]>()
  readonly #sockets = new Map<WebSocket, readonly string[]>()
  readonly #seed: number
  #count = 0

  constructor(engine: Engine, { origin, seed }: { origin: () => string; seed: number }) {
    this.#engine = engine
    this.#origin = origin
    this.#seed = seed
    this.secret = `whsec_${createHash('sha256').update(`stripe listen ${seed}`).digest('hex')}`
    engine.announce = (world, commit) => void this.#announce(world, commit)
  }

  /** Whether a request asks for a session. */
  isAskedBy({ method, path }: WebRequest): boolean {
    return method === 'POST' && path === SESSIONS
  }

  /** Opens a session. */
  answer({ headers, body }: WebRequest): WebResponse {
    try {
      authenticate(headers['authorization'])
    } catch (error) {
      if (!(error instanceof StripeError)) throw error
      return json(error.status, { error: error.body })
    }
    return json(200, this.#session(new URLSearchParams(body).getAll('websocket_features[]')))
  }

  /** Lets the holder of a session connect. */
  connect({ url = '', headers }: IncomingMessage, socket: Duplex): void {
    const { 'websocket-id': id, 'sec-websocket-key': key } = headers
    if (!url.startsWith(SOCKETS) || key === undefined)
      return refuseUpgrade(socket, 'There is nothing to connect to here.')
    const features = typeof id === 'string' ? this.#sessions.get(id) : undefined
    if (features === undefined) return refuseUpgrade(socket, UNKNOWN_SESSION)
    shakeHands(socket, key)
    const connection: WebSocket = new WebSocket(socket, {
      // Receipts and answers of the local endpoint: `stripe listen` shows them, nothing here depends on them.
      text: () => undefined,
      closed: () => this.#sockets.delete(connection),
    })
    this.#sockets.set(connection, features)
  }

  close(): void {
    for (const socket of this.#sockets.keys()) socket.close()
  }

  #session(features: readonly string[]): object {
    this.#count += 1
    const id = idAt('cliws', this.#seed, this.#count)
    this.#sessions.set(id, features)
    return {
      object: 'stripe_cli.session',
      default_version: API_VERSION,
      latest_version: API_VERSION,
      display_connect_filter_warning: false,
      reconnect_delay: RECONNECT_AFTER_SECONDS,
      secret: this.secret,
      websocket_authorized_feature: features.join(','),
      websocket_id: id,
      websocket_url: `${this.#origin().replace(/^http/, 'ws')}${SOCKETS}`,
      device_token: '',
    }
  }

  async #announce(world: World, commit: Commit): Promise<void> {
    if (this.#sockets.size === 0) return
    const messages: Readonly<Record<string, readonly string[]>> = {
      [SNAPSHOTS]: commit.events.flatMap((event) => this.#snapshotMessages(world, event)),
      [THIN_EVENTS]: thinIdsOf(commit).map((id) => this.#thinMessage(world, id)),
    }
    await this.#engine.saved()
    for (const [socket, features] of this.#sockets) {
      for (const feature of features) for (const message of messages[feature] ?? []) socket.send(message)
    }
  }

  /** As from Stripe, once in the account's version and once in the latest: the CLI takes the one it was told to. */
  #snapshotMessages(world: World, event: EventRecord): readonly string[] {
    const payload = JSON.stringify(world.view().render('events', event))
    const number = event.id.slice('evt_'.length)
    return [null, API_VERSION].map((version) =>
      JSON.stringify({
        type: 'webhook_event',
        endpoint: { api_version: version },
        event_payload: payload,
        http_headers: this.#headers(world, payload),
        webhook_conversation_id: `wc_${number}`,
        webhook_id: `wh_${number}`,
      }),
    )
  }

  #thinMessage(world: World, id: string): string {
    const payload = JSON.stringify(bodyOf(world.view(), id))
    const headers = this.#headers(world, payload)
    return JSON.stringify({ type: 'v2_event', payload, http_headers: headers, destination_id: DESTINATION })
  }

  #headers(world: World, payload: string): Readonly<Record<string, string>> {
    return {
      'Content-Type': 'application/json; charset=utf-8',
      'Stripe-Signature': signatureHeader(payload, { at: world.now, secrets: [this.secret] }),
      'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    }
  }
}

/** The thin events of what was decided: those of its snapshot events, and those that have none. */
function thinIdsOf({ changes, events }: Commit): readonly string[] {
  const made = changes.writes.filter(({ table, value }) => table === 'thin_events' && value !== undefined)
  return [...events.flatMap(thinEventsOf).map(({ id }) => id), ...made.map(({ id }) => id)]
}

function json(status: number, body: object): WebResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
