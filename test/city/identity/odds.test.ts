/**
 * Strength of the questions, measured on the demo's town (docs/rules/identity.md, rule 2): the share of taxpayers who can be asked at
 * all, and how often an impostor passes who holds one of their notices and guesses as well as possible.
 */
import t, { type Test } from 'tap'
import { isRight } from '../../../src/city/identity/compare.ts'
import { drawQuestions, mayBeAsked, type EarlierSet } from '../../../src/city/identity/draw.ts'
import type { TaxAccount } from '../../../src/city/taxes/account.ts'
import { factsOf, type Fact } from '../../../src/city/taxes/facts.ts'
import { attemptsPerCall } from '../../../src/city/identity/standing.ts'
import { channelWindows, mustLock, numberLockedUntil, type Tried } from '../../../src/city/identity/lock.ts'
import { CallId } from '../../../src/core/ids.ts'
import { attack } from '../../support/attack.ts'
import { townAccounts } from '../../support/city/town-accounts.ts'

const accounts = [...townAccounts({ seed: 969, taxpayers: 10_000, asOf: '2026-11-24' })].map(
  ({ account }) => account,
)
const living = accounts.filter(({ deceased }) => deceased === null)
const withSomething = living.filter(({ objects, payments }) => objects.length + payments.length > 0)
const asked = withSomething.filter((account) => mayBeAsked(factsOf(account)))
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`

t.test('at least 95 of 100 taxpayers can be asked', async (t) => {
  t.ok(living.length > 9_000)
  t.comment(`of all ${living.length} who live or trade: ${percent(asked.length, living.length)}`)
  t.comment(
    `of the ${withSomething.length} of whom anything is on file: ${percent(asked.length, withSomething.length)}`,
  )
  for (const kind of ['person', 'company'] as const) {
    const those = withSomething.filter((one) => one.kind === kind)
    t.comment(`${kind}: ${percent(those.filter((one) => asked.includes(one)).length, those.length)}`)
  }
  const notice = living.filter(({ objects }) => objects.length > 0)
  t.comment(`of the ${notice.length} with an object: ${percent(asked.length, notice.length)}`)
  t.ok(asked.length / living.length >= 0.95)
})

/** The same numbers in every run. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

/** The best guess of an impostor who knows the town but not the taxpayer: the most frequent value. */
class Guesser {
  readonly #best = new Map<string, string>()
  readonly #known: readonly Fact[]

  constructor(sample: readonly TaxAccount[]) {
    this.#known = sample.flatMap((account) => factsOf(account))
  }

  guess(fact: Fact): string {
    const best = this.#best.get(fact.id) ?? this.#learn(fact)
    this.#best.set(fact.id, best)
    return best
  }

  #learn({ id }: Fact): string {
    const same = this.#known.filter((one) => one.id === id)
    const candidates = commonest(same.flatMap(saidFor))
    const rights = candidates.map((said) => same.filter((one) => isRight(one, said)).length)
    return candidates[rights.indexOf(Math.max(0, ...rights))] ?? ''
  }
}

const guessesMax = 20

function commonest(said: readonly string[]): readonly string[] {
  const times = new Map<string, number>()
  for (const one of said) times.set(one, (times.get(one) ?? 0) + 1)
  const sorted = [...times].toSorted(([, one], [, other]) => other - one)
  return sorted.slice(0, guessesMax).map(([text]) => text)
}

/** Right answers to a fact, as a caller might say them. */
function saidFor(fact: Fact): string[] {
  switch (fact.topic) {
    case 'co-owner':
    case 'other-street':
    case 'plate-ending':
      return [...fact.expected]
    case 'share':
      return fact.expected.map(({ numerator, denominator }) => `${numerator}/${denominator}`)
    case 'acquisition-year':
    case 'payment-month':
    case 'count':
      return fact.expected.map(String)
    case 'useful-area':
      return fact.expected.map(({ from, to }) => String(Math.round((from + to) / 2)))
    case 'payment-band':
      return fact.expected.map(({ from, to }) => String(Math.round((from + to) / 200)))
  }
}

/** An impostor who claims to be the taxpayer. */
interface Impostor {
  knows(fact: Fact): boolean
}

const sample = asked.filter((_, at) => at % 10 === 0)
const guesser = new Guesser(sample)
const guessed = new Map<string, { asked: number; right: number }>()

function guessesRight(fact: Fact): boolean {
  const right = isRight(fact, guesser.guess(fact))
  const tally = guessed.get(fact.topic) ?? { asked: 0, right: 0 }
  guessed.set(fact.topic, { asked: tally.asked + 1, right: tally.right + (right ? 1 : 0) })
  return right
}

/** The impostor knows everything on one notice, derives payments from the tax on it, and guesses the rest. */
function holderOfNotice(account: TaxAccount, object: string): Impostor {
  const taxes = account.debts.filter((debt) => debt.object === object).map(({ tax }) => tax)
  // The whole, the whole with its bonus, or one of two instalments; the model lets the impostor pick the right one.
  const paid = taxes.flatMap((tax) => [tax, tax * 0.9, tax / 2].map((bani) => String(Math.round(bani / 100))))
  return {
    knows: (fact) =>
      fact.papers.includes(`notice ${object}`) ||
      (fact.topic === 'payment-band' && paid.some((said) => isRight(fact, said))) ||
      guessesRight(fact),
  }
}

const holderOfReceipt = (receipt: string): Impostor => ({
  knows: (fact) => fact.papers.includes(`receipt ${receipt}`) || guessesRight(fact),
})

const [{ failedCallsMax } = { failedCallsMax: 0 }] = channelWindows

interface Outcome {
  readonly sets: number
  readonly calls: number
  readonly letIn: boolean
}

/** Calls with two attempts each, until the impostor passes or the channel is locked. */
function siege(account: TaxAccount, impostor: Impostor, pick: (below: number) => number): Outcome {
  const facts = factsOf(account)
  const earlier: EarlierSet[] = []
  let sets = 0
  for (let calls = 1; calls <= failedCallsMax; calls++) {
    const before = earlier.map(({ facts }) => ({ facts, sameCall: false }))
    const heard: EarlierSet[] = []
    for (let attempt = 0; attempt < attemptsPerCall; attempt++) {
      const set = drawQuestions(facts, [...before, ...heard], pick) ?? []
      heard.push({ facts: set.map(({ id }) => id), sameCall: true })
      sets += 1
      if (set.length > 0 && set.every((fact) => impostor.knows(fact))) return { sets, calls, letIn: true }
    }
    earlier.push(...heard)
  }
  return { sets, calls: failedCallsMax, letIn: false }
}

function tell(t: Test, who: string, outcomes: readonly Outcome[]): number {
  const letIn = outcomes.filter((one) => one.letIn).length
  const sum = (of: 'sets' | 'calls') => outcomes.reduce((all, one) => all + one[of], 0)
  t.comment(`${who}: let in, of ${sum('sets')} sets of three questions: ${percent(letIn, sum('sets'))}`)
  t.comment(`${who}: let in, of ${sum('calls')} calls of two attempts: ${percent(letIn, sum('calls'))}`)
  t.comment(`${who}: let in before the channel is locked: ${percent(letIn, outcomes.length)}`)
  return letIn / sum('calls')
}

t.test('an impostor with one notice or one receipt almost never passes', async (t) => {
  const pick = chance(969)
  const withNotice = sample.flatMap((account) => {
    const object = account.objects[pick(Math.max(1, account.objects.length))]
    return object === undefined ? [] : [siege(account, holderOfNotice(account, object.id), pick)]
  })
  const withReceipt = sample.flatMap((account) => {
    const payment = account.payments[pick(Math.max(1, account.payments.length))]
    return payment === undefined ? [] : [siege(account, holderOfReceipt(payment.receipt), pick)]
  })
  t.ok(withNotice.length > 500 && withReceipt.length > 500)
  for (const [topic, { asked, right }] of [...guessed].toSorted(([one], [other]) => one.localeCompare(other)))
    t.comment(`guessed without a paper: ${topic}, right ${percent(right, asked)} of ${asked}`)
  t.ok(tell(t, 'one notice', withNotice) < 0.03)
  t.ok(tell(t, 'one receipt', withReceipt) < 0.03)
})

const dayMs = 86_400_000
const quarterDays = 90
const callsPerDay = 2

interface Patience {
  /** The number that the n-th call comes from. */
  readonly numberOf: (call: number) => string
  /** Days from one call to the next. */
  readonly everyDays: number
  /** How often the citizen has the channel unlocked at the counter; null: never. */
  readonly unlockedEveryDays: number | null
}

/** Calls for a quarter, as far as the locks let them. */
function patientSiege(
  account: TaxAccount,
  impostor: Impostor,
  pick: (below: number) => number,
  { numberOf, everyDays, unlockedEveryDays }: Patience,
): Outcome {
  const facts = factsOf(account)
  const earlier: EarlierSet[] = []
  const tried: Tried[] = []
  let [sets, calls, since, isLocked] = [0, 0, -Infinity, false]
  for (let at = 0; at * everyDays < quarterDays; at += 1) {
    const now = at * everyDays * dayMs
    if (isLocked && unlockedEveryDays !== null && now - since >= unlockedEveryDays * dayMs) {
      isLocked = false
      since = now
    }
    isLocked ||= mustLock(tried, since, now)
    if (isLocked && unlockedEveryDays === null) break
    const bucket = numberOf(at)
    const fromHere = tried.filter((one) => one.bucket === bucket)
    if (isLocked || numberLockedUntil(fromHere, null, now) !== null) continue
    calls += 1
    for (let attempt = 0; attempt < attemptsPerCall; attempt += 1) {
      const set = drawQuestions(facts, earlier, pick) ?? []
      earlier.push({ facts: set.map(({ id }) => id), sameCall: false })
      sets += 1
      if (set.length > 0 && set.every((fact) => impostor.knows(fact))) return { sets, calls, letIn: true }
    }
    tried.push({ call: CallId(`c${at}`), bucket, what: 'failed', at: now })
  }
  return { sets, calls, letIn: false }
}

await attack(
  t,
  {
    attack: 'a patient impostor with one notice calls twice a day for a quarter',
    before: 'the window of a day never closes: 180 calls, 72 % let in at 0.7 % a call',
    now: 'let in over the quarter: 3.0 % in 4 calls from one number or withheld, 3.7 % in 7 from ever new numbers',
  },
  async (t) => {
    const pick = chance(969_090)
    const half = sample.filter((_, at) => at % 2 === 0)
    const impostors = half.flatMap((account) => {
      const object = account.objects[pick(Math.max(1, account.objects.length))]
      return object === undefined ? [] : [{ account, impostor: holderOfNotice(account, object.id) }]
    })
    t.ok(impostors.length > 400)
    const rateOf = (who: string, patience: Patience): { calls: number; letIn: number } => {
      const outcomes = impostors.map(({ account, impostor }) =>
        patientSiege(account, impostor, pick, patience),
      )
      const letIn = outcomes.filter((one) => one.letIn).length / outcomes.length
      const calls = Math.max(...outcomes.map((one) => one.calls))
      t.comment(`${who}: at most ${calls} calls in ${quarterDays} days; let in: ${percent(letIn, 1)}`)
      return { calls, letIn }
    }
    const perCall = tell(
      t,
      'one notice, one day',
      impostors.map(({ account, impostor }) => siege(account, impostor, pick)),
    )
    const asBefore = 1 - (1 - perCall) ** (quarterDays * callsPerDay)
    t.comment(`with a window of a day only, two calls a day: ${percent(asBefore, 1)} in ${quarterDays} days`)
    t.ok(asBefore > 0.5, 'the rule of a day alone would not hold')
    const everyDays = 1 / callsPerDay
    const one = rateOf('one number, or withheld', { numberOf: () => '1', everyDays, unlockedEveryDays: null })
    rateOf('a new number for each call', { numberOf: String, everyDays, unlockedEveryDays: null })
    const many = rateOf('a new number every ten days, as slow as the month allows', {
      numberOf: String,
      everyDays: 10,
      unlockedEveryDays: null,
    })
    const unlocked = rateOf('new numbers, the channel unlocked each month', {
      numberOf: String,
      everyDays: 5,
      unlockedEveryDays: 30,
    })
    t.equal(one.calls, 4)
    t.equal(many.calls, 7)
    t.ok(one.letIn < 0.035)
    t.ok(many.letIn < 0.045)
    t.ok(unlocked.letIn < 0.15, 'an unlock is no second quarter')
  },
)
