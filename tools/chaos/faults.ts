/** Every fault: what is done, and what must hold. One entry each; `docs/chaos.md` says how one is repeated alone. */
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { clockLibrary } from '../../src/stack/install/packages.ts'
import type { Part } from '../../src/stack/stack.ts'
import { until } from '../../test/support/until.ts'
import { fillDisk, hasDiskOfItsOwn, nearlyFillDisk } from './recordings-disk.ts'
import { setClock } from './shifted-clock.ts'
import { folderOf, type Testbed } from './testbed.ts'

export type Special =
  | 'a third node'
  | 'a standby Asterisk'
  | 'clocks that can be set'
  | 'an agent at another computer'

export interface Fault {
  readonly name: string
  readonly what: string
  /** Asterisk itself dies: who is on the phone falls, which no server can prevent. */
  readonly callsFall?: boolean
  /** What is said meanwhile may not be kept; Asterisk's own death takes with it what it has not yet written. */
  readonly mayLoseSound?: boolean
  /** What only a Linia of its own has. */
  readonly needs?: Special
  /** Why it cannot be done here; null: it can. */
  skipped?(testbed: Testbed): string | null
  /** With the line full, before anything is measured. */
  prepare?(testbed: Testbed): Promise<void>
  /** `owner`: the node that owns the line. The answer mends it again; null: the system does. */
  strike(testbed: Testbed, owner: number): Promise<(() => Promise<void>) | null>
  /** It takes effect when that promise is kept, not at once. */
  readonly strikesLate?: boolean
  /** So long after the strike it is mended. */
  readonly lastsMs: number
  /** The next caller in line rings at a free agent within this, from the strike. */
  readonly backWithinMs: number
}

const serverOf = (node: number) => `server${node}` as const
const nothingToMend = () => Promise.resolve()

/** The supervisor of a node ends it when it has been silent for ten seconds: it should wake up before. */
const hungMs = 9_000
const rolledBackMs = 3_000
export const postgresGoneMs = 60_000
const clockAheadMs = 600_000
/** The library looks into its file each second, and what a node tells of its clock is a second old. */
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
    what: 'nothing happens: the measure of the measure',
    strike: () => Promise.resolve(nothingToMend),
    lastsMs: 2_000,
    backWithinMs: 1_000,
  },
  {
    name: 'kill-owner',
    what: 'the node that owns the line is killed (kill -9)',
    strike: killOwner,
    lastsMs: 0,
    backWithinMs: 3_000,
  },
  {
    name: 'kill-owner-of-three',
    needs: 'a third node',
    what: 'the node that owns the line is killed (kill -9), and two stand by',
    strike: killOwner,
    lastsMs: 0,
    backWithinMs: 3_000,
  },
  {
    name: 'hang-owner',
    what: `the node that owns the line hangs for ${hungMs / 1000} s (SIGSTOP), then wakes up (SIGCONT)`,
    strike(testbed, owner) {
      const { pid } = service(testbed, serverOf(owner))
      testbed.linia.kill(serverOf(owner), 'SIGSTOP')
      return Promise.resolve(async () => {
        const awake = service(testbed, serverOf(owner)).pid === pid
        if (!awake) throw new Error('its supervisor ended it before it woke up')
        testbed.linia.kill(serverOf(owner), 'SIGCONT')
        await until(async () => (await testbed.readinessOf(owner))?.role === 'standby', 20_000)
      })
    },
    lastsMs: hungMs,
    backWithinMs: 3_000,
  },
  {
    name: 'cut-asterisk',
    what: 'the connections between the owner and Asterisk are cut for 5 s, without an end',
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
    what: 'Redis is ended in good order (SIGTERM), and started again',
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
    what: `Redis is started again with its files of ${rolledBackMs / 1000} s ago, while calls came and ended`,
    async prepare(testbed) {
      await cp(appendOnly(testbed), `${appendOnly(testbed)}-older`, { recursive: true })
      for (const caller of testbed.traffic.talking().slice(0, 5)) testbed.traffic.endTalk(caller)
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
    what: `PostgreSQL is away for ${postgresGoneMs / 1000} s`,
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
    skipped: (testbed) =>
      hasDiskOfItsOwn(testbed.linia.dir) ? null : 'a disk of its own cannot be mounted by this user',
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
        ? 'libfaketime is not installed; clock jumps are in the simulator (make simulate)'
        : null,
    strikesLate: true,
    async strike(testbed, owner) {
      const { pid } = service(testbed, serverOf(owner))
      setClock(testbed.linia.dir, owner, clockAheadMs)
      await until(async () => (await aheadMs(testbed, owner)) > clockAheadMs / 2, clockShownWithinMs)
      return async () => {
        const same = service(testbed, serverOf(owner)).pid === pid
        if (!same) throw new Error('it ended while its clock was wrong')
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
    what: 'Asterisk is killed (kill -9); a standby takes its place',
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

/** By how much the clock of a node is ahead of ours, as it dates its own answers; NaN: it does not answer. */
async function aheadMs({ linia }: Testbed, node: number): Promise<number> {
  const url = `http://127.0.0.1:${linia.stack.ports.get(`api${node}`)}/healthz`
  const answer = await fetch(url, { signal: AbortSignal.timeout(500) }).catch(() => null)
  await answer?.body?.cancel()
  return Date.parse(answer?.headers.get('date') ?? '') - Date.now()
}

const appendOnly = (testbed: Testbed): string => join(folderOf(testbed, 'redis'), 'appendonlydir')
