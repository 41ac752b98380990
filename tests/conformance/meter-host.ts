import type { Simulator } from '@paywright/simulator'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { selfSigned } from './certificate.js'

/** The one host that the CLI's fixtures name themselves, whatever `--api-base` says: streams of meter events go there. */
const HOST = 'meter-events.stripe.com'

export interface MeterHost {
  /** What the CLI must be started with, so that it reaches the simulator by that name. */
  readonly env: NodeJS.ProcessEnv
  close(): void
}

/** Stands in for the host of meter event streams, behind a proxy that the CLI is told to use, and passes all on. */
export async function startMeterHost(simulator: Simulator): Promise<MeterHost> {
  const { key, certificate } = selfSigned(HOST, new Date())
  const folder = mkdtempSync(join(tmpdir(), 'meter-host-'))
  const file = join(folder, 'certificate.pem')
  writeFileSync(file, certificate)
  const host = createSecureServer({ key, cert: certificate }, (incoming, outgoing) => {
    const { method, url: path, headers } = incoming
    const { host: name, port } = simulator
    const passedOn = request({ host: name, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(passedOn)
  })
  const hostPort = await listen(host)
  const proxy = createServer()
  proxy.on('connect', ({ url }, socket: Socket) => {
    if (url !== `${HOST}:443`) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const upstream = connect(hostPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      socket.pipe(upstream).pipe(socket)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  const proxyPort = await listen(proxy)
  return {
    env: { HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`, SSL_CERT_FILE: file },
    close: () => {
      for (const server of [host, proxy]) {
        server.closeAllConnections()
        server.close()
      }
      rmSync(folder, { recursive: true })
    },
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    // Guaranteed by listening on a port and not on a pipe.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
