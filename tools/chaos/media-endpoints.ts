/** The sound of all callers and phones: `sound.ts` in a process of its own, so that nothing here disturbs it. */
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Address } from '../demo/exchange.ts'
import { slowMs, withCatchingUp, type Slow, type Span } from '../../test/support/pace-meter.ts'
import type { Pace } from '../../test/support/pace.ts'

export type Order =
  | { readonly do: 'open'; readonly id: number; readonly host: string }
  | { readonly do: 'speak'; readonly port: number; readonly to: Address }
  | { readonly do: 'rest'; readonly port: number }
  | { readonly do: 'close'; readonly port: number }
  | { readonly do: 'begin'; readonly id: number }
  | { readonly do: 'tell'; readonly id: number }

export interface Answer {
  readonly id: number
  readonly port?: number
  readonly heard?: readonly Heard[]
}

/** What one leg has heard since `begin`, whatever the machine did. Gaps are beyond the time of a packet; all by the wall clock. */
export interface Heard {
  readonly port: number
  /** The leg whose voice it hears, by its port. */
  hears: number | null
  packets: number
  lost: number
  /** In a voice: the longest ones, in no order. */
  readonly gaps: Span[]
  /** Since when and until now, although the other side speaks; null: it hears it. */
  silent: Span | null
  /** The longest gap in music; and for so long now, null: it hears none. */
  musicGapMs: number
  musicSilentMs: number | null
  /** When it heard anything for the first time (wall clock). */
  readonly firstAt: number | null
}

export interface LegFigures extends Omit<Heard, 'gaps' | 'silent'> {
  /** The longest gap in a voice, without what the machine itself took of it; and when it ended (wall clock). */
  readonly gapMs: number
  readonly gapAt: number | null
  /**
   * The longest gap that a slow machine had a part in, with that part, which `gapMs` is without. Null: its pace is not
   * known.
   */
  readonly slowGapMs: number | null
  /** For so long now, although the other side speaks; without the machine's part, too. */
  readonly silentMs: number
}

export interface MediaEndpoints {
  /** A new leg at this address; its port. */
  open(host: string): Promise<number>
  /** Speaks to there from now on. */
  speak(port: number, to: Address): void
  /** The conversation is over. */
  rest(port: number): void
  close(port: number): void
  /** Measures anew. */
  begin(): Promise<void>
  figures(): Promise<ReadonlyMap<number, LegFigures>>
  stop(): Promise<void>
}

const run = promisify(execFile)
const program = fileURLToPath(new URL('media-process.ts', import.meta.url))

/** `pace`: the machine's, whose part in a gap is taken off; null: it is not known. */
export async function openMediaEndpoints(pace: Pace | null): Promise<MediaEndpoints> {
  // Telephones are computers of their own: what speaks and measures waits for nobody here, where we may say so.
  const goesFirst = process.getuid?.() === 0
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = once(child, 'exit')
  await once(child, 'spawn')
  if (goesFirst) await run('chrt', ['--all-tasks', '--rr', '--pid', '20', `${child.pid}`])
  const asked = new Map<number, (answer: Answer) => void>()
  let last = 0
  child.on('message', (answer: Answer) => {
    asked.get(answer.id)?.(answer)
    asked.delete(answer.id)
  })
  const ask = (order: (id: number) => Order): Promise<Answer> => {
    last += 1
    const id = last
    return new Promise((resolve) => {
      asked.set(id, resolve)
      child.send(order(id))
    })
  }
  return {
    async open(host) {
      const { port } = await ask((id) => ({ do: 'open', id, host }))
      return port ?? 0
    },
    speak: (port, to) => void child.send({ do: 'speak', port, to } satisfies Order),
    rest: (port) => void child.send({ do: 'rest', port } satisfies Order),
    close: (port) => void child.send({ do: 'close', port } satisfies Order),
    async begin() {
      await ask((id) => ({ do: 'begin', id }))
    },
    async figures() {
      const { heard = [] } = await ask((id) => ({ do: 'tell', id }))
      return figuresOf(heard, pace?.slow() ?? null)
    },
    async stop() {
      child.disconnect()
      await gone
    },
  }
}

/** Of all in an hour, those that can have had a part in what was heard here. */
function stretchesFor(heard: readonly Heard[], slow: readonly Slow[]): readonly Slow[] {
  const since = Math.min(
    ...heard.flatMap(({ gaps, silent }) => [...gaps.map(({ from }) => from), silent?.from ?? Infinity]),
  )
  return withCatchingUp(slow).filter(({ to }) => to > since)
}

/** By port. `slow`: when the machine was slow, in order; null: it is not known. */
export function figuresOf(
  heard: readonly Heard[],
  slow: readonly Slow[] | null,
): ReadonlyMap<number, LegFigures> {
  const stretches = slow === null ? null : stretchesFor(heard, slow)
  return new Map(heard.map((each) => [each.port, figuresOfLeg(each, stretches)]))
}

function figuresOfLeg({ gaps: all, silent, ...heard }: Heard, stretches: readonly Slow[] | null): LegFigures {
  const gaps = all
    .map(({ from, to }) => ({ to, wholeMs: to - from, machineMs: slowMs(stretches ?? [], { from, to }) }))
    .map((gap) => ({ ...gap, ownMs: gap.wholeMs - gap.machineMs }))
  const longest = gaps.toSorted((a, b) => b.ownMs - a.ownMs)[0]
  const shared = gaps.filter(({ machineMs }) => machineMs > 0).map(({ wholeMs }) => wholeMs)
  return {
    ...heard,
    gapMs: Math.max(0, longest?.ownMs ?? 0),
    gapAt: longest?.to ?? null,
    slowGapMs: stretches === null ? null : Math.max(0, ...shared),
    silentMs: silent === null ? 0 : silent.to - silent.from - slowMs(stretches ?? [], silent),
  }
}
