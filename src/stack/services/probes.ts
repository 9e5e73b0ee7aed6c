/** Health probes of services; each is bounded to two seconds. */
import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { request } from 'node:http'
import { randomUUID } from 'node:crypto'

const probeMs = 2_000

/** Whether an HTTP request is answered with an accepted status. */
export function answersHttp(
  address: { readonly host: string; readonly port: number },
  path: string,
  accepted: (status: number) => boolean,
  auth?: string,
): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { ...address, path, timeout: probeMs, agent: false, ...(auth === undefined ? {} : { auth }) },
      (response) => {
        response.resume()
        resolve(accepted(response.statusCode ?? 0))
      },
    )
    asked.on('timeout', () => {
      asked.destroy()
      resolve(false)
    })
    asked.on('error', () => {
      resolve(false)
    })
    asked.end()
  })
}

/** Sends a text and waits for a pattern in the answer. */
export function answersText(
  address: { readonly host: string; readonly port: number },
  text: string | Buffer,
  expected: RegExp,
): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(address, () => {
      socket.write(text)
    })
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(probeMs, () => {
      done(false)
    })
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      heard += String(chunk)
      if (expected.test(heard)) done(true)
    })
    socket.on('error', () => {
      done(false)
    })
    socket.on('end', () => {
      done(false)
    })
  })
}

/** Whether SIP over UDP answers OPTIONS, with whatever status (RFC 3261 §11). */
export function answersSip({
  host,
  port,
}: {
  readonly host: string
  readonly port: number
}): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    const done = (answer: boolean) => {
      clearTimeout(bound)
      socket.close()
      resolve(answer)
    }
    const bound = setTimeout(() => done(false), probeMs)
    socket.on('message', (answer) => {
      if (answer.toString('latin1').startsWith('SIP/2.0 ')) done(true)
    })
    socket.on('error', () => done(false))
    socket.connect(port, host, (error?: Error) => {
      if (error !== undefined) return done(false)
      const own = socket.address()
      const id = randomUUID()
      const at = isIPv6(own.address) ? `[${own.address}]` : own.address
      const lines = [
        `OPTIONS sip:${isIPv6(host) ? `[${host}]` : host}:${port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${at}:${own.port};branch=z9hG4bK${id};rport`,
        'Max-Forwards: 70',
        `From: <sip:keeper@${at}>;tag=${id.slice(0, 8)}`,
        `To: <sip:${isIPv6(host) ? `[${host}]` : host}>`,
        `Call-ID: ${id}`,
        'CSeq: 1 OPTIONS',
        'Content-Length: 0',
      ]
      socket.send(`${lines.join('\r\n')}\r\n\r\n`)
    })
  })
}
