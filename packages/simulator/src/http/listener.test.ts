import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { listener, type WebRequest, type WebResponse } from './listener.js'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(answer: (request: WebRequest) => WebResponse | Promise<WebResponse>): Promise<number> {
  server = createServer(listener(answer, () => 1_800_000_000)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // Guaranteed: it listens on a port.
  return (server.address() as AddressInfo).port
}

function text(body: string, headers: Readonly<Record<string, string>> = {}): WebResponse {
  return { status: 200, headers, body }
}

test('what is answered at once and what is answered later both arrive, each at who asked', async () => {
  const port = await serve(({ path, body }) => {
    const response = text(`${path} ${body}`)
    return path === '/later' ? Promise.resolve(response) : response
  })
  const ask = async (path: string, body: string): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body })).text()
  const asked = ['/now', '/later', '/now', '/later'].map((path, number) => ({ path, body: `${number}` }))
  const answers = await Promise.all(asked.map(({ path, body }) => ask(path, body)))
  expect(answers).toEqual(asked.map(({ path, body }) => `${path} ${body}`))
})

test('a request that breaks off is not carried out, and others are', async () => {
  const paths: string[] = []
  const port = await serve(({ path }) => {
    paths.push(path)
    return text('done')
  })
  const socket = connect(port, '127.0.0.1')
  socket.write('POST /half HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nonly this')
  await once(server ?? socket, 'request')
  socket.destroy()
  await once(socket, 'close')
  expect(await (await fetch(`http://127.0.0.1:${port}/whole`)).text()).toBe('done')
  expect(paths).toEqual(['/whole'])
})

test('where the answer fails or cannot be written, its connection breaks and no other', async () => {
  const port = await serve(({ path }) => {
    if (path === '/throws') throw new Error('on purpose')
    if (path === '/rejects') return Promise.reject(new Error('on purpose'))
    return text('done', path === '/unwritable' ? { 'x-header': 'line\nbreak' } : {})
  })
  for (const path of ['/throws', '/rejects', '/unwritable']) {
    await expect(fetch(`http://127.0.0.1:${port}${path}`)).rejects.toThrow('fetch failed')
  }
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('done')
})
