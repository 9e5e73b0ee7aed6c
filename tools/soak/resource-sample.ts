/** Resources held by every process, Redis and PostgreSQL at one time of the soak test. */
import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { familyOf } from '../../test/support/processes.ts'
import { jobsOf } from '../chaos/checks.ts'
import { keysOf } from '../chaos/redis-keys.ts'
import type { SystemUnderTest } from '../chaos/testbed.ts'
import { eventLoopLags } from './event-loop-lag.ts'

export interface Sample {
  /** Since the load began. */
  readonly atMs: number
  /** Process ids, to detect restarts. */
  readonly pids: Readonly<Record<string, number>>
  /** Anonymous memory of a part and its child processes. */
  readonly memoryMb: Readonly<Record<string, number>>
  /** Open files and sockets; PostgreSQL's table files are not counted. */
  readonly files: Readonly<Record<string, number>>
  /** The longest event loop lag of each server since the previous sample. */
  readonly standstillMs: Readonly<Record<string, number>>
  /** Keys of Redis. */
  readonly keys: number
  /** Entries in the ACD's two hashes: agents and live calls. */
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
    standstillMs: await eventLoopLags(system.linia.stack),
    keys: (await keysOf(system)).length,
    versions: await redis.hlen(keys.versions),
    states: await redis.hlen(keys.states),
    streamLength: await redis.xlen(keys.events),
    effects: await redis.xlen(keys.effects),
    ledgerRows: rows,
    jobs: counts.flatMap((each) => Object.values(each)).reduce((sum, each) => sum + each, 0),
  }
}

/** PostgreSQL's processes keep every table open that they have read: nine in ten of their files, and no leak. */
const ofTable = /\/data\/(?:base|global)\//

function openFilesOf(pid: number): number {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).filter((file) => !ofTable.test(openedAs(join(folder, file)))).length
  } catch {
    // The process has ended meanwhile.
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
