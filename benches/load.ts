import { connect, type Socket } from 'node:net'

/** What is asked again and again, and by how many at a time. */
export interface Load {
  readonly port: number
  readonly connections: number
  readonly milliseconds: number
  /** The whole request as it goes over the wire; the number makes each one different where that matters. */
  readonly request: (number: number) => string
}

/** Requests answered in each second, over connections that are kept open and wait for each answer. */
export async function requestsPerSecond(load: Load): Promise<number> {
  const end = performance.now() + load.milliseconds
  const started = performance.now()
  let answered = 0
  let sent = 0
  const drive = (socket: Socket): Promise<void> =>
    new Promise((resolve, reject) => {
      const reader = responseReader((status) => {
        if (status >= 300) return void socket.destroy(new Error(`A request was answered ${status}.`))
        answered += 1
        if (performance.now() < end) socket.write(load.request(sent++))
        else socket.end(resolve)
      })
      socket.on('data', reader).once('error', reject)
      socket.write(load.request(sent++))
    })
  const sockets = await Promise.all(Array.from({ length: load.connections }, () => connected(load.port)))
  await Promise.all(sockets.map(drive))
  return (answered * 1000) / (performance.now() - started)
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket)).once('error', reject)
  })
}

/** Calls back with the status of each response that has come in whole. Understands lengths and chunks. */
export function responseReader(onResponse: (status: number) => void): (chunk: Buffer) => void {
  let rest = ''
  return (chunk) => {
    rest += chunk.toString('latin1')
    for (let length = lengthOfFirst(rest); length !== undefined; length = lengthOfFirst(rest)) {
      const status = Number(rest.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
      rest = rest.slice(length)
      onResponse(status)
    }
  }
}

const LENGTH = /\r\ncontent-length: *(\d+)/i

/** How long the first response is, once it is there whole. */
function lengthOfFirst(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const length = LENGTH.exec(text.slice(0, head + 2))?.[1]
  const end = length === undefined ? endOfChunks(text, head + 4) : head + 4 + Number(length)
  return end !== undefined && text.length >= end ? end : undefined
}

function endOfChunks(text: string, start: number): number | undefined {
  const end = text.indexOf('0\r\n\r\n', start)
  return end < 0 ? undefined : end + 5
}

/** One HTTP request as text. */
export function requestText(line: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const named = Object.entries({ host: '127.0.0.1', ...headers, 'content-length': String(Buffer.byteLength(body)) })
  return `${line} HTTP/1.1\r\n${named.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}
