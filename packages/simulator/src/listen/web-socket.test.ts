import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { CLOSE, CONTINUATION, encodeFrame, LARGEST_PAYLOAD, PING, PONG, TEXT } from './frames.js'
import { refuseUpgrade, shakeHands, WebSocket } from './web-socket.js'

/** The two ends of a connection: what is written to it, and what it is sent. */
function connection(): { socket: Duplex; written: () => Buffer; texts: string[]; webSocket: WebSocket } {
  const chunks: Buffer[] = []
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk)
      done()
    },
  })
  const texts: string[] = []
  const webSocket = new WebSocket(socket, { text: (text) => texts.push(text), closed: () => texts.push('closed') })
  return { socket, written: () => Buffer.concat(chunks), texts, webSocket }
}

/** A frame from a client, with a mask of zeros, which changes nothing. */
function masked(opcode: number, payload: string, isLast = true): Buffer {
  const frame = encodeFrame(opcode, Buffer.from(payload))
  const header = Buffer.from([(isLast ? 0x80 : 0) | opcode, 0x80 | (frame[1] ?? 0)])
  return Buffer.concat([header, Buffer.alloc(4), frame.subarray(2)])
}

async function arrived(socket: Duplex, ...frames: readonly Buffer[]): Promise<void> {
  const all = new Promise<void>((resolve) => socket.once('end', resolve))
  for (const frame of frames) socket.push(frame)
  socket.push(null)
  await all
}

test('a ping is answered with what was in it', async () => {
  const { socket, written } = connection()
  await arrived(socket, masked(PING, 'still there?'))
  expect(written()).toEqual(encodeFrame(PONG, Buffer.from('still there?')))
})

test('texts arrive whole, in pieces or together', async () => {
  const { socket, texts } = connection()
  const pieces = Buffer.concat([masked(TEXT, 'one'), masked(TEXT, 'tw', false), masked(CONTINUATION, 'o')])
  await arrived(socket, pieces.subarray(0, 4), pieces.subarray(4))
  expect(texts.slice(0, 2)).toEqual(['one', 'two'])
})

test.each([
  ['is closed', masked(CLOSE, '')],
  ['sends what has no mask', encodeFrame(TEXT, Buffer.from('bare'))],
  ['says too much', masked(TEXT, 'x', false)],
])('a client that %s is let go', async (_what, first) => {
  const { socket, texts } = connection()
  const closed = new Promise<void>((resolve) => socket.once('close', resolve))
  socket.push(first)
  const much = Buffer.from([0, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0])
  much.writeBigUInt64BE(BigInt(LARGEST_PAYLOAD + 1), 2)
  if (!socket.destroyed) socket.push(much)
  await closed
  expect(texts).toEqual(['closed'])
})

test('what is sent after the end goes nowhere', async () => {
  const { socket, webSocket, written } = connection()
  webSocket.close()
  webSocket.send('late')
  expect(written()).toEqual(encodeFrame(CLOSE, Buffer.alloc(0)))
  expect(socket.destroyed).toBe(true)
})

test('the handshake is that of the RFC, and a refusal is in the API’s form', () => {
  const agreed = connection()
  shakeHands(agreed.socket, 'dGhlIHNhbXBsZSBub25jZQ==')
  expect(agreed.written().toString()).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n')
  const refused = connection()
  refuseUpgrade(refused.socket, 'Unknown WebSocket ID.')
  expect(refused.written().toString()).toMatch(/^HTTP\/1\.1 404[\s\S]*"message":"Unknown WebSocket ID\."/)
})
