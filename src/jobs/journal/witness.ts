/**
 * The witness outside: what the holder of this machine cannot take back. Now and then the newest signed head is
 * time-stamped by an authority (RFC 3161), and sent, with its stamp, to an address of the auditor's (a signed webhook).
 * An alarm is sent at once. Whatever fails is tried again; nothing waits for it.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import { HeardAnswers, type ConnectionCause } from '../../city/connections/connection.ts'
import type { Unreached } from '../../city/documents/document-system.ts'
import type { SignedHead } from '../../city/journal/checkpoint.ts'
import type { Millis } from '../../core/ids.ts'
import { ask } from '../../documents/exchange.ts'
import { sign } from '../../documents/webhook.ts'
import { lastAnchored } from '../../ledger/journal/anchor.ts'
import { pinnedKeys, type AnchorPlace } from '../../ledger/journal/keys.ts'
import { writeWhole } from '../../ledger/whole-file.ts'
import { headOf, keepStamp, readStamp, stampRequest, stampsIn } from '../../ledger/journal/time-stamps.ts'
import { unlessMissing } from '../../missing-file.ts'
import { repeat } from '../../repeat.ts'

export interface WitnessOptions extends AnchorPlace {
  /** The authority's address, and the file of its certificates; null: heads are not time-stamped. */
  readonly stamps: { readonly url: string; readonly ca: string } | null
  /** Where heads are sent, and the secret that signs the messages; null: nowhere. */
  readonly push: { readonly url: string; readonly secret: string } | null
  readonly everyMs: number
  /** Why the journal is not what it should be, for the alarm; null: it is. */
  readonly alarm: () => string | null
  readonly log: Logger
  readonly now: () => Millis
  /** Pause between two looks whether something is due. */
  readonly lookEveryMs?: number
}

export interface WitnessCounts {
  failures: number
  /** Of the last stamp and the last accepted message; null: none yet, or not set up. */
  stampedAt: Millis | null
  pushedAt: Millis | null
}

const answerWithinMs = 15_000
const pushedFile = 'pushed.json'
const stampTypes = { body: 'application/timestamp-query', answer: 'application/timestamp-reply' }
const retryAfterMs = 5 * 60_000
const clockOffMaxMs = 5 * 60_000

interface Pushed {
  readonly size: number
  readonly at: Millis
}

export class Witness {
  readonly counts: WitnessCounts = { failures: 0, stampedAt: null, pushedAt: null }
  /** How both have answered this process. */
  readonly heard: { readonly stamps: HeardAnswers; readonly push: HeardAnswers }
  readonly #options: WitnessOptions
  readonly #stopping = new AbortController()
  #working: Promise<void> = Promise.resolve()
  #alarmed: { readonly why: string; readonly at: Millis } | null = null
  /** After a failure: an authority that is down is not asked each minute. */
  #failedAt: Millis | null = null

  constructor(options: WitnessOptions) {
    this.#options = options
    this.heard = { stamps: new HeardAnswers(options.now), push: new HeardAnswers(options.now) }
  }

  /** Seconds since 1970 by `stamp` and `push`; 0: set up, and not yet done. */
  figures(): ReadonlyMap<string, number> {
    const { stamps, push } = this.#options
    const { stampedAt, pushedAt } = this.counts
    return new Map([
      ...(stamps === null ? [] : [['stamp', (stampedAt ?? 0) / 1_000] as const]),
      ...(push === null ? [] : [['push', (pushedAt ?? 0) / 1_000] as const]),
    ])
  }

  start(): void {
    const { stamps, push, log, lookEveryMs = 60_000 } = this.#options
    if (stamps === null && push === null) return
    const failed = (err: unknown, inARow: number) => {
      if (inARow === 1) log.warn({ err }, 'the journal’s head could not be witnessed')
    }
    this.#working = repeat(() => this.work(), {
      everyMs: lookEveryMs,
      signal: this.#stopping.signal,
      failed,
    })
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#working
  }

  /** Stamps and sends what is due. Throws when one of them failed; both are tried. */
  async work(): Promise<void> {
    const results = await Promise.allSettled([this.#sendAlarm(), this.#witnessHead()])
    const failure = failureOf(results)
    if (failure === null) return
    this.counts.failures += 1
    throw failure
  }

  async #witnessHead(): Promise<void> {
    const { folder, everyMs, now } = this.#options
    const { chain } = await pinnedKeys(this.#options)
    const last = await lastAnchored(folder, chain)
    // A journal that is not intact is not anchored, so that its last good head is what is witnessed.
    if (last === null || last === 'damaged') return
    if (this.#failedAt !== null && isRecent(this.#failedAt, now(), Math.min(everyMs, retryAfterMs))) return
    this.#failedAt = now()
    const { stamps, push } = this.heard
    const [stamped] = await Promise.allSettled([this.#stamp(last.head)])
    if (stamped.status === 'rejected') stamps.bad(causeOf(stamped.reason))
    // The message carries the newest stamp; it goes out also where the authority is down.
    const [sent] = await Promise.allSettled([this.#send(last.head)])
    if (sent.status === 'rejected') push.bad(causeOf(sent.reason))
    const failure = failureOf([stamped, sent])
    if (failure !== null) throw failure
    this.#failedAt = null
  }

  async #stamp(head: SignedHead): Promise<void> {
    const { folder, stamps, everyMs, log, now } = this.#options
    if (stamps === null) return
    const newest = (await stampsIn(folder)).at(-1)
    const known = newest === undefined ? null : await readStamp(newest.tokenFile)
    this.counts.stampedAt = known?.at ?? null
    if (newest !== undefined && (newest.size >= head.size || isRecent(known?.at, now(), everyMs))) return
    const body = await stampRequest(createHash('sha256').update(head.text).digest())
    const answer = await ask({
      url: stamps.url,
      headers: {},
      body,
      types: stampTypes,
      withinMs: answerWithinMs,
      stopping: this.#stopping.signal,
    })
    if (!answer.reached) throw new NotWitnessed('the time-stamping authority', answer.why)
    if (answer.status !== 200) throw new NotWitnessed('the time-stamping authority', answer.status)
    const kept = await keepStamp(folder, head, answer.bytes, stamps.ca)
    if (typeof kept === 'string')
      throw new Error(`the time-stamping authority’s answer is not accepted: ${kept}`)
    this.counts.stampedAt = kept.at
    this.heard.stamps.good()
    if (Math.abs(kept.at - now()) > clockOffMaxMs)
      log.error(
        { authority: kept.at, here: now() },
        'THE CLOCK HERE DIFFERS FROM THE TIME-STAMPING AUTHORITY’S',
      )
  }

  async #send(head: SignedHead): Promise<void> {
    const { folder, push, everyMs, now } = this.#options
    if (push === null) return
    const pushed = await this.#pushed()
    this.counts.pushedAt = pushed?.at ?? null
    if (pushed !== null && (pushed.size === head.size || isRecent(pushed.at, now(), everyMs))) return
    const { text: keys } = await pinnedKeys(this.#options)
    const stamped = (await stampsIn(folder)).at(-1)
    const stamp =
      stamped === undefined
        ? null
        : {
            head: (await headOf(stamped))?.text ?? null,
            token: (await readFile(stamped.tokenFile)).toString('base64'),
          }
    const data = { entries: head.size, head: head.text, keys, stamp }
    await this.#post('journal.head', `head_${head.size}_${Math.floor(now() / 1_000)}`, data)
    const at = now()
    await writeWhole(path.join(folder, pushedFile), `${JSON.stringify({ size: head.size, at })}\n`)
    this.counts.pushedAt = at
    this.heard.push.good()
  }

  async #pushed(): Promise<Pushed | null> {
    const text = await readFile(path.join(this.#options.folder, pushedFile), 'utf8').catch(unlessMissing)
    return text === undefined ? null : (JSON.parse(text) as Pushed)
  }

  async #sendAlarm(): Promise<void> {
    const { push, everyMs, alarm, now } = this.#options
    const why = alarm()
    if (push === null || why === null) {
      this.#alarmed = null
      return
    }
    // An alarm that lasts is repeated.
    if (this.#alarmed?.why === why && isRecent(this.#alarmed.at, now(), everyMs)) return
    await this.#post('journal.alarm', `alarm_${Math.floor(now() / 1_000)}`, { why })
    this.#alarmed = { why, at: now() }
  }

  async #post(type: string, id: string, data: object): Promise<void> {
    const { push, now } = this.#options
    if (push === null) return
    const body = JSON.stringify({ type, timestamp: new Date(now()).toISOString(), data })
    const headers = { ...sign(push.secret, id, body, now()) }
    const answer = await ask({
      url: push.url,
      headers,
      body,
      withinMs: answerWithinMs,
      stopping: this.#stopping.signal,
    })
    if (!answer.reached) throw new NotWitnessed('the witness’s address', answer.why)
    if (answer.status < 200 || answer.status >= 300)
      throw new NotWitnessed('the witness’s address', answer.status)
  }
}

/** No answer, or the status of one that is none. */
class NotWitnessed extends Error {
  override name = 'NotWitnessed'
  readonly answer: Unreached | number

  constructor(asked: string, answer: Unreached | number) {
    super(typeof answer === 'number' ? `${asked} answered ${answer}` : `${asked}: ${answer}`)
    this.answer = answer
  }
}

function causeOf(failure: unknown): ConnectionCause {
  if (!(failure instanceof NotWitnessed)) return 'other'
  const { answer } = failure
  if (typeof answer === 'number') return 'refused'
  return answer === 'stopped' || answer === 'not offered' ? 'other' : answer
}

/** An authority's clock may be a little ahead; a time that is far off, after a clock was set back, is not recent. */
function isRecent(at: Millis | undefined, now: Millis, everyMs: number): boolean {
  return at !== undefined && Math.abs(now - at) < everyMs
}

/** All of the failures as one; null: none. */
function failureOf(results: readonly PromiseSettledResult<unknown>[]): AggregateError | null {
  const errors = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  return errors.length === 0 ? null : new AggregateError(errors, errors.map(messageOf).join('; '))
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
