/** What must be true after each fault, from what callers and phones saw, the ledger, Asterisk's record and Redis. */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import { celColumns } from '../../src/asterisk/config/cel-columns.ts'
import type { Outcome } from '../../src/core/call.ts'
import { CallId, PbxName } from '../../src/core/ids.ts'
import { celSummary } from '../../src/ledger/cel/cel-call.ts'
import { rowsOf } from '../../src/ledger/cel/rows.ts'
import { CelStory } from '../../src/ledger/cel/story.ts'
import { hasTalked, type Caller } from './traffic.ts'
import type { SystemUnderTest, Testbed } from './testbed.ts'

/** Who comes or rings so soon after another comes or rings at the same moment: which thread is first is chance. */
const sameMomentMs = 100
/** On a busy machine the INVITEs of two offers may overtake each other; by so much they may not. */
const clearlyMs = 1_000

/**
 * Callers who were served before somebody who had come earlier, by the phones that rang and, where it was
 * close, by the ledger's time of the offer too. `callers` should all have been served.
 */
export async function outOfOrder(testbed: Testbed, callers: readonly Caller[]): Promise<readonly Caller[]> {
  const compareWithLedger = await bookedTimes(testbed, callers)
  const served = callers.flatMap((caller) => {
    const rangAt = caller.talks[0]?.invitedAt
    if (rangAt === undefined) return []
    const { arrivedAt = caller.calledAt, offeredAt = rangAt } = compareWithLedger.get(caller.number) ?? {}
    return [{ caller, arrivedAt, rangAt, offeredAt }]
  })
  const early = served.filter((one) =>
    served.some(
      (other) =>
        other.arrivedAt < one.arrivedAt - sameMomentMs &&
        (one.rangAt < other.rangAt - clearlyMs ||
          (one.rangAt < other.rangAt - sameMomentMs && one.offeredAt < other.offeredAt)),
    ),
  )
  return early.map(({ caller }) => caller)
}

interface BookedTimes {
  /** At the exchange, by its own clock. */
  readonly arrivedAt?: number
  /** When the line first offered him. */
  readonly offeredAt?: number
}

/** By number. */
async function bookedTimes(
  { db }: Testbed,
  callers: readonly Caller[],
): Promise<ReadonlyMap<string, BookedTimes>> {
  if (callers.length === 0) return new Map()
  const numbers = callers.map(({ number }) => `+4${number}`)
  const rows = await db
    .selectFrom('calls')
    .innerJoin('callers', 'callers.call', 'calls.id')
    .select(['callers.number', 'calls.arrived_at', 'calls.offered_at'])
    .where('callers.number', 'in', numbers)
    .execute()
  return new Map(
    rows.flatMap(({ number, arrived_at, offered_at }) =>
      number === null
        ? []
        : [
            [
              number.replace('+4', ''),
              { arrivedAt: arrived_at, ...(offered_at === null ? {} : { offeredAt: offered_at }) },
            ] as const,
          ],
    ),
  )
}

/** What the ledger must say of him; null: he never came through, so it need not know him. */
function expected(caller: Caller): Outcome | null {
  if (hasTalked(caller)) return 'answered'
  if (caller.answeredAt === null) return null
  if (caller.fell) return 'failed'
  return caller.told === 'caller' ? 'abandoned' : 'failed'
}

export interface LedgerComparison {
  readonly right: number
  readonly all: number
  /** How many of them were imported from Asterisk's record. */
  readonly fromCel: number
  readonly wrong: readonly string[]
}

/** Compares until all is right, or the bound is over: what Asterisk alone has seen comes later. */
export async function compareWithLedger(
  testbed: Testbed,
  callers: readonly Caller[],
  boundMs: number,
): Promise<LedgerComparison> {
  const giveUpAt = performance.now() + boundMs
  for (;;) {
    // The database may be on its way back.
    const found = await compare(testbed, callers).catch((error: unknown) => ({
      right: 0,
      all: callers.length,
      fromCel: 0,
      wrong: [String(error)],
    }))
    if (found.wrong.length === 0 || performance.now() > giveUpAt) return found
    await delay(500)
  }
}

async function compare(testbed: Testbed, callers: readonly Caller[]): Promise<LedgerComparison> {
  const numbers = callers.map(({ number }) => `+4${number}`)
  const rows = await testbed.db
    .selectFrom('calls')
    .innerJoin('callers', 'callers.call', 'calls.id')
    .leftJoin('accounts', 'accounts.id', 'calls.agent')
    .select(['calls.id', 'callers.number', 'calls.outcome', 'calls.source', 'accounts.username'])
    .where('callers.number', 'in', numbers)
    .execute()
  const told = await outcomesByCel(testbed)
  const wrong: string[] = []
  for (const caller of callers) {
    const own = rows.filter(({ number }) => number === `+4${caller.number}`)
    const why = mismatchOf(caller, own, told)
    if (why !== null) wrong.push(`${caller.number}: ${why}`)
  }
  return {
    right: callers.length - wrong.length,
    all: callers.length,
    fromCel: rows.filter(({ source }) => source === 'cel').length,
    wrong,
  }
}

interface LedgerRow {
  readonly id: CallId
  readonly outcome: Outcome
  readonly username: string | null
}

function mismatchOf(
  caller: Caller,
  rows: readonly LedgerRow[],
  told: ReadonlyMap<string, Outcome>,
): string | null {
  const outcome = expected(caller)
  const [row, another] = rows
  if (another !== undefined) return 'stands in the ledger twice'
  if (row === undefined) return outcome === null ? null : `is missing, should be ${outcome}`
  if (outcome !== null && row.outcome !== outcome) return `is ${row.outcome}, should be ${outcome}`
  const agent = caller.talks.findLast(({ talkingAt }) => talkingAt !== null)?.agent ?? null
  if (agent !== row.username) return `was with ${row.username ?? 'nobody'}, should be ${agent ?? 'nobody'}`
  const witness = told.get(row.id)
  if (witness === undefined) return 'is not in the record of Asterisk'
  // That Asterisk has fallen is not in its own record, nor is who hung up on whom while it was told so.
  const agrees = witness === row.outcome || (witness !== 'answered' && row.outcome !== 'answered')
  return agrees ? null : `is ${row.outcome}, and ${witness} by the record of Asterisk`
}

/** Outcomes by Asterisk's own record. */
async function outcomesByCel({ linia }: Testbed): Promise<ReadonlyMap<string, Outcome>> {
  const { rows } = rowsOf(await readFile(linia.stack.environment['CEL_FILE'] ?? ''), celColumns)
  const story = new CelStory()
  for (const { row } of rows) story.tell(row, { file: '', position: 0 })
  const facts = { pbx: PbxName('pbx1'), caller: { number: null, name: null }, agent: null }
  return new Map(
    story.over(Number.MAX_SAFE_INTEGER).map((call) => [call.id, celSummary(call, facts, null).outcome]),
  )
}

const leftWithinMs = 30_000
/** Recordings are encoded one after the other. */
const jobsWithinMs = 120_000

/** Sentences about what should be gone by now, and about agents who are not ready; empty when all is tidy. */
export async function leftOver(system: SystemUnderTest): Promise<readonly string[]> {
  const calls = await untilNone(leftWithinMs, () => leftOfCalls(system))
  const jobs = await untilNone(jobsWithinMs, async () => {
    const counts = await Promise.all(system.jobs.map((queue) => jobsOf(queue)))
    return system.jobs.flatMap(({ name }, index) =>
      Object.entries(counts[index] ?? {}).flatMap(([state, count]) =>
        count > 0 ? [`${count} jobs of ${name} ${state}`] : [],
      ),
    )
  })
  return [...calls, ...jobs]
}

/** How many are not done, by their state. */
export const jobsOf = (queue: Queue): Promise<Readonly<Record<string, number>>> =>
  queue.getJobCounts('wait', 'active', 'delayed', 'failed')

async function leftOfCalls({ linia, redis, keys, agents }: SystemUnderTest): Promise<string[]> {
  const left: string[] = []
  const channels = (await linia.ari('channels')) as unknown[]
  const bridges = (await linia.ari('bridges')) as unknown[]
  if (channels.length > 0) left.push(`${channels.length} channels`)
  if (bridges.length > 0) left.push(`${bridges.length} bridges`)
  const states = await redis.hgetall(keys.states)
  const calls = Object.keys(states).filter((subject) => subject.startsWith('call:'))
  if (calls.length > 0) left.push(`${calls.length} calls in Redis`)
  const effects = await redis.xlen(keys.effects)
  if (effects > 0) left.push(`${effects} effects`)
  const readyNow = Object.values(states)
    .map((json) => (JSON.parse(json) as { state?: string }).state)
    .filter((state) => state === 'ready').length
  if (readyNow !== agents.length) left.push(`${agents.length - readyNow} agents not ready`)
  return left
}

async function untilNone(boundMs: number, left: () => Promise<string[]>): Promise<string[]> {
  const giveUpAt = performance.now() + boundMs
  for (;;) {
    const found = await left().catch((error: unknown) => [String(error)])
    if (found.length === 0 || performance.now() > giveUpAt) return found
    await delay(200)
  }
}
