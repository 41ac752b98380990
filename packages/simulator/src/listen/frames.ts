/** One frame of a web socket, as far as the simulator needs them. https://www.rfc-editor.org/rfc/rfc6455#section-5 */
export interface Frame {
  readonly opcode: number
  readonly isLast: boolean
  readonly payload: Buffer
}

export const CONTINUATION = 0x0
export const TEXT = 0x1
export const CLOSE = 0x8
export const PING = 0x9
export const PONG = 0xa

const LAST = 0x80
const MASKED = 0x80
const SHORT = 126
const LONG = 127
const MASK_LENGTH = 4

/** Of what a client sends, the answers of the endpoint are the largest. */
export const LARGEST_PAYLOAD = 1_000_000

/** A frame as a server sends it: whole and without a mask. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([headerOf(opcode, payload.length), payload])
}

function headerOf(opcode: number, length: number): Buffer {
  if (length < SHORT) return Buffer.from([LAST | opcode, length])
  if (length <= 0xffff) {
    const header = Buffer.from([LAST | opcode, SHORT, 0, 0])
    header.writeUInt16BE(length, 2)
    return header
  }
  const header = Buffer.alloc(10)
  header[0] = LAST | opcode
  header[1] = LONG
  header.writeBigUInt64BE(BigInt(length), 2)
  return header
}

/**
 * The first frame of what a client sent, and what follows it; `undefined` while it has not arrived whole.
 *
 * @throws RangeError for a frame that is too large or has no mask
 */
export function decodeFrame(bytes: Buffer): { readonly frame: Frame; readonly rest: Buffer } | undefined {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return undefined
  if ((second & MASKED) === 0) throw new RangeError('A client must mask its frames.')
  const size = sizeOf(bytes, second & ~MASKED)
  if (size === undefined) return undefined
  if (size.length > LARGEST_PAYLOAD) throw new RangeError(`A frame may hold at most ${LARGEST_PAYLOAD} bytes.`)
  const start = size.headerLength + MASK_LENGTH
  if (bytes.length < start + size.length) return undefined
  const mask = bytes.subarray(size.headerLength, start)
  const payload = Buffer.from(bytes.subarray(start, start + size.length))
  for (const [index, byte] of payload.entries()) payload[index] = byte ^ (mask[index % MASK_LENGTH] ?? 0)
  return {
    frame: { opcode: first & 0x0f, isLast: (first & LAST) !== 0, payload },
    rest: bytes.subarray(start + size.length),
  }
}

function sizeOf(bytes: Buffer, length: number): { length: number; headerLength: number } | undefined {
  if (length < SHORT) return { length, headerLength: 2 }
  if (length === SHORT) return bytes.length < 4 ? undefined : { length: bytes.readUInt16BE(2), headerLength: 4 }
  return bytes.length < 10 ? undefined : { length: Number(bytes.readBigUInt64BE(2)), headerLength: 10 }
}
