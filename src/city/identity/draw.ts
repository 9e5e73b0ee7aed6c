/**
 * Draws the questions of a check (docs/rules/identity.md, rule 2): three of at least five independent facts. Two facts of one set share
 * no paper, so that one notice or receipt answers at most one question. No topic comes twice, because "martie" guessed
 * for one payment would hold for all. No set repeats within 90 days while there is another.
 */
import { dependent, type Fact } from '../taxes/facts.ts'

export const questionsPerSet = 3
export const factsNeeded = 5
export const noRepeatMs = 90 * 24 * 3_600_000
/** A longer list is cut to its first entries; with today's rules no account reaches half of this. */
const factsMax = 40

export interface EarlierSet {
  /** Ids of its facts, in any order. */
  readonly facts: readonly string[]
  /** Asked in the present call: the next attempt gets new questions as far as there are any. */
  readonly sameCall: boolean
}

/** `pick(n)` is a random whole number from 0 to n − 1. Null: too few facts for a check. */
export function drawQuestions(
  facts: readonly Fact[],
  earlier: readonly EarlierSet[],
  pick: (below: number) => number,
): readonly Fact[] | null {
  const known = askable(facts)
  if (known.length === 0) return null
  const candidates = leastBy(leastRepeated(setsOf(known), earlier), askedInCall(earlier))
  return candidates[pick(candidates.length)] ?? null
}

/** Whether there are enough independent facts to form a set of three. */
export function mayBeAsked(facts: readonly Fact[]): boolean {
  return askable(facts).length > 0
}

/** The facts to draw from: without the easily guessed ones where enough others remain. Empty: no check is possible. */
function askable(facts: readonly Fact[]): readonly Fact[] {
  const known = facts.slice(0, factsMax)
  const strong = known.filter((fact) => !isWeak(fact))
  return [strong, known].find((some) => hasIndependent(some, factsNeeded) && setsOf(some).length > 0) ?? []
}

/** Measured on the demo's town (test/city/identity/odds.test.ts): "half" is right in 97 of 100 cases, "two" in every second one. */
const isWeak = ({ topic }: Fact): boolean => topic === 'share' || topic === 'count'

/** One paper shows both, or the tax on a notice gives away the amount of a payment. */
function helpsWith(one: Fact, other: Fact): boolean {
  return dependent(one, other) || tellsOfPaid(one, other) || tellsOfPaid(other, one)
}

function tellsOfPaid(notice: Fact, paid: Fact): boolean {
  return paid.topic === 'payment-band' && notice.papers.some((paper) => paper.startsWith('notice '))
}

/** Every possible set. */
function setsOf(facts: readonly Fact[]): (readonly Fact[])[] {
  return extend([], facts, questionsPerSet)
}

function goTogether(one: Fact, other: Fact): boolean {
  return !helpsWith(one, other) && one.topic !== other.topic
}

function hasIndependent(facts: readonly Fact[], count: number): boolean {
  if (count === 0) return true
  return facts.some((fact, at) => {
    const rest = facts.slice(at + 1).filter((other) => !helpsWith(fact, other))
    return rest.length >= count - 1 && hasIndependent(rest, count - 1)
  })
}

function extend(chosen: readonly Fact[], from: readonly Fact[], missing: number): (readonly Fact[])[] {
  if (missing === 0) return [chosen]
  return from.flatMap((fact, at) => {
    const rest = from.slice(at + 1).filter((other) => goTogether(fact, other))
    return extend([...chosen, fact], rest, missing - 1)
  })
}

/** Sets never asked before; without any, those asked longest ago. `earlier`: oldest first. */
function leastRepeated(sets: readonly (readonly Fact[])[], earlier: readonly EarlierSet[]) {
  const lastAsked = new Map(earlier.map(({ facts }, at) => [keyOf(facts), at + 1]))
  return leastBy(sets, (set) => lastAsked.get(keyOf(set.map(({ id }) => id))) ?? 0)
}

/** How many questions of a set were asked in this call already. */
function askedInCall(earlier: readonly EarlierSet[]): (set: readonly Fact[]) => number {
  const heard = new Set(earlier.flatMap(({ facts, sameCall }) => (sameCall ? facts : [])))
  return (set) => set.filter(({ id }) => heard.has(id)).length
}

function leastBy<Item>(items: readonly Item[], cost: (item: Item) => number): readonly Item[] {
  const least = items.reduce((least, item) => Math.min(least, cost(item)), Infinity)
  return items.filter((item) => cost(item) === least)
}

const keyOf = (ids: readonly string[]): string => [...ids].sort().join('|')
