/**
 * Equivalence of the Redis model and a real Redis: for random sequences of commands both give the same answers and
 * hold the same data. Only stream ids differ, since they contain the time.
 */
import * as fc from 'fast-check'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { PbxName } from '../../../src/core/ids.ts'
import { acdKeys } from '../../../src/redis/keys.ts'
import { testRedis } from '../../support/redis.ts'
import { changed } from '../../../tools/simulation/plant.ts'
import { plantedBugs } from '../../../tools/simulation/planted-bugs.ts'
import { RedisModel, type CommandName } from '../../../tools/simulation/redis/model.ts'
import { RealEngine, type ChangeScript } from '../../../tools/simulation/redis/real-engine.ts'

const keys = acdKeys('model', PbxName('pbx1'))
const names = ['one', 'two']
const subjects = ['call:c1', 'call:c2', 'agent:a1']
type Argument = string | number

/** Runs the same commands on both. */
class Pair {
  now = 1_800_000_000_000
  readonly model = new RedisModel(() => this.now)
  readonly real: RealEngine
  /** Granted lease tokens, newest last; and each effect's id in both. */
  readonly tokens = ['nobody:1']
  effects: { readonly model: string; readonly real: string }[] = []
  commits = 0

  constructor(redis: Redis, change: ChangeScript) {
    this.real = new RealEngine(redis, keys, () => this.now, change)
  }

  async both(name: CommandName, args: readonly Argument[], real = args): Promise<[unknown, unknown]> {
    return [this.model.execute(name, args), await this.real.execute(name, real)]
  }

  async same(name: CommandName, args: readonly Argument[]): Promise<unknown> {
    const [model, real] = await this.both(name, args)
    equal(model, real, name)
    return model
  }

  /** Compares the data of both. */
  async check(): Promise<void> {
    await this.same('hgetall', [keys.versions])
    await this.same('hgetall', [keys.states])
    for (const stream of [keys.events, keys.effects]) {
      const [model, real] = await this.both('xrange', [stream, '-', '+'])
      equal(fieldsOf(model), fieldsOf(real), stream)
    }
    const [model, real] = await this.both('snapshotStates', [keys.states, keys.events])
    // The order of a hash's fields is not defined.
    equal(pairsOf(model), pairsOf(real), 'snapshot')
  }
}

const fieldsOf = (entries: unknown): unknown => (entries as [string, unknown][]).map(([, fields]) => fields)

function pairsOf(snapshot: unknown): string[] {
  const [, ...flat] = snapshot as string[]
  return flat.flatMap((one, at) => (at % 2 === 0 ? [`${one} ${flat[at + 1]}`] : [])).sort()
}

function equal(model: unknown, real: unknown, what: string): void {
  const texts = [model, real].map((one) => JSON.stringify(one, (_key, value: unknown) => sorted(value)))
  if (texts[0] !== texts[1]) throw new Error(`${what}: the model has ${texts[0]}, Redis ${texts[1]}`)
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** One command. */
class Command implements fc.AsyncCommand<object, Pair> {
  readonly #text: string
  readonly #run: (pair: Pair) => Promise<void>

  constructor(text: string, run: (pair: Pair) => Promise<void>) {
    this.#text = text
    this.#run = run
  }
  check(): boolean {
    return true
  }
  async run(_model: object, pair: Pair): Promise<void> {
    await this.#run(pair)
    await pair.check()
  }
  toString(): string {
    return this.#text
  }
}

/** Position of a token from the newest. */
const token = fc.nat(3)
const tokenOf = (pair: Pair, back: number): string => pair.tokens.at(-1 - (back % pair.tokens.length)) ?? ''
const write = fc.record({
  subject: fc.constantFrom(...subjects),
  from: fc.nat(2),
  to: fc.integer({ min: 1, max: 3 }),
  state: fc.constantFrom('{"a":1}', '{"b":2}', ''),
})

const commit = fc
  .record({
    token,
    writes: fc.array(write, { maxLength: 3 }),
    events: fc.nat(2),
    effects: fc.boolean(),
  })
  .map(
    (asked) =>
      new Command(`commit ${JSON.stringify(asked)}`, async (pair) => {
        pair.commits += 1
        const id = `k${pair.commits}`
        const [answer, realAnswer] = await pair.both('commitChange', [
          keys.lease,
          keys.versions,
          keys.states,
          keys.events,
          keys.effects,
          keys.lastLease,
          tokenOf(pair, asked.token),
          id,
          asked.effects ? `["${id}"]` : '',
          asked.writes.length,
          ...asked.writes.flatMap(({ subject, from, to, state }) => [subject, from, to, state]),
          ...Array.from({ length: asked.events }, (_, index) => `{"e":"${id}.${index}"}`),
        ])
        const [code, detail] = answer as [number, Argument]
        const [realCode, realDetail] = realAnswer as [number, Argument]
        const saved = code === 0 && detail !== ''
        equal(
          [code, saved || detail],
          [realCode, (realCode === 0 && realDetail !== '') || realDetail],
          'commit',
        )
        // The test clock does not advance by itself, so the model repeats ids once its stream is gone.
        const [model, real] = [String(detail), String(realDetail)]
        if (saved) pair.effects = [...pair.effects.filter((one) => one.model !== model), { model, real }]
      }),
  )

const overwrite = fc
  .record({ token, states: fc.array(write, { maxLength: 3 }), owed: fc.nat(2), events: fc.nat(2) })
  .map(
    (asked) =>
      new Command(`overwrite ${JSON.stringify(asked)}`, async (pair) => {
        const [answer, realAnswer] = await pair.both('overwriteStates', [
          keys.lease,
          keys.versions,
          keys.states,
          keys.events,
          keys.effects,
          tokenOf(pair, asked.token),
          asked.states.length,
          ...asked.states.flatMap(({ subject, from, state }) => [subject, from, state]),
          asked.owed,
          ...Array.from({ length: asked.owed }, (_, index) => [`owed${index}`, `["o${index}"]`]).flat(),
          ...Array.from({ length: asked.events }, (_, index) => `{"o":${index}}`),
        ])
        const [code, ...ids] = answer as [number, ...string[]]
        const [realCode, ...realIds] = realAnswer as [number, ...string[]]
        equal([code, ids.length], [realCode, realIds.length], 'overwrite')
        for (const [at, model] of ids.entries()) {
          const real = realIds[at] ?? ''
          pair.effects = [...pair.effects.filter((one) => one.model !== model), { model, real }]
        }
      }),
  )

const acknowledge = fc.record({ token, which: fc.array(fc.nat(1), { maxLength: 3 }) }).map(
  (asked) =>
    new Command(`acknowledge ${JSON.stringify(asked)}`, async (pair) => {
      const ids = asked.which.flatMap((one) => pair.effects.at(-1 - one) ?? [])
      const first = [keys.lease, keys.effects, tokenOf(pair, asked.token)]
      const [model, real] = await pair.both(
        'acknowledgeEffects',
        [...first, ...ids.map((id) => id.model)],
        [...first, ...ids.map((id) => id.real)],
      )
      equal(model, real, 'acknowledge')
    }),
)

const leaseNames = [keys.lease, keys.lastLease, keys.standby, keys.lastSeen]
const take = fc
  .record({
    node: fc.constantFrom(...names),
    able: fc.constantFrom(0, 1),
    whose: fc.constantFrom('any', 'seen', 'new', 'own'),
    lateMs: fc.constantFrom(0, 1_000, -1_000),
  })
  .map(
    (asked) =>
      new Command(`take ${JSON.stringify(asked)}`, async (pair) => {
        const until = asked.lateMs === 0 ? 0 : pair.now + asked.lateMs
        const args = [...leaseNames, asked.node, 2_000, asked.able, 1_000, asked.whose, until]
        const [granted] = (await pair.same('takeLease', args)) as [string]
        if (granted !== '') pair.tokens.push(granted)
      }),
  )
const renew = fc.record({ token, awake: fc.constantFrom(0, 1), sees: fc.boolean() }).map(
  (asked) =>
    new Command(`renew ${JSON.stringify(asked)}`, async (pair) => {
      const args = [...leaseNames, tokenOf(pair, asked.token), 2_000, asked.awake, asked.sees ? pair.now : '']
      await pair.same('renewLease', args)
    }),
)
const release = token.map(
  (asked) =>
    new Command(`release ${asked}`, async (pair) => {
      await pair.same('releaseLease', [keys.lease, keys.lastLease, tokenOf(pair, asked)])
    }),
)
const wait = fc.integer({ min: -3_000, max: 3_000 }).map(
  (ms) =>
    new Command(`wait ${ms} ms`, (pair) => {
      pair.now += ms
      pair.model.expire()
      return Promise.resolve()
    }),
)
const restart = fc.boolean().map(
  (emptied) =>
    new Command(emptied ? 'emptied' : 'restarted with its data', async (pair) => {
      const [model, real] = [pair.model.keep(), await pair.real.keep()]
      pair.model.restart(emptied ? null : model)
      await pair.real.restart(emptied ? null : real)
    }),
)

const redisProcess = await testRedis(t)

const numRuns = 1_000
/** Time limit for shrinking; the shortest sequence so far is reported. */
const shrinkMs = 30_000

interface Runs {
  /** Repeats the runs of this seed; default: random. */
  readonly seed?: number
  readonly shrink?: true
}

/** Random command sequences on both; with `shrink` the first difference is shrunk. */
async function compare(t: Test, change: ChangeScript, { seed, shrink }: Runs = {}) {
  const redis = new Redis(redisProcess.url)
  t.teardown(() => redis.disconnect())
  const asked = [take, take, commit, commit, commit, overwrite, acknowledge, renew, release, wait, restart]
  const property = fc.asyncProperty(
    fc.commands(asked, { maxCommands: 40, size: 'max' }),
    async (commands) => {
      await redis.flushdb()
      await fc.asyncModelRun(() => ({ model: {}, real: new Pair(redis, change) }), commands)
    },
  )
  const chosen = seed === undefined ? {} : { seed }
  const found = await fc.check(property, { numRuns, endOnFailure: true, ...chosen })
  if (!found.failed || shrink !== true) return found
  // Restarted from the failure: otherwise the time limit would also bound the number of runs.
  const path = found.counterexamplePath ?? ''
  return fc.check(property, { numRuns, seed: found.seed, path, interruptAfterTimeLimit: shrinkMs })
}

void t.test('the model and Redis give the same answers and hold the same data', async (t) => {
  const seed = process.env['SEED']
  const found = await compare(t, (_file, text) => text, {
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    shrink: true,
  })
  // Its seed repeats it: `SEED=… node test/support/run.ts test/tools/simulation/redis-model.test.ts`.
  if (found.failed) t.comment(fc.defaultReportMessage(found))
  t.equal(found.errorInstance, null)
})

void t.test('every planted bug in a script is found as a difference', async (t) => {
  for (const bug of plantedBugs.filter(({ file }) => file.endsWith('.lua'))) {
    const found = await compare(t, (file, text) => (bug.file === `redis/${file}` ? changed(text, bug) : text))
    t.ok(found.failed, bug.name)
  }
})
