/** All faults, each with its action and bounds. `docs/chaos.md` explains how to repeat one. */
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { clockLibrary } from '../../src/stack/install/packages.ts'
import type { Part } from '../../src/stack/stack.ts'
import { until } from '../../test/support/until.ts'
import { fillDisk, hasDiskOfItsOwn, nearlyFillDisk } from './recordings-disk.ts'
import { olderCommit, update } from './older-release.ts'
import { setClock } from './shifted-clock.ts'
import { folderOf, type Testbed } from './testbed.ts'

export type Special =
  | 'a third node'
  | 'a standby Asterisk'
  | 'clocks that can be set'
  | 'an agent at another computer'
  | 'an older release'

export interface Fault {
  readonly name: string
  readonly what: string
  /** Asterisk itself dies, and every call with it: no server can prevent that. */
  readonly callsFall?: boolean
  /** Recordings may lose audio: the disk is full, or Asterisk dies with unwritten data. */
  readonly mayLoseSound?: boolean
  /** Requires a Linia with this extra equipment. */
  readonly needs?: Special
  /** Reason for skipping it on this machine; null: none. */
  skipped?(testbed: Testbed): string | null
  /** Runs with the load established, before measuring. */
  prepare?(testbed: Testbed): Promise<void>
  /** Causes the fault. `owner`: the owner node. Returns the repair; null: the system recovers by itself. */
  strike(testbed: Testbed, owner: number): Promise<(() => Promise<void>) | null>
  /** The fault takes effect when `strike` resolves, not when it is called. */
  readonly strikesLate?: boolean
  /** The node's clock is not Asterisk's, as on no real machine: it takes an arrival for one of long ago. */
  readonly hasTwoClocks?: true
  /** Time from the fault to its repair. */
  readonly lastsMs: number
  /** Bound, from the fault, for the next caller in the queue to ring at a free agent. */
  readonly backWithinMs: number
}

const serverOf = (node: number) => `server${node}` as const
const nothingToRepair = () => Promise.resolve()

/** Shorter than the ten seconds of silence after which a node's supervisor kills it. */
const hungMs = 9_000
const rolledBackMs = 3_000
export const postgresGoneMs = 60_000
const clockAheadMs = 600_000
/** libfaketime reads its file once a second, and a node's Date header is up to a second old. */
const clockShownWithinMs = 10_000

function service(testbed: Testbed, part: Part) {
  const found = testbed.linia.stack.parts.get(part)
  if (found === undefined) throw new Error(`this stack has no ${part}`)
  return found
}

function killOwner(testbed: Testbed, owner: number): Promise<null> {
  testbed.linia.kill(serverOf(owner))
  return Promise.resolve(null)
}

export const faults: readonly Fault[] = [
  {
    name: 'nothing',
    what: 'no fault: the baseline of the measurement',
    strike: () => Promise.resolve(nothingToRepair),
    lastsMs: 2_000,
    backWithinMs: 1_000,
  },
  {
    name: 'kill-owner',
    what: 'the owner node is killed (kill -9)',
    strike: killOwner,
    lastsMs: 0,
    backWithinMs: 3_000,
  },
  {
    name: 'kill-owner-of-three',
    needs: 'a third node',
    what: 'the owner node is killed (kill -9), with two standby nodes',
    strike: killOwner,
    lastsMs: 0,
    backWithinMs: 3_000,
  },
  {
    name: 'hang-owner',
    what: `the owner node hangs for ${hungMs / 1000} s (SIGSTOP), then continues (SIGCONT)`,
    strike(testbed, owner) {
      const { pid } = service(testbed, serverOf(owner))
      testbed.linia.kill(serverOf(owner), 'SIGSTOP')
      return Promise.resolve(async () => {
        const awake = service(testbed, serverOf(owner)).pid === pid
        if (!awake) throw new Error('its supervisor killed it before it continued')
        testbed.linia.kill(serverOf(owner), 'SIGCONT')
        await until(async () => (await testbed.readinessOf(owner))?.role === 'standby', 20_000)
      })
    },
    lastsMs: hungMs,
    backWithinMs: 3_000,
  },
  {
    name: 'cut-asterisk',
    what: 'the connections between the owner and Asterisk are cut for 5 s, without a FIN',
    strike(testbed, owner) {
      const cables = testbed.cables.get(owner) ?? []
      for (const cable of cables) cable.cut()
      return Promise.resolve(() => {
        for (const cable of cables) cable.mend()
        return Promise.resolve()
      })
    },
    lastsMs: 5_000,
    backWithinMs: 3_000,
  },
  {
    name: 'kill-redis',
    what: 'Redis is killed (kill -9); its supervisor starts it again',
    strike(testbed) {
      testbed.linia.kill('redis')
      return Promise.resolve(null)
    },
    lastsMs: 0,
    backWithinMs: 3_000,
  },
  {
    name: 'restart-redis',
    what: 'Redis is stopped (SIGTERM) and started again',
    async strike(testbed) {
      await service(testbed, 'redis').stop()
      return () => service(testbed, 'redis').start()
    },
    lastsMs: 0,
    backWithinMs: 3_000,
  },
  {
    name: 'empty-redis',
    what: 'Redis is emptied (FLUSHALL)',
    async strike(testbed) {
      await testbed.redis.flushall()
      return null
    },
    lastsMs: 0,
    backWithinMs: 3_000,
  },
  {
    name: 'roll-back-redis',
    what: `Redis is restarted with its files of ${rolledBackMs / 1000} s ago, during which calls came and ended`,
    async prepare(testbed) {
      await cp(appendOnly(testbed), `${appendOnly(testbed)}-older`, { recursive: true })
      // The last two are not alone with their agent (`others.ts`).
      for (const caller of testbed.traffic.talking().slice(0, -2).slice(0, 5)) testbed.traffic.endTalk(caller)
      for (let calls = 0; calls < 5; calls += 1) await testbed.traffic.call()
      await delay(rolledBackMs)
    },
    async strike(testbed) {
      await service(testbed, 'redis').stop()
      await rm(appendOnly(testbed), { recursive: true })
      await cp(`${appendOnly(testbed)}-older`, appendOnly(testbed), { recursive: true })
      await rm(`${appendOnly(testbed)}-older`, { recursive: true })
      return () => service(testbed, 'redis').start()
    },
    lastsMs: 0,
    backWithinMs: 3_000,
  },
  {
    name: 'lose-postgres',
    what: `PostgreSQL is stopped for ${postgresGoneMs / 1000} s`,
    async strike(testbed) {
      await service(testbed, 'postgres').stop()
      return () => service(testbed, 'postgres').start()
    },
    lastsMs: postgresGoneMs,
    backWithinMs: 1_000,
  },
  {
    name: 'fill-disk',
    what: 'the disk of the recordings is full for 10 s',
    mayLoseSound: true,
    skipped: (testbed) => (hasDiskOfItsOwn(testbed.linia.dir) ? null : 'this user may not mount a tmpfs'),
    prepare: (testbed) => nearlyFillDisk(testbed.linia.dir),
    strike: (testbed) => fillDisk(testbed.linia.dir),
    lastsMs: 10_000,
    backWithinMs: 1_000,
  },
  {
    name: 'shift-clock',
    needs: 'clocks that can be set',
    what: 'the clock of the owner jumps ten minutes ahead for 8 s, and back',
    skipped: () =>
      clockLibrary() === null
        ? 'libfaketime is not installed; the simulator covers clock jumps (make simulate)'
        : null,
    strikesLate: true,
    hasTwoClocks: true,
    async strike(testbed, owner) {
      const { pid } = service(testbed, serverOf(owner))
      setClock(testbed.linia.dir, owner, clockAheadMs)
      await until(async () => (await aheadMs(testbed, owner)) > clockAheadMs / 2, clockShownWithinMs)
      return async () => {
        const same = service(testbed, serverOf(owner)).pid === pid
        if (!same) throw new Error('the node ended while its clock was wrong')
        setClock(testbed.linia.dir, owner, 0)
        await until(
          async () => Math.abs(await aheadMs(testbed, owner)) < clockAheadMs / 2,
          clockShownWithinMs,
        )
      }
    },
    lastsMs: 8_000,
    backWithinMs: 3_000,
  },
  {
    name: 'update',
    needs: 'an older release',
    what: `the servers of an older release (${olderCommit.slice(0, 8)}) are replaced by this release's, one after the other, over the same Asterisk`,
    // When the owner is told to end: the standby was replaced before.
    strikesLate: true,
    strike: update,
    lastsMs: 0,
    backWithinMs: 3_000,
  },
  {
    name: 'kill-asterisk',
    what: 'Asterisk is killed (kill -9); its supervisor starts it again',
    callsFall: true,
    mayLoseSound: true,
    strike(testbed) {
      testbed.linia.kill('asterisk')
      return Promise.resolve(null)
    },
    lastsMs: 0,
    backWithinMs: 10_000,
  },
  {
    name: 'kill-asterisk-standby',
    what: 'Asterisk is killed (kill -9); a standby takes over',
    callsFall: true,
    mayLoseSound: true,
    needs: 'a standby Asterisk',
    strike(testbed) {
      testbed.linia.kill('asterisk')
      return Promise.resolve(null)
    },
    lastsMs: 0,
    backWithinMs: 10_000,
  },
]

/** Offset of a node's clock, by the Date header of its answers; NaN: no answer. */
async function aheadMs({ linia }: Testbed, node: number): Promise<number> {
  const url = `http://127.0.0.1:${linia.stack.ports.get(`api${node}`)}/healthz`
  const answer = await fetch(url, { signal: AbortSignal.timeout(500) }).catch(() => null)
  await answer?.body?.cancel()
  return Date.parse(answer?.headers.get('date') ?? '') - Date.now()
}

const appendOnly = (testbed: Testbed): string => join(folderOf(testbed, 'redis'), 'appendonlydir')
