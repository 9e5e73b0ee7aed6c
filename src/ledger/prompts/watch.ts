/** Keeps this node's files of the recorded prompts as the newest versions are: at each publication, and after a lost notification. */
import type { Logger } from 'pino'
import type { RecordablePrompt } from '../../core/prompts/recordable.ts'
import type { Database } from '../database.ts'
import { watchChannel } from '../notifications.ts'
import { promptSound, recordedPrompts } from './versions.ts'

/** The recordings in force, as the files take them. */
export interface RecordedSound {
  readonly prompt: RecordablePrompt
  /** SHA-256, hexadecimal. */
  readonly digest: string
  readonly load: () => Promise<Uint8Array | null>
}

export interface PromptWatchOptions {
  readonly db: Database
  readonly databaseUrl: string
  readonly log: Logger
  /** Prompts that are not among them have the machine's voice, or the studio's. */
  readonly apply: (recorded: readonly RecordedSound[]) => Promise<void>
  readonly everyMs?: number
}

/** Returns the function that stops it. */
export function watchPrompts({
  db,
  databaseUrl,
  log,
  apply,
  everyMs = 30_000,
}: PromptWatchOptions): () => Promise<void> {
  const stopping = new AbortController()
  let away = false
  async function changed(): Promise<void> {
    try {
      const recorded = await recordedPrompts(db)
      await apply(
        recorded.map(({ prompt, id, digest }) => ({
          prompt,
          digest,
          load: () => promptSound(db, prompt, id),
        })),
      )
      away = false
    } catch (err) {
      if (!away) log.warn({ err }, 'the recorded prompts were not brought up to date; the last ones stay')
      away = true
    }
  }
  const signal = stopping.signal
  const watching = watchChannel({ databaseUrl, channel: 'prompts', signal, log, everyMs }, changed)
  return async () => {
    stopping.abort()
    await watching
  }
}
