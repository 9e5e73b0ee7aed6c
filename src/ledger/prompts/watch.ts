/** Keeps this node's files of the recorded prompts and texts as the newest versions are: at each publication, and after a lost notification. */
import type { Logger } from 'pino'
import type { PromptName } from '../../core/prompts/recordable.ts'
import type { Database } from '../database.ts'
import { watchChannel } from '../notifications.ts'
import { promptSound, recordedPrompts, soundDigests } from './versions.ts'

/** The recordings in force, as the files take them. */
export interface RecordedSound {
  readonly prompt: PromptName
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
  /** By version, which never changes: of what is known already the database reads no sound again. */
  let digests: ReadonlyMap<number, string> = new Map()
  async function changed(): Promise<void> {
    try {
      const recorded = await recordedPrompts(db)
      const unknown = recorded.filter(({ id }) => !digests.has(id)).map(({ id }) => id)
      const read = new Map((await soundDigests(db, unknown)).map(({ id, digest }) => [id, digest]))
      digests = new Map(recorded.map(({ id }) => [id, digests.get(id) ?? read.get(id) ?? '']))
      await apply(
        recorded.map(({ prompt, id }) => ({
          prompt,
          digest: digests.get(id) ?? '',
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
