import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

/** The least that Node can do: it reads the request, and answers the same bytes to all. */
const { status, headers, body } = JSON.parse(readFileSync(0, 'utf8')) as {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    Buffer.concat(chunks).toString('utf8')
    outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
    outgoing.end(body)
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`)
})
