/** Media endpoints of all callers and phones. They run in a separate process (`media-process.ts`), undisturbed by this one. */
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Address } from '../demo/calls/exchange.ts'
import { slowMs, withCatchingUp, type Slow, type Span } from '../../test/support/pace/pace-meter.ts'
import type { Pace } from '../../test/support/pace/pace.ts'

export type MediaCommand =
  | { readonly do: 'open'; readonly id: number; readonly host: string }
  | { readonly do: 'send'; readonly port: number; readonly to: Address }
  | { readonly do: 'stop'; readonly port: number }
  | { readonly do: 'close'; readonly port: number }
  | {
      readonly do: 'tones'
      readonly port: number
      readonly speaks: number | null
      readonly hears: readonly number[]
    }
  | { readonly do: 'measure'; readonly id: number }
  | { readonly do: 'report'; readonly id: number }

export interface MediaAnswer {
  readonly id: number
  readonly port?: number
  readonly heard?: readonly Heard[]
}

/** Raw measurements of one endpoint since `measure`. Gaps exclude one packet time; all times are wall clock. */
export interface Heard {
  readonly port: number
  /** Port of the endpoint whose voice it receives. */
  hears: number | null
  packets: number
  lost: number
  /** The longest gaps in a voice, unordered. */
  readonly gaps: Span[]
  /** Current silence although the other side sends; null: none. */
  silent: Span | null
  /** The longest gap in music; and the current one, null: no music has been received. */
  musicGapMs: number
  musicSilentMs: number | null
  /** Of each tone that the endpoint listens for, in hertz; see `setTones`. */
  tones: readonly { readonly hertz: number; readonly gaps: readonly Span[]; readonly silent: Span | null }[]
  /** Time of the first packet (wall clock). */
  readonly firstAt: number | null
}

export interface LegFigures extends Omit<Heard, 'gaps' | 'silent' | 'tones'> {
  /** The longest gap in a voice minus the time that the machine was slow; and the end of that gap (wall clock). */
  readonly gapMs: number
  readonly gapAt: number | null
  /** The longest gap that overlaps a slow stretch of the machine, not reduced by it. Null: the machine's pace is unknown. */
  readonly slowGapMs: number | null
  /** Current silence although the other side sends, minus the time that the machine was slow. */
  readonly silentMs: number
  /** The same for each tone, by hertz. */
  readonly tones: ReadonlyMap<number, GapFigures>
}

export type GapFigures = Pick<LegFigures, 'gapMs' | 'gapAt' | 'slowGapMs' | 'silentMs'>

export interface MediaEndpoints {
  /** Opens an endpoint at this address; returns its port. */
  open(host: string): Promise<number>
  /** Starts sending to this address. */
  startSending(port: number, to: Address): void
  /** Ends the conversation. */
  stopSending(port: number): void
  close(port: number): void
  /** `speaks`: its voice, null as all others; `hears`: the voices that it should hear in a mix, empty for marked ones. */
  setTones(port: number, tones: { readonly speaks: number | null; readonly hears: readonly number[] }): void
  /** Resets the measurements. */
  measure(): Promise<void>
  figures(): Promise<ReadonlyMap<number, LegFigures>>
  stop(): Promise<void>
}

const run = promisify(execFile)
const program = fileURLToPath(new URL('media-process.ts', import.meta.url))

/** `pace` tells when the machine was slow, which is subtracted from gaps; null: unknown. */
export async function openMediaEndpoints(pace: Pace | null): Promise<MediaEndpoints> {
  // Phones are computers of their own: real-time priority keeps the load from delaying them (root only).
  const isRealTime = process.getuid?.() === 0
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = once(child, 'exit')
  await once(child, 'spawn')
  if (isRealTime)
    await run('chrt', ['--all-tasks', '--rr', '--pid', '20', `${child.pid}`]).catch((error: unknown) => {
      // Some containers allow it to nobody; gaps that the machine causes are then told by its pace alone.
      process.emitWarning(`The phones have no real-time priority: ${String(error)}`)
    })
  const asked = new Map<number, (answer: MediaAnswer) => void>()
  let last = 0
  child.on('message', (answer: MediaAnswer) => {
    asked.get(answer.id)?.(answer)
    asked.delete(answer.id)
  })
  const ask = (command: (id: number) => MediaCommand): Promise<MediaAnswer> => {
    last += 1
    const id = last
    return new Promise((resolve) => {
      asked.set(id, resolve)
      child.send(command(id))
    })
  }
  return {
    async open(host) {
      const { port } = await ask((id) => ({ do: 'open', id, host }))
      return port ?? 0
    },
    startSending: (port, to) => void child.send({ do: 'send', port, to } satisfies MediaCommand),
    stopSending: (port) => void child.send({ do: 'stop', port } satisfies MediaCommand),
    close: (port) => void child.send({ do: 'close', port } satisfies MediaCommand),
    setTones: (port, tones) => void child.send({ do: 'tones', port, ...tones } satisfies MediaCommand),
    async measure() {
      await ask((id) => ({ do: 'measure', id }))
    },
    async figures() {
      const { heard = [] } = await ask((id) => ({ do: 'report', id }))
      return figuresOf(heard, pace?.slow() ?? null)
    },
    async stop() {
      child.disconnect()
      await gone
    },
  }
}

/** The slow stretches that can overlap these measurements. */
function relevantStretches(heard: readonly Heard[], slow: readonly Slow[]): readonly Slow[] {
  const all = heard.flatMap((one) => [one, ...one.tones])
  const since = Math.min(
    ...all.flatMap(({ gaps, silent }) => [...gaps.map(({ from }) => from), silent?.from ?? Infinity]),
  )
  return withCatchingUp(slow).filter(({ to }) => to > since)
}

/** Figures by port. `slow`: slow stretches of the machine, in order; null: unknown. */
export function figuresOf(
  heard: readonly Heard[],
  slow: readonly Slow[] | null,
): ReadonlyMap<number, LegFigures> {
  const stretches = slow === null ? null : relevantStretches(heard, slow)
  return new Map(heard.map((each) => [each.port, figuresOfLeg(each, stretches)]))
}

function figuresOfLeg(
  { gaps, silent, tones, ...heard }: Heard,
  stretches: readonly Slow[] | null,
): LegFigures {
  return {
    ...heard,
    ...gapFigures({ gaps, silent }, stretches),
    tones: new Map(tones.map((tone) => [tone.hertz, gapFigures(tone, stretches)])),
  }
}

function gapFigures(
  { gaps: all, silent }: { readonly gaps: readonly Span[]; readonly silent: Span | null },
  stretches: readonly Slow[] | null,
): GapFigures {
  const gaps = all
    .map(({ from, to }) => ({ to, wholeMs: to - from, machineMs: slowMs(stretches ?? [], { from, to }) }))
    .map((gap) => ({ ...gap, ownMs: gap.wholeMs - gap.machineMs }))
  const longest = gaps.toSorted((a, b) => b.ownMs - a.ownMs)[0]
  const shared = gaps.filter(({ machineMs }) => machineMs > 0).map(({ wholeMs }) => wholeMs)
  return {
    gapMs: Math.max(0, longest?.ownMs ?? 0),
    gapAt: longest?.to ?? null,
    slowGapMs: stretches === null ? null : Math.max(0, ...shared),
    silentMs: silent === null ? 0 : silent.to - silent.from - slowMs(stretches ?? [], silent),
  }
}
