/**
 * Every channel of Asterisk. Asterisk refuses the whole list while there is one that it cannot describe in JSON
 * (docs/telephony.md). Then each is read by itself, and such a one is hung up: no event ever tells of it.
 */
import type { AriClient } from 'ari-client'
import type { Logger } from 'pino'
import type { AmiConnection } from '../ami/ami-connection.ts'
import { isRecord, textIn, type Fields } from '../ami/fields.ts'
import { AriRefusal } from './ari-transport.ts'

export async function listChannels(
  client: AriClient,
  ami: AmiConnection,
  log: Logger,
): Promise<{ readonly channels: readonly Fields[]; readonly unreadable: number }> {
  try {
    return { channels: records(await client.channels.list({})), unreadable: 0 }
  } catch (error) {
    if (!isRefusal(error, 500)) throw error
  }
  const rows = await ami.list({ action: 'CoreShowChannels' })
  let unreadable = 0
  const channels = await Promise.all(
    rows.map(async (row) => {
      const channelId = textIn(row, 'uniqueid')
      try {
        const [channel] = records([await client.channels.get({ channelId })])
        // One that it cannot describe is answered without a body, and ari-client invents an id.
        if (channel !== undefined && textIn(channel, 'id') === channelId) return channel
        unreadable += 1
        await hangUp(row, ami, log)
      } catch (error) {
        if (!isRefusal(error, 404)) throw error
      }
      return null
    }),
  )
  return { channels: records(channels), unreadable }
}

async function hangUp(row: Fields, ami: AmiConnection, log: Logger): Promise<void> {
  const channel = textIn(row, 'channel')
  // The emergency call needs no application.
  if (textIn(row, 'exten') === '112') return
  log.error({ channel }, 'Asterisk cannot describe this channel; hanging it up')
  await ami
    .action({ action: 'Hangup', channel, cause: '21' })
    .catch((err: unknown) => log.warn({ err, channel }, 'not hung up'))
}

const isRefusal = (error: unknown, status: number): boolean =>
  error instanceof AriRefusal && error.status === status

const records = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isRecord) : [])
