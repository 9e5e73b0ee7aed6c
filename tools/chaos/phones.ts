/** The phones of all agents: one SIPp, with a media endpoint for each phone. They hang up on command. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Address } from '../demo/calls/exchange.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { registerPhones } from '../bench/load-generator/register-phones.ts'
import { startSipp, type SippEvent, type SippRun } from '../bench/load-generator/sipp.ts'
import type { DemoAccount } from '../../test/support/stack.ts'
import type { MediaEndpoints } from './media-endpoints.ts'

export interface Phones {
  /** Media endpoint of an agent's phone. */
  legOf(agent: string): number
  /** Makes the agent hang up the call with this Call-ID. */
  hangUp(callId: string): void
  stop(): Promise<void>
}

const phonesHost = '127.0.0.3'
const folder = join(import.meta.dirname, 'scenarios')

export async function openPhones(
  server: Address,
  accounts: readonly DemoAccount[],
  media: MediaEndpoints,
  onEvent: (event: SippEvent) => void,
): Promise<Phones> {
  const local = { host: phonesHost, port: await freePort(phonesHost) }
  await registerPhones(server, local, accounts)
  const legs = new Map<string, number>()
  for (const { username } of accounts) legs.set(username, await media.open(phonesHost))
  const rows = [...legs].map(([username, leg]) => `${username};${leg};`)
  const sipp: SippRun = await startSipp({
    scenario: 'phone',
    folder,
    local,
    remote: server,
    rows,
    indexed: true,
    onEvent,
  })
  const socket = createSocket('udp4')
  socket.bind(0, phonesHost)
  await once(socket, 'listening')
  return {
    legOf: (agent) => legs.get(agent) ?? 0,
    hangUp: (callId) => socket.send(hangUpCommand(callId), local.port, phonesHost),
    async stop() {
      socket.close()
      await sipp.stop()
    },
  }
}

function hangUpCommand(callId: string): string {
  return [
    'MESSAGE sip:agent@phones SIP/2.0',
    `Via: SIP/2.0/UDP phones;branch=z9hG4bK-${callId}-MESSAGE`,
    'From: <sip:chaos@phones>;tag=1',
    'To: <sip:agent@phones>',
    `Call-ID: ${callId}`,
    'CSeq: 1 MESSAGE',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}
