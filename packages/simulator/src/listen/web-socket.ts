import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import {
  CLOSE,
  CONTINUATION,
  decodeFrame,
  encodeFrame,
  LARGEST_PAYLOAD,
  PING,
  PONG,
  TEXT,
  type Frame,
} from './frames.js'

/** https://www.rfc-editor.org/rfc/rfc6455#section-1.3 */
const HANDSHAKE = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

export interface WebSocketEvents {
  readonly text: (text: string) => void
  readonly closed: () => void
}

/** The server's end of one web socket: texts in both directions, pings answered. */
export class WebSocket {
  readonly #socket: Duplex
  readonly #events: WebSocketEvents
  #received: Buffer = Buffer.alloc(0)
  #parts: readonly Buffer[] = []

  constructor(socket: Duplex, events: WebSocketEvents) {
    this.#socket = socket
    this.#events = events
    socket.on('data', (bytes: Buffer) => this.#receive(bytes))
    // A broken connection closes, too.
    socket.on('error', () => socket.destroy())
    socket.on('close', events.closed)
  }

  send(text: string): void {
    this.#write(TEXT, Buffer.from(text))
  }

  close(): void {
    this.#write(CLOSE, Buffer.alloc(0))
    this.#socket.destroy()
  }

  #write(opcode: number, payload: Buffer): void {
    if (this.#socket.writable) this.#socket.write(encodeFrame(opcode, payload))
  }

  #receive(bytes: Buffer): void {
    try {
      this.#received = Buffer.concat([this.#received, bytes])
      for (let found = decodeFrame(this.#received); found !== undefined; found = decodeFrame(this.#received)) {
        this.#received = found.rest
        this.#take(found.frame)
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#socket.destroy()
    }
  }

  #take({ opcode, isLast, payload }: Frame): void {
    switch (opcode) {
      case TEXT:
      case CONTINUATION:
        return this.#join(payload, isLast)
      case PING:
        return this.#write(PONG, payload)
      case CLOSE:
        return this.close()
      default:
    }
  }

  #join(payload: Buffer, isLast: boolean): void {
    this.#parts = [...this.#parts, payload]
    const whole = Buffer.concat(this.#parts)
    if (whole.length > LARGEST_PAYLOAD) throw new RangeError('The message is too long.')
    if (!isLast) return
    this.#parts = []
    this.#events.text(whole.toString('utf8'))
  }
}

/** Agrees to go on as a web socket. */
export function shakeHands(socket: Duplex, key: string): void {
  const accept = createHash('sha1').update(`${key}${HANDSHAKE}`).digest('base64')
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  socket.write(`${[...lines, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`)
}

/** Refuses to, with a body in the API's form. */
export function refuseUpgrade(socket: Duplex, message: string): void {
  const body = JSON.stringify({ error: { type: 'invalid_request_error', message } })
  const lines = ['HTTP/1.1 404 Not Found', 'Content-Type: application/json', 'Connection: close']
  socket.end(`${[...lines, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`)
}
