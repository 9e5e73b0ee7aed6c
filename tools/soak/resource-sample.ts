/** What every process, Redis and PostgreSQL hold at a moment of the soak. */
import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { familyOf } from '../../test/support/processes.ts'
import { jobsOf } from '../chaos/checks.ts'
import type { SystemUnderTest } from '../chaos/testbed.ts'
import { standstills } from './event-loop-lag.ts'

export interface Sample {
  /** Since the load began. */
  readonly atMs: number
  /** A part that is started again is another process. */
  readonly pids: Readonly<Record<string, number>>
  /** Memory of a part's own, with what it has started. */
  readonly memoryMb: Readonly<Record<string, number>>
  /** Open files, sockets among them; of PostgreSQL's those of no table. */
  readonly files: Readonly<Record<string, number>>
  /** The longest that a server's thread stood still since the sample before. */
  readonly standstillMs: Readonly<Record<string, number>>
  /** Keys of Redis. */
  readonly keys: number
  /** Subjects in the line's two hashes: agents, and calls that are not over. */
  readonly versions: number
  readonly states: number
  readonly streamLength: number
  readonly effects: number
  readonly ledgerRows: number
  readonly jobs: number
}

export async function sampleOf(system: SystemUnderTest, atMs: number): Promise<Sample> {
  const { redis, keys, db, jobs } = system
  const pids: Record<string, number> = {}
  const memoryMb: Record<string, number> = {}
  const files: Record<string, number> = {}
  for (const [part, { pid }] of system.linia.stack.parts) {
    if (pid === null) continue
    pids[part] = pid
    const family = familyOf(pid)
    const kilobytes = family.map(({ status }) => Number.parseInt(status.get('RssAnon') ?? '0', 10))
    memoryMb[part] = kilobytes.reduce((sum, each) => sum + each, 0) / 1024
    files[part] = family.reduce((sum, each) => sum + openFilesOf(each.pid), 0)
  }
  const counts = await Promise.all(jobs.map((queue) => jobsOf(queue)))
  const { rows } = await db
    .selectFrom('calls')
    .select((select) => select.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  return {
    atMs,
    pids,
    memoryMb,
    files,
    standstillMs: await standstills(system.linia.stack),
    keys: (await keysOf(system)).length,
    versions: await redis.hlen(keys.versions),
    states: await redis.hlen(keys.states),
    streamLength: await redis.xlen(keys.events),
    effects: await redis.xlen(keys.effects),
    ledgerRows: rows,
    jobs: counts.flatMap((each) => Object.values(each)).reduce((sum, each) => sum + each, 0),
  }
}

export async function keysOf({ redis }: SystemUnderTest): Promise<readonly string[]> {
  const all: string[] = []
  let cursor = '0'
  do {
    const [next, found] = await redis.scan(cursor, 'COUNT', 1000)
    all.push(...found)
    cursor = next
  } while (cursor !== '0')
  return all
}

/** A key of one call, effect, job or message has its id in the name. */
const ofOne = /^(?:\{linia\}|linia-jobs:(?:recordings|documents)):.*(?:\d{6}|[\da-f]{8}-)/

/**
 * Sentences about keys of calls and jobs that are over. Their number says nothing: what the house keeps for itself
 * comes back by and by after Redis was emptied.
 */
export function keysLeft(before: readonly string[], now: readonly string[]): readonly string[] {
  return now.filter((key) => ofOne.test(key) && !before.includes(key)).map((key) => `the key ${key} is left`)
}

/** Each of PostgreSQL's processes keeps the tables open that it has once read: nine in ten of all its files, and no leak. */
const ofTable = /\/data\/(?:base|global)\//

function openFilesOf(pid: number): number {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).filter((file) => !ofTable.test(openedAs(join(folder, file)))).length
  } catch {
    // It has ended meanwhile.
    return 0
  }
}

function openedAs(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    // Closed meanwhile.
    return ''
  }
}
