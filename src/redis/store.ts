/** `AcdStore` in Redis: the ACD's states, events and effects. */
import type { Agent } from '../core/agent.ts'
import type { Call, LiveCall } from '../core/call.ts'
import type { Effect } from '../core/effect.ts'
import {
  upcastAgent,
  upcastCall,
  upcastEffects,
  versioned,
  type EffectList,
  type Stored,
} from '../core/versions.ts'
import { StoreUnavailable, type Commit, type Committed, type Entity, type AcdStore } from '../acd/ports.ts'
import type { AcdKeys } from './keys.ts'
import type { AcdCommands } from './connection.ts'

export interface RedisAcdStore extends AcdStore {
  close(): void
}

/** `token` returns the lease token that fences every write. */
export function redisAcdStore(redis: AcdCommands, keys: AcdKeys, token: () => string): RedisAcdStore {
  /** The stream entry of each commit's effects, until they are performed. */
  const unperformed = new Map<string, string>()
  /** Stream entries whose acknowledgement Redis has not confirmed; they are repeated with the next one. */
  let performed: string[] = []

  async function send(commit: Commit): Promise<number> {
    const writes = commit.writes.flatMap(({ entity, from, to }) => [
      subjectOf(entity),
      from,
      to,
      jsonOf(entity),
    ])
    const effects = commit.effects.length === 0 ? '' : jsonOfEffects(commit.effects)
    const [code, detail] = await reach(() =>
      redis.commitChange(
        keys.lease,
        keys.versions,
        keys.states,
        keys.events,
        keys.effects,
        keys.lastLease,
        token(),
        commit.id,
        effects,
        commit.writes.length,
        ...writes,
        ...commit.events.map((event) => JSON.stringify(versioned(event))),
      ),
    )
    // The lease lapsed while Redis or this process hung. It will be renewed, or another node takes it.
    if (code === 2 && detail === 0) throw new StoreUnavailable('The lease has lapsed')
    if (code === 0 && detail !== '') unperformed.set(commit.id, String(detail))
    return code
  }

  return {
    async commit(commit): Promise<Committed> {
      const code = await send(commit)
      return code === 0 ? 'SAVED' : code === 1 ? 'STALE' : 'FENCED'
    },

    async load() {
      const [versions, states, effects] = await reach(() =>
        Promise.all([
          redis.hgetall(keys.versions),
          redis.hgetall(keys.states),
          redis.xrange(keys.effects, '-', '+'),
        ]),
      )
      const calls: { call: LiveCall; version: number }[] = []
      const agents: { agent: Agent; version: number }[] = []
      for (const [subject, json] of Object.entries(states)) {
        const version = Number(versions[subject])
        if (subject.startsWith('call:'))
          calls.push({ call: upcastCall(JSON.parse(json) as Stored<LiveCall>), version })
        else agents.push({ agent: upcastAgent(JSON.parse(json) as Stored<Agent>), version })
      }
      const pending: { commit: string; effects: Effect[] }[] = []
      for (const [id, fields] of effects) {
        const [, commit, , json] = fields
        if (commit === undefined || json === undefined) continue
        unperformed.set(commit, id)
        pending.push({ commit, effects: upcastEffects(JSON.parse(json) as Stored<EffectList>) })
      }
      return { calls, agents, effects: pending }
    },

    async overwrite(all, missed) {
      // Tried several times a second while Redis is away: serialising all states each time would be wasted.
      if (redis.status !== 'ready') throw new StoreUnavailable('Redis is not connected')
      const entities = [
        ...all.calls.map(({ call, version }) => ({ entity: { kind: 'call', call } as Entity, version })),
        ...all.agents.map(({ agent, version }) => ({ entity: { kind: 'agent', agent } as Entity, version })),
      ]
      const [saved, ...ids] = await reach(() =>
        redis.overwriteStates(
          keys.lease,
          keys.versions,
          keys.states,
          keys.events,
          keys.effects,
          token(),
          entities.length,
          ...entities.flatMap(({ entity, version }) => [subjectOf(entity), version, jsonOf(entity)]),
          all.effects.length,
          ...all.effects.flatMap(({ commit, effects }) => [commit, jsonOfEffects(effects)]),
          ...missed.map((event) => JSON.stringify(versioned(event))),
        ),
      )
      if (saved !== 1) return 'FENCED'
      // The script has replaced the stream of effects.
      unperformed.clear()
      performed = []
      for (const [at, { commit }] of all.effects.entries()) unperformed.set(commit, ids[at] ?? '')
      return 'SAVED'
    },

    async acknowledge(commits) {
      const known = commits.flatMap((commit) => unperformed.get(commit) ?? [])
      if (known.length === 0) return
      for (const commit of commits) unperformed.delete(commit)
      const ids = [...performed, ...known]
      performed = []
      let taken = 0
      try {
        taken = await reach(() => redis.acknowledgeEffects(keys.lease, keys.effects, token(), ...ids))
      } finally {
        // No reply, or the lease had lapsed and is about to be renewed. An effect left in the stream would be
        // repeated by the next owner, perhaps hours later.
        if (taken !== 1) performed.push(...ids)
      }
    },

    onState(listener) {
      let runId: string | null = null
      const look = async () => {
        const info = await redis.info('server')
        const now = /run_id:(\w+)/.exec(info)?.[1] ?? ''
        const restarted = runId !== null && runId !== now
        runId = now
        listener({ up: true, restarted })
      }
      const up = () => {
        // A connection that breaks again at once emits its own `close`.
        look().catch(() => listener({ up: false, restarted: false }))
      }
      redis.on('ready', up)
      redis.on('close', () => listener({ up: false, restarted: false }))
      if (redis.status === 'ready') up()
    },

    close() {
      redis.disconnect()
    },
  }
}

const subjectOf = (entity: Entity): string =>
  entity.kind === 'call' ? `call:${entity.call.id}` : `agent:${entity.agent.id}`

/** An ended call is removed from Redis; its record is in the ledger. */
function jsonOf(entity: Entity): string {
  if (entity.kind === 'agent') return JSON.stringify(versioned(entity.agent))
  const call: Call = entity.call
  return call.phase === 'ended' ? '' : JSON.stringify(versioned(call))
}

const jsonOfEffects = (effects: readonly Effect[]): string =>
  JSON.stringify(versioned<EffectList>({ effects }))

/** Turns every failure to reach Redis, a lost reply included, into `StoreUnavailable`. */
async function reach<Value>(command: () => Promise<Value>): Promise<Value> {
  try {
    return await command()
  } catch (error) {
    throw new StoreUnavailable('Redis did not answer', { cause: error })
  }
}
