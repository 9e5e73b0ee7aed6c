/**
 * The bare loop: the shortest ARI program that hands waiting callers to free agents. It keeps nothing, writes nothing and
 * handles no error; what Linia takes longer than it is the price of everything else. ARI_URL, with the login; AGENTS: the
 * phones' names, separated by commas.
 */
import { Agent, request } from 'node:http'
import { WebSocket } from 'ws'

interface Leg {
  readonly agent: string
  readonly caller: string
  readonly room: string
  readonly built: Promise<unknown>
}
interface AriEvent {
  readonly type: string
  readonly args?: readonly string[]
  readonly channel?: { readonly id: string; readonly caller: { readonly number: string } }
}

const ari = new URL(process.env['ARI_URL'] ?? '')
const login = `${ari.username}:${ari.password}`
const connections = new Agent({ keepAlive: true })
const free = (process.env['AGENTS'] ?? '').split(',')
const waiting: { readonly id: string; readonly number: string }[] = []
const legs = new Map<string, Leg>()
let serial = 0

function send(method: 'POST' | 'DELETE', path: string, query: Readonly<Record<string, string>> = {}) {
  return new Promise((resolve, reject) => {
    const url = new URL(`/ari/${path}?${new URLSearchParams(query)}`, ari)
    request(url, { method, auth: login, agent: connections }, (answer) => answer.resume().on('end', resolve))
      .on('error', reject)
      .end()
  })
}

function connectNext(): void {
  if (free.length === 0 || waiting.length === 0) return
  const agent = free.shift() ?? ''
  const { id: caller, number } = waiting.shift() ?? { id: '', number: '' }
  serial += 1
  const [leg, room] = [`bare-${serial}`, `bare-room-${serial}`]
  // As Linia does: the dialplan of the leg starts the recording.
  const place = { endpoint: `PJSIP/${agent}`, context: 'linia-leg', extension: 'bare', priority: '1' }
  void send('POST', `channels/${leg}`, { ...place, callerId: number })
  legs.set(leg, { agent, caller, room, built: send('POST', `bridges/${room}`, { type: 'mixing' }) })
}

async function connect(id: string, { caller, room, built }: Leg): Promise<void> {
  await built
  await send('POST', `bridges/${room}/addChannel`, { channel: `${caller},${id}` })
}

function end(id: string, { agent, caller, room }: Leg): void {
  legs.delete(id)
  free.push(agent)
  connectNext()
  void send('DELETE', `channels/${caller}`)
  void send('DELETE', `bridges/${room}`)
}

const events = new URL(`/ari/events?app=bare`, ari)
events.protocol = 'ws:'
new WebSocket(events, { auth: login })
  .on('open', () => process.send?.('open'))
  .on('message', (frame: Buffer) => {
    const { type, args, channel } = JSON.parse(frame.toString()) as AriEvent
    if (channel === undefined) return
    const leg = legs.get(channel.id)
    if (type === 'StasisStart' && args?.[0] === 'inbound') {
      waiting.push({ id: channel.id, number: channel.caller.number })
      connectNext()
    } else if (type === 'StasisStart' && leg !== undefined) void connect(channel.id, leg)
    else if (type === 'ChannelHangupRequest' && leg !== undefined) end(channel.id, leg)
  })
process.on('disconnect', () => process.exit())
