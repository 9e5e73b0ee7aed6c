/**
 * Codes under which an administrator records a prompt from a phone, and what was recorded. Asterisk needs nothing of the server during
 * the call (`dialplan/agents.conf`), and the server keeps nothing in memory, so that a restart and a second node beside it find the same.
 * Files of the folder, by code:
 *
 *   <code>.open  the server's: the code may be dialled, and whose it is
 *   <code>.call  Asterisk's: it has been dialled, and Asterisk can write here
 *   <code>.wav   Asterisk's, from the tone on
 *   <code>.done  Asterisk's: the call is over, and the recording whole
 */
import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Millis } from '../../core/ids.ts'
import {
  dictationDigits,
  dictationEndsMs,
  dictationMs,
  dictationPrefix,
  dictationsMax,
  type Dictation,
  type DictationState,
} from '../../core/prompts/dictation.ts'
import { unlessMissing } from '../../missing-file.ts'
import { repeat } from '../../repeat.ts'

export const dictatedIn = (soundsDir: string): string => join(soundsDir, 'dictated')

interface Opened {
  readonly code: string
  /** Empty: not readable. */
  readonly by: string
  readonly at: Millis
}

const parts = ['open', 'call', 'wav', 'done'] as const
const fileName = new RegExp(`^(\\d{${dictationDigits}})\\.(?:${parts.join('|')})$`, 'u')
/** At most 20 of 10,000 are taken. */
const triesMax = 100

export class DictationFiles {
  readonly #folder: string
  readonly #now: () => Millis
  /** One opening after the other: each counts the others. */
  #opening: Promise<unknown> = Promise.resolve()

  constructor(soundsDir: string, now: () => Millis) {
    this.#folder = dictatedIn(soundsDir)
    this.#now = now
  }

  /** Takes the place of the account's earlier one. */
  open(by: string): Promise<Dictation | 'too many' | 'not here'> {
    const opened = this.#opening.then(() => this.#open(by))
    this.#opening = opened.catch(() => undefined)
    return opened
  }

  async #open(by: string): Promise<Dictation | 'too many' | 'not here'> {
    // A node without an Asterisk's folders. A city's own Asterisk has to write there, so the installation makes it.
    if (!existsSync(this.#folder)) return 'not here'
    for (const own of await this.#opened()) if (own.by === by) await this.#remove(own.code)
    const kept = await this.sweep()
    if (kept.length >= dictationsMax) return 'too many'
    const at = this.#now()
    const code = await this.#mark(by, at)
    return viewOf({ code, by, at }, 'waiting')
  }

  async #mark(by: string, at: Millis): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      const code = String(randomInt(10 ** dictationDigits)).padStart(dictationDigits, '0')
      const mark = this.#at(code, 'open')
      try {
        await writeFile(mark, JSON.stringify({ by, at }), { flag: 'wx', mode: 0o600 })
        return code
      } catch (error) {
        const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST'
        // On a full disk the file is there all the same, and empty.
        if (!isTaken) await rm(mark, { force: true })
        if (!isTaken || tries === triesMax) throw error
      }
    }
  }

  /** The account's own; null: it has none, or its time is over. */
  async of(by: string): Promise<Dictation | null> {
    const own = (await this.#opened()).find((one) => one.by === by)
    if (own === undefined) return null
    const state = this.#stateOf(own.code)
    return this.#isOver(own, state) ? null : viewOf(own, state)
  }

  /** As Asterisk has written it; null: the call has ended before the tone. */
  async recording(number: string): Promise<Buffer | null> {
    const code = number.slice(dictationPrefix.length)
    return (await readFile(this.#at(code, 'wav')).catch(unlessMissing)) ?? null
  }

  /** It cannot be dialled any more, and its recording is deleted. `until`: of that one alone, not of one that has taken its place. */
  async close(by: string, until: Millis): Promise<void> {
    for (const one of await this.#opened())
      if (one.by === by && untilOf(one) === until) await this.#remove(one.code)
  }

  /** Deletes what is over, also of an earlier process, and what belongs to no code; answers what is left. */
  async sweep(): Promise<readonly Opened[]> {
    // Listed once, and first: what is opened meanwhile, also by another node, is not deleted.
    const listed = await this.#codes()
    const opened = await this.#opened(listed)
    const kept = opened.filter((one) => !this.#isOver(one, this.#stateOf(one.code)))
    const codes = new Set(kept.map(({ code }) => code))
    for (const code of listed) if (!codes.has(code)) await this.#remove(code)
    return kept
  }

  #isOver({ at }: Opened, state: DictationState): boolean {
    const forMs = state === 'waiting' ? dictationMs : dictationMs + dictationEndsMs
    return this.#now() >= at + forMs
  }

  #stateOf(code: string): DictationState {
    if (existsSync(this.#at(code, 'done'))) return 'recorded'
    return existsSync(this.#at(code, 'call')) ? 'recording' : 'waiting'
  }

  async #codes(): Promise<ReadonlySet<string>> {
    const files = (await readdir(this.#folder).catch(unlessMissing)) ?? []
    return new Set(files.flatMap((file) => fileName.exec(file)?.[1] ?? []))
  }

  async #opened(codes?: ReadonlySet<string>): Promise<readonly Opened[]> {
    const opened: Opened[] = []
    for (const code of codes ?? (await this.#codes())) {
      const mark = await readFile(this.#at(code, 'open'), 'utf8').catch(unlessMissing)
      if (mark !== undefined) opened.push({ code, ...(await this.#readMark(code, mark)) })
    }
    return opened
  }

  /** Another node may be writing it; one that was never written whole ends as the others do. */
  async #readMark(code: string, mark: string): Promise<Pick<Opened, 'by' | 'at'>> {
    try {
      const { by, at } = JSON.parse(mark) as Readonly<Record<string, unknown>>
      if (typeof by === 'string' && typeof at === 'number') return { by, at }
    } catch {
      // Not a whole one.
    }
    const file = await stat(this.#at(code, 'open')).catch(unlessMissing)
    return { by: '', at: file?.mtimeMs ?? this.#now() }
  }

  /** The mark first: no call may begin meanwhile. */
  async #remove(code: string): Promise<void> {
    for (const part of parts) await rm(this.#at(code, part), { force: true })
  }

  #at(code: string, part: (typeof parts)[number]): string {
    return join(this.#folder, `${code}.${part}`)
  }
}

const untilOf = ({ at }: Pick<Opened, 'at'>): Millis => at + dictationMs

const viewOf = ({ code, at }: Opened, state: DictationState): Dictation => ({
  number: `${dictationPrefix}${code}`,
  until: untilOf({ at }),
  state,
})

const sweepEveryMs = 60_000

/** Also deletes what an earlier process has left. Returns the function that stops it. */
export function sweepDictations(files: DictationFiles, failed: (error: unknown) => void): () => void {
  const stop = new AbortController()
  void repeat(
    async () => {
      await files.sweep()
    },
    {
      everyMs: sweepEveryMs,
      signal: stop.signal,
      failed: (error, inARow) => {
        if (inARow === 1) failed(error)
      },
    },
  )
  return () => stop.abort()
}
