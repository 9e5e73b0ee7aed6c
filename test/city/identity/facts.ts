/** Facts as derived from an account, for the tests of drawing and comparing. */
import type { Fact } from '../../../src/city/taxes/facts.ts'

type Topic = Fact['topic']
type Given<T extends Topic> = Extract<Fact, { topic: T }>

/** A fact of a topic; `papers` lists the papers that show it. */
export function fact<T extends Topic>(
  topic: T,
  expected: Given<T>['expected'],
  papers: readonly string[] = [topic],
  id: string = topic,
): Fact {
  const subject =
    topic === 'payment-month' || topic === 'payment-band'
      ? { of: 'payment', year: null }
      : { of: 'objects', kind: 'building', which: 'any' }
  return { id, topic, subject, expected, papers } as unknown as Fact
}

/** The facts of a person with a flat and a car: enough for a check. */
export const ordinary: readonly Fact[] = [
  fact('useful-area', [{ from: 52, to: 58 }], ['notice flat']),
  fact('share', [{ numerator: 1, denominator: 2 }], ['notice flat', 'deed flat']),
  fact('co-owner', ['Popescu Maria'], ['deed flat']),
  fact('acquisition-year', [2014], ['deed flat']),
  fact('plate-ending', ['ABC'], ['notice car', 'deed car']),
  fact('payment-month', [3], ['receipt 1'], 'payment-month last'),
  fact('payment-band', [{ from: 22_000, to: 28_000 }], ['receipt 1'], 'payment-band last'),
  fact('payment-month', [9], ['receipt 2'], 'payment-month 2025'),
  fact('payment-band', [{ from: 9_000, to: 11_000 }], ['receipt 2'], 'payment-band 2025'),
]
