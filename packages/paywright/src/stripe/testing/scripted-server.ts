import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'

export interface ScriptedAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface ScriptedRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
}

/**
 * An HTTP server for what the simulator never does: a broken connection (`null`), a rare refusal, a changed answer.
 * Closed at the end of the test; answers its address.
 */
export async function scriptServer(
  answer: (request: ScriptedRequest) => ScriptedAnswer | null | Promise<ScriptedAnswer | null>,
): Promise<string> {
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request
    void Promise.resolve(answer({ method, url })).then((scripted) => {
      if (scripted === null) return request.socket.destroy()
      response.writeHead(scripted.status, { 'content-type': 'application/json', ...scripted.headers })
      return response.end(JSON.stringify(scripted.body))
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => new Promise<void>((closed) => void server.close(() => closed())))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.')
  return `http://127.0.0.1:${address.port}`
}
