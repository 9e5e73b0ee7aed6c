/** Shared by the tests of the fallback queue: its prompts, its CEL, the watchdog. */
import type { OpenWindow } from '../../src/asterisk/config/numbers-file.ts'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { AmiConnection } from '../../src/asterisk/ami/ami-connection.ts'
import { watch } from '../../src/asterisk/fallback/watchdog.ts'
import type { Scene } from '../support/pbx/pbx-scene.ts'
import { caller } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'

const prompts = [
  'fallback-hold',
  'recording-notice',
  'closed',
  'goodbye',
  'line-full',
  'waited-too-long',
  'technical-fault',
]

/** With short studio recordings in place of speech, so that the prompts take no time. */
export async function cityWith(sounds: string) {
  const studio = join(sounds, 'studio')
  await mkdir(studio)
  for (const prompt of prompts) {
    const file = join(studio, `${prompt}.wav`)
    await promisify(execFile)('sox', ['-n', '-r', '16000', file, 'trim', '0', '0.2'])
  }
  return { studio, answer: 'queue' } as const
}

/** The city's number with these opening windows. */
export const served = (windows: readonly OpenWindow[] | 'always', closingGraceMs: number | null = null) => [
  { number: '969', also: ['0256969'], answer: null, closingGraceMs, windows },
]

export const waitingCaller = `${caller.invite()}${caller.answered}${caller.ack}${caller.hungUp}`

export const cel = (scene: Scene) => {
  const { celFile } = scene.asterisk.layout
  return existsSync(celFile) ? readFile(celFile, 'utf8') : ''
}
export const celSays = (scene: Scene, word: string, times = 1) =>
  until(async () => (await cel(scene)).split(`"${word}"`).length > times)
export const answered = (run: { messages: () => string }) =>
  /SIP\/2\.0 200 OK[^]*CSeq: 1 INVITE/.test(run.messages())

/** Starts the watchdog with a shorter limit; the returned function stops it. */
export function watchOver({ asterisk }: Scene): () => Promise<void> {
  const { ami, secrets } = asterisk.options
  const stopping = new AbortController()
  const watching = watch(
    {
      ami: { ...ami, user: secrets.amiUser, password: secrets.amiPassword },
      log: pino({ level: 'silent' }),
      monotonic: () => performance.now(),
      silenceMaxMs: 5_000,
    },
    stopping.signal,
  )
  return () => {
    stopping.abort()
    return watching
  }
}

export async function amiOf({ asterisk }: Scene): Promise<AmiConnection> {
  const { ami, secrets } = asterisk.options
  const ignore = () => undefined
  const connection = new AmiConnection(
    { ...ami, user: secrets.amiUser, password: secrets.amiPassword, log: pino({ level: 'silent' }) },
    { connected: ignore, disconnected: ignore, event: ignore },
  )
  await connection.start()
  return connection
}
