import * as fc from 'fast-check'
import t from 'tap'
import { AgentId, CallId } from '../../../src/core/ids.ts'
import { grantedTo, grantMs } from '../../../src/city/identity/grant.ts'
import { standingFrom, type AskedSet } from '../../../src/city/identity/history.ts'
import {
  attemptsPerCall,
  beginning,
  CheckId,
  step,
  type CheckEvent,
  type Standing,
} from '../../../src/city/identity/standing.ts'
import { isTooFruitless, mustLock, numberLockedUntil, type Tried } from '../../../src/city/identity/lock.ts'
import { isAgentAlarming, isNumberAlarming } from '../../../src/city/identity/alert.ts'

const t0 = 1_764_000_000_000
const ana = AgentId('ana')
const ion = AgentId('ion')
const one = CheckId(1)
const two = CheckId(2)
const asked = (check = one): CheckEvent => ({ type: 'Asked', check, at: t0 })
const failed = (check = one): CheckEvent => ({ type: 'Failed', check })
const passed = (check = one): CheckEvent => ({ type: 'Passed', check, agent: ana, at: t0 + 60_000 })
const voided: CheckEvent = { type: 'Voided', check: one }
const elsewhere: CheckEvent = { type: 'FailedElsewhere' }
const confirmed = (check = one): CheckEvent => ({ type: 'Confirmed', check, agent: ion })
const after = (...events: readonly CheckEvent[]): Standing => events.reduce(step, beginning)

void t.test('a right answer passes the check for the agent who asked', async (t) => {
  t.same(after(asked()), { state: 'asking', check: one, askedAt: t0, failures: 0 })
  t.same(after(asked(), passed()), {
    state: 'passed',
    check: one,
    passedAt: t0 + 60_000,
    holder: ana,
    failures: 0,
  })
})

void t.test('one wrong answer allows another set, two do not', async (t) => {
  t.same(after(asked(), failed()), { state: 'unasked', failures: 1 })
  t.same(after(asked(), failed(), asked(two), failed(two)), { state: 'exhausted', failures: 2 })
  t.match(after(asked(), failed(), asked(two), passed(two)), { state: 'passed', failures: 1 })
  t.match(after(asked(), failed(), asked(two), failed(two), asked(one)), { state: 'exhausted' })
})

void t.test('attempts belong to the call: a failure about another person counts', async (t) => {
  t.same(after(elsewhere), { state: 'unasked', failures: 1 })
  t.same(after(elsewhere, elsewhere), { state: 'exhausted', failures: 2 })
  t.match(after(asked(), elsewhere), { state: 'asking', failures: 1 })
  t.same(after(asked(), elsewhere, failed()), { state: 'exhausted', failures: 2 })
  t.match(after(asked(), elsewhere, elsewhere), { state: 'exhausted' }, 'also while a set is open')
  t.match(after(asked(), passed(), elsewhere, elsewhere), { state: 'passed' }, 'what was proved stays proved')
  t.match(after(elsewhere, elsewhere, elsewhere), { state: 'exhausted', failures: 3 })
  const passedBetween = after(elsewhere, asked(), passed(), elsewhere)
  t.match(passedBetween, { state: 'passed', failures: 2 }, 'a success gives no attempt back')
  t.equal(step(passedBetween, asked(two)), passedBetween)
})

void t.test(
  'a voided set does not count as an attempt; a verdict on another set changes nothing',
  async (t) => {
    t.same(after(asked(), voided), { state: 'unasked', failures: 0 })
    const asking = after(asked())
    for (const event of [failed(two), passed(two), { ...voided, check: two }, asked(two), confirmed()])
      t.equal(step(asking, event), asking)
    const unasked = after()
    for (const event of [failed(), passed(), voided, confirmed()]) t.equal(step(unasked, event), unasked)
    const done = after(asked(), passed())
    for (const event of [failed(), passed(), voided, confirmed(two)]) t.equal(step(done, event), done)
    const exhausted = after(elsewhere, elsewhere)
    for (const event of [asked(), failed(), passed(), voided, confirmed()])
      t.equal(step(exhausted, event), exhausted)
  },
)

void t.test(
  'the grant belongs to the asking agent, after a transfer to the confirming one, for a quarter of an hour in all',
  async (t) => {
    const standing = after(asked(), passed())
    const until = t0 + 60_000 + grantMs
    t.same(grantedTo(ana, standing, t0 + 60_000), { state: 'granted', until })
    t.same(grantedTo(ana, standing, until - 1), { state: 'granted', until })
    t.same(grantedTo(ana, standing, until), { state: 'none' })
    t.same(grantedTo(ion, standing, t0 + 60_000), { state: 'to confirm', until })
    const moved = after(asked(), passed(), confirmed())
    t.same(grantedTo(ion, moved, until - 1), { state: 'granted', until }, 'the time does not begin again')
    t.same(grantedTo(ana, moved, until - 1), { state: 'to confirm', until })
    for (const other of [after(), after(asked()), after(elsewhere, elsewhere)])
      t.same(grantedTo(ana, other, t0), { state: 'none' })
    t.match(after(asked(), passed(), asked(two)), { state: 'asking', check: two }, 'asked anew')
    const spent = after(asked(), passed(), elsewhere, elsewhere)
    t.equal(step(spent, asked(two)), spent, 'but not after two failures about others')
  },
)

void t.test('a check never passes without a right answer, nor after two wrong ones', async () => {
  const event = fc.oneof(
    fc.constantFrom(one, two).map(asked),
    fc.constantFrom(one, two).map(failed),
    fc.constantFrom(one, two).map(passed),
    fc.constant(elsewhere),
    fc.constant(voided),
    fc.constantFrom(one, two).map(confirmed),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let standing: Standing = beginning
      for (const next of events) {
        const before = standing
        standing = step(before, next)
        if (standing.failures < before.failures) return false
        if (standing.state === 'passed' && before.state !== 'passed') {
          if (before.state !== 'asking' || next.type !== 'Passed' || next.check !== before.check) return false
        }
        if (before.state === 'exhausted' && standing.state !== 'exhausted') return false
        if (standing.state === 'asking' && before.state !== 'asking' && before.failures >= attemptsPerCall)
          return false
      }
      return true
    }),
    { numRuns: 3_000 },
  )
})

const set = (check: number, person: string, rest: Partial<AskedSet> = {}): AskedSet => ({
  check: CheckId(check),
  person,
  askedAt: t0,
  verdict: null,
  judge: null,
  judgedAt: null,
  confirmedBy: [],
  ...rest,
})

void t.test('the registered sets of a call are folded for one person', async (t) => {
  const judged = { judge: ana, judgedAt: t0 + 9 } as const
  const sets = [
    set(1, 'maria', { verdict: 'failed', ...judged }),
    set(2, 'maria', { verdict: 'void', ...judged }),
    set(3, 'maria', { verdict: 'passed', ...judged, confirmedBy: [ion] }),
    set(4, 'vasile'),
  ]
  t.match(standingFrom(sets, 'maria'), { state: 'passed', holder: ion, passedAt: t0 + 9, failures: 1 })
  t.match(standingFrom(sets, 'vasile'), { state: 'asking', check: 4, failures: 1 })
  t.same(standingFrom(sets, 'nobody'), { state: 'unasked', failures: 1 })
  t.match(
    standingFrom([set(1, 'maria', { verdict: 'passed' })], 'maria'),
    { state: 'asking' },
    'by nobody: no verdict',
  )
})

const hour = 3_600_000
const day = 24 * hour
const call = (id: number, hoursAgo: number, what: Tried['what'] = 'failed'): Tried => ({
  call: CallId(`c${id}`),
  bucket: 'one number',
  what,
  at: t0 - hoursAgo * hour,
})

void t.test('three failed calls in 24 hours lock the channel', async (t) => {
  t.ok(mustLock([call(1, 20), call(2, 10), call(3, 0)], null, t0))
  t.notOk(mustLock([call(1, 24), call(2, 10), call(3, 0)], null, t0), 'the first one is a day ago')
  t.notOk(mustLock([call(1, 2), call(1, 2), call(2, 1), call(2, 1)], null, t0), 'two attempts are one call')
  t.notOk(
    mustLock([call(1, 2), call(2, 1), call(3, 1), call(3, 0, 'passed')], null, t0),
    'right at the second attempt',
  )
  t.ok(
    mustLock([call(1, 5), call(2, 4), call(3, 3), call(4, 2, 'passed')], null, t0),
    'another call forgives nothing',
  )
  t.notOk(mustLock([call(1, 5), call(2, 4), call(3, 1)], t0 - 3 * hour, t0), 'unlocked in between')
  t.notOk(mustLock([], null, t0))
})

void t.test('five failed calls in a month lock the channel, and seven in a quarter', async (t) => {
  const each = (count: number, daysApart: number) =>
    Array.from({ length: count }, (_, id) => call(id, id * daysApart * 24))
  t.notOk(mustLock(each(4, 2), null, t0))
  t.ok(mustLock(each(5, 2), null, t0))
  t.notOk(mustLock(each(6, 11), null, t0))
  t.ok(mustLock(each(7, 11), null, t0))
  t.notOk(mustLock(each(20, 15), null, t0), 'one every fifteen days')
})

void t.test('a number is locked for a person sooner than the channel, and not for ever', async (t) => {
  t.equal(numberLockedUntil([call(1, 2)], null, t0), null)
  t.equal(numberLockedUntil([call(1, 2), call(2, 1)], null, t0), t0 - 2 * hour + day)
  const month = [call(1, 20 * 24), call(2, 10 * 24), call(3, 2 * 24)]
  t.equal(
    numberLockedUntil(month, null, t0),
    t0 + 10 * day,
    'three in a month, until the first is a month ago',
  )
  const quarter = [call(1, 80 * 24), call(2, 60 * 24), call(3, 40 * 24), call(4, 2 * 24)]
  t.equal(numberLockedUntil(quarter, null, t0), t0 + 10 * day)
  t.equal(numberLockedUntil(quarter, t0 - 50 * day, t0), null, 'lifted fifty days ago')
})

void t.test(
  'a call that never found the person has failed; one that found them at last has not',
  async (t) => {
    const fruitless = [1, 2, 3].map((id) => call(id, id, 'fruitless'))
    t.ok(mustLock(fruitless, null, t0))
    t.notOk(mustLock([...fruitless, call(3, 1, 'found')], null, t0))
    t.notOk(
      mustLock(
        [1, 2, 3].map((id) => call(id, id, 'found')),
        null,
        t0,
      ),
    )
    t.ok(mustLock([...fruitless, call(3, 1, 'found'), call(3, 1)], null, t0), 'found, and then failed')
  },
)

void t.test('searches without a match are bounded over a day, a month and a quarter', async (t) => {
  const searches = (count: number, daysApart: number) =>
    Array.from({ length: count }, (_, at) => t0 - at * daysApart * day)
  t.notOk(isTooFruitless(searches(11, 0), t0))
  t.ok(isTooFruitless(searches(12, 0), t0))
  t.ok(isTooFruitless(searches(20, 1), t0))
  t.notOk(isTooFruitless(searches(29, 3), t0))
  t.ok(isTooFruitless(searches(30, 2.9), t0))
})

void t.test('many failures of one agent or from one number raise an alert', async (t) => {
  t.ok(isAgentAlarming({ agent: ana, verdicts: 8, failed: 4 }))
  t.notOk(isAgentAlarming({ agent: ana, verdicts: 7, failed: 7 }), 'too few to say')
  t.notOk(isAgentAlarming({ agent: ana, verdicts: 20, failed: 9 }))
  t.ok(isNumberAlarming({ number: '+40721000000', failed: 3, persons: 1, fruitless: 0 }))
  t.ok(isNumberAlarming({ number: '+40721000000', failed: 2, persons: 2, fruitless: 0 }))
  t.ok(isNumberAlarming({ number: null, failed: 0, persons: 0, fruitless: 6 }), 'withheld numbers, together')
  t.notOk(isNumberAlarming({ number: '+40721000000', failed: 2, persons: 1, fruitless: 5 }))
})
