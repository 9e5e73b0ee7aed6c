/** The signalling of a browser phone without media: registers over a WebSocket and answers every qualify. */
import { createHash, randomUUID } from 'node:crypto'

export interface WebPhone {
  readonly socket: WebSocket
  readonly received: string[]
}

/** `silent`: it answers no qualify. `headers`: the front asks for a session's cookie and our own page's origin. */
export async function registerWebPhone(
  url: string,
  username: string,
  password: string,
  {
    silent = false,
    headers = {},
  }: { readonly silent?: boolean; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<WebPhone> {
  // Node's WebSocket takes options, which the browser's type does not have.
  const options = { protocols: 'sip', headers } as unknown as string
  const socket = new WebSocket(url, options)
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error('The WebSocket did not open.')))
  })
  const received: string[] = []
  const callId = randomUUID()
  const host = `${randomUUID().slice(0, 8)}.invalid`
  const register = (cseq: number, authorization: string) =>
    [
      'REGISTER sip:linia SIP/2.0',
      `Via: SIP/2.0/WS ${host};branch=z9hG4bK${randomUUID()}`,
      `From: <sip:${username}@linia>;tag=${callId.slice(0, 8)}`,
      `To: <sip:${username}@linia>`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} REGISTER`,
      `Contact: <sip:${username}@${host};transport=ws>;expires=600`,
      'Max-Forwards: 70',
      ...(authorization === '' ? [] : [authorization]),
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n')

  const registered = new Promise<void>((resolve, reject) => {
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const text = typeof data === 'string' ? data : ''
      received.push(text)
      if (text.startsWith('SIP/2.0 401') && /CSeq: 1 /.test(text))
        socket.send(register(2, authorizationOf(text, username, password)))
      else if (text.startsWith('SIP/2.0 200') && /CSeq: 2 REGISTER/.test(text)) resolve()
      else if (/^SIP\/2\.0 [4-6]/.test(text)) {
        socket.close()
        reject(new Error(text.split('\r\n')[0]))
      } else if (text.startsWith('OPTIONS') && !silent) socket.send(okTo(text))
    })
  })
  socket.send(register(1, ''))
  await registered
  return { socket, received }
}

function authorizationOf(challenge: string, username: string, password: string): string {
  const value = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const [realm, nonce, opaque] = [value('realm'), value('nonce'), value('opaque')]
  const uri = 'sip:linia'
  const cnonce = randomUUID()
  const response = md5(
    `${md5(`${username}:${realm}:${password}`)}:${nonce}:00000001:${cnonce}:auth:${md5(`REGISTER:${uri}`)}`,
  )
  return `Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", cnonce="${cnonce}", nc=00000001, qop=auth, opaque="${opaque}", algorithm=MD5`
}

function okTo(request: string): string {
  const kept = request
    .split('\r\n')
    .filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line))
    .map((line) => (line.startsWith('To:') ? `${line};tag=ok` : line))
  return ['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n')
}
