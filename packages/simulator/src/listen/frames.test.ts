import { expect, test } from 'vitest'
import { decodeFrame, encodeFrame, LARGEST_PAYLOAD, PING, TEXT } from './frames.js'

/** What a client would send: the server's frame with a mask in it. */
function fromClient(opcode: number, payload: Buffer): Buffer {
  const mask = Buffer.from([1, 2, 3, 4])
  const frame = Buffer.from(encodeFrame(opcode, payload))
  const header = frame.subarray(0, frame.length - payload.length)
  header[1] = (header[1] ?? 0) | 0x80
  return Buffer.concat([header, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))])
}

test.each([0, 1, 125, 126, 65_535, 65_536])('a text of %i bytes arrives as it was sent', (length) => {
  const payload = Buffer.alloc(length, 'ab')
  const next = fromClient(PING, Buffer.from('?'))
  const found = decodeFrame(Buffer.concat([fromClient(TEXT, payload), next]))
  expect(found?.frame).toMatchObject({ opcode: TEXT, isLast: true })
  expect(found?.frame.payload.equals(payload)).toBe(true)
  expect(found?.rest.equals(next)).toBe(true)
})

test.each([0, 1, 3, 5, 9])('%i bytes of a frame are not a frame yet', (length) => {
  expect(decodeFrame(fromClient(TEXT, Buffer.from('hello')).subarray(0, length))).toBeUndefined()
})

test('a long header that has not arrived whole is waited for', () => {
  const long = fromClient(TEXT, Buffer.alloc(70_000))
  expect(decodeFrame(long.subarray(0, 9))).toBeUndefined()
  expect(decodeFrame(fromClient(TEXT, Buffer.alloc(200)).subarray(0, 3))).toBeUndefined()
})

test('what is not masked or too large is no frame of a client', () => {
  expect(() => decodeFrame(encodeFrame(TEXT, Buffer.from('hello')))).toThrow(/mask/)
  expect(() => decodeFrame(fromClient(TEXT, Buffer.alloc(LARGEST_PAYLOAD + 1)))).toThrow(/at most/)
})
