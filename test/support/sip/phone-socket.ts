/** The WebSocket of a signed-in agent's browser phone, as the front asks for it. */
import { request } from 'node:http'
import type { Socket } from 'node:net'

/** The cookie of a new session. */
export async function signedIn(
  url: string,
  account: { readonly username: string; readonly password: string },
): Promise<string> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: account.username, password: account.password }),
  })
  if (answer.status !== 200) throw new Error(`${account.username} could not sign in: ${answer.status}`)
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** A socket that stays open, or the status of the refusal; 0 for no answer. */
export function openPhoneSocket(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Socket | number> {
  return new Promise((resolve) => {
    const asked = request(`${url}/sip`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'x3JJHMbDL1EzLkh9GBhXDw==',
        'sec-websocket-protocol': 'sip',
        ...headers,
      },
      agent: false,
      timeout: 10_000,
    })
    asked.on('response', (response) => {
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    asked.on('upgrade', (_, socket) => {
      socket.on('error', () => undefined)
      socket.resume()
      resolve(socket)
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer')))
    asked.on('error', () => resolve(0))
    asked.end()
  })
}
