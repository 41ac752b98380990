import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

/** A key and a certificate for one host name that signs itself, in PEM. */
export interface Certificate {
  readonly key: string
  readonly certificate: string
}

const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OBJECT_IDENTIFIER = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const CONSTRUCTED_CONTEXT = 0xa0
const DNS_NAME = 0x82

const COMMON_NAME = Buffer.from([0x55, 0x04, 0x03])
const ALTERNATIVE_NAMES = Buffer.from([0x55, 0x1d, 0x11])
const ECDSA_WITH_SHA256 = Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])

/** Makes a certificate for a test that stands in for a host; valid for a day on either side of now. */
export function selfSigned(host: string, now: Date): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = unsigned(host, publicKey, now)
  const signature = sign('sha256', body, privateKey)
  const whole = der(SEQUENCE, body, algorithm(), der(BIT_STRING, Buffer.from([0]), signature))
  const lines = whole.toString('base64').replaceAll(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}

function unsigned(host: string, publicKey: KeyObject, now: Date): Buffer {
  const name = der(
    SEQUENCE,
    der(SET, der(SEQUENCE, der(OBJECT_IDENTIFIER, COMMON_NAME), der(UTF8_STRING, Buffer.from(host)))),
  )
  const names = der(SEQUENCE, der(DNS_NAME, Buffer.from(host)))
  const extension = der(SEQUENCE, der(OBJECT_IDENTIFIER, ALTERNATIVE_NAMES), der(OCTET_STRING, names))
  return der(
    SEQUENCE,
    der(CONSTRUCTED_CONTEXT, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm(),
    name,
    der(SEQUENCE, time(now, -1), time(now, 1)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(CONSTRUCTED_CONTEXT + 3, der(SEQUENCE, extension)),
  )
}

function algorithm(): Buffer {
  return der(SEQUENCE, der(OBJECT_IDENTIFIER, ECDSA_WITH_SHA256))
}

function time(now: Date, days: number): Buffer {
  const at = new Date(now.getTime() + days * 86_400_000).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return der(UTC_TIME, Buffer.from(at.slice(2)))
}

/** One element: its tag, its length, what it holds. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const { length } = value
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value])
  const header = length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(header), value])
}
