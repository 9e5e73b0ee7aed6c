/** Checks after each fault: callers' and phones' observations against the ledger, Asterisk's CEL and Redis. */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import { celColumns } from '../../src/asterisk/config/cel-columns.ts'
import type { Outcome } from '../../src/core/call.ts'
import { CallId, PbxName } from '../../src/core/ids.ts'
import { celSummary } from '../../src/ledger/cel/cel-call.ts'
import { celFiles } from '../../src/ledger/cel/files.ts'
import { rowsOf } from '../../src/ledger/cel/rows.ts'
import { CelStory } from '../../src/ledger/cel/story.ts'
import { hasTalked, type Caller } from './traffic.ts'
import type { SystemUnderTest, Testbed } from './testbed.ts'

/** Events closer together than this count as simultaneous: thread scheduling decides their order. */
const sameMomentMs = 100
/** On a busy machine the INVITEs of two offers may overtake each other, but not by more than this. */
const clearlyMs = 1_000

/**
 * Callers served before an earlier one, by the order in which phones rang and, where that was close, also by the
 * ledger's time of the offer. All `callers` should have been served. `hasTwoClocks`: the
 * node's clock is not Asterisk's, so that only the callers' and phones' own times count.
 */
export async function outOfOrder(
  testbed: Testbed,
  callers: readonly Caller[],
  hasTwoClocks = false,
): Promise<readonly Caller[]> {
  const times = hasTwoClocks ? new Map<string, LedgerTimes>() : await ledgerTimes(testbed, callers)
  const served = callers.flatMap((caller) => {
    const rangAt = caller.talks[0]?.invitedAt
    if (rangAt === undefined) return []
    const { arrivedAt = caller.calledAt, offeredAt = rangAt } = times.get(caller.number) ?? {}
    return [{ caller, arrivedAt, rangAt, offeredAt }]
  })
  const early = served.filter((one) =>
    served.some(
      (other) =>
        other.arrivedAt < one.arrivedAt - sameMomentMs &&
        (one.rangAt < other.rangAt - clearlyMs ||
          (!hasTwoClocks && one.rangAt < other.rangAt - sameMomentMs && one.offeredAt < other.offeredAt)),
    ),
  )
  return early.map(({ caller }) => caller)
}

interface LedgerTimes {
  /** Arrival at Asterisk, by its clock. */
  readonly arrivedAt?: number
  /** Time of the first offer. */
  readonly offeredAt?: number
}

/** Times from the ledger, by number. */
async function ledgerTimes(
  { db }: Testbed,
  callers: readonly Caller[],
): Promise<ReadonlyMap<string, LedgerTimes>> {
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

/** The outcome that the ledger must have; null: the call never reached Asterisk, so a row is optional. */
function expected(caller: Caller): Outcome | null {
  if (hasTalked(caller)) return 'answered'
  if (caller.answeredAt === null) return null
  if (caller.fell) return 'failed'
  return caller.hangUpBy === 'caller' ? 'abandoned' : 'failed'
}

export interface LedgerComparison {
  readonly right: number
  readonly all: number
  /** Calls imported from CEL. */
  readonly fromCel: number
  readonly wrong: readonly string[]
}

/** Compares repeatedly until all rows match or the bound has passed: calls imported from CEL come later. */
export async function compareWithLedger(
  testbed: Testbed,
  callers: readonly Caller[],
  boundMs: number,
): Promise<LedgerComparison> {
  const giveUpAt = performance.now() + boundMs
  for (;;) {
    // The database may still be starting.
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
  const celOutcomes = await outcomesByCel(testbed)
  const wrong: string[] = []
  for (const caller of callers) {
    const own = rows.filter(({ number }) => number === `+4${caller.number}`)
    const why = mismatchOf(caller, own, celOutcomes)
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
  celOutcomes: ReadonlyMap<string, Outcome>,
): string | null {
  const outcome = expected(caller)
  const [row, another] = rows
  if (another !== undefined) return 'has two rows in the ledger'
  if (row === undefined) return outcome === null ? null : `is missing, should be ${outcome}`
  if (outcome !== null && row.outcome !== outcome) return `is ${row.outcome}, should be ${outcome}`
  const agent = caller.talks.findLast(({ talkingAt }) => talkingAt !== null)?.agent ?? null
  if (agent !== row.username) return `was with ${row.username ?? 'nobody'}, should be ${agent ?? 'nobody'}`
  const witness = celOutcomes.get(row.id)
  if (witness === undefined) return 'is not in CEL'
  // CEL contains neither Asterisk's own death nor the side that hung up first while both did.
  const agrees = witness === row.outcome || (witness !== 'answered' && row.outcome !== 'answered')
  return agrees ? null : `is ${row.outcome}, but ${witness} in CEL`
}

/** Outcomes by call id, from CEL. */
async function outcomesByCel({ linia }: Testbed): Promise<ReadonlyMap<string, Outcome>> {
  const story = new CelStory()
  // Rotated at midnight; the current one is missing until the next event.
  for (const { path } of await celFiles(linia.stack.environment['CEL_FILE'] ?? ''))
    for (const { row } of rowsOf(await readFile(path), celColumns).rows)
      story.add(row, { file: '', position: 0 })
  const facts = { pbx: PbxName('pbx1'), caller: { number: null, name: null }, agent: null }
  return new Map(
    story.over(Number.MAX_SAFE_INTEGER).map((call) => [call.id, celSummary(call, facts, null).outcome]),
  )
}

const leftWithinMs = 30_000
/** Longer than for calls: recordings are encoded one after the other. */
const jobsWithinMs = 120_000

/** Sentences about leftover channels, calls, effects and jobs, and agents who are not ready; empty when there are none. */
export async function leftOver(system: SystemUnderTest): Promise<readonly string[]> {
  const calls = await waitUntilNone(leftWithinMs, () => leftoversOfCalls(system))
  const jobs = await waitUntilNone(jobsWithinMs, async () => {
    const counts = await Promise.all(system.jobs.map((queue) => jobsOf(queue)))
    return system.jobs.flatMap(({ name }, index) =>
      Object.entries(counts[index] ?? {}).flatMap(([state, count]) =>
        count > 0 ? [`${count} jobs of ${name} ${state}`] : [],
      ),
    )
  })
  return [...calls, ...jobs]
}

/** Number of unfinished jobs by state. */
export const jobsOf = (queue: Queue): Promise<Readonly<Record<string, number>>> =>
  queue.getJobCounts('wait', 'active', 'delayed', 'failed')

async function leftoversOfCalls({ linia, redis, keys, agents }: SystemUnderTest): Promise<string[]> {
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

async function waitUntilNone(boundMs: number, left: () => Promise<string[]>): Promise<string[]> {
  const giveUpAt = performance.now() + boundMs
  for (;;) {
    const found = await left().catch((error: unknown) => [String(error)])
    if (found.length === 0 || performance.now() > giveUpAt) return found
    await delay(200)
  }
}
