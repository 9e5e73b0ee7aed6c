/** A crash at every await, in small scenarios: a process dies at messages of each kind that occurs. */
import { scenarioOf, type Scenario } from './scenario.ts'
import { simulate } from './simulate.ts'
import { partOf } from '../../test/support/rotation.ts'

const size = { callers: 40, faults: 2 }
const seeds = 60
/** Crashes per kind of message, in different scenarios where the kind occurs in several. */
const deathsOfKind = 3

export interface Crashes {
  readonly kinds: number
  readonly deaths: number
  readonly failures: readonly {
    readonly scenario: Scenario
    readonly rule: string
    readonly message: string
  }[]
}

/** `ofTurn`: the part of the kinds whose turn it is (`test/support/rotation.ts`); null: all. */
export async function crashEverywhere(ofTurn: number | null): Promise<Crashes> {
  const failures: Crashes['failures'][number][] = []
  let deaths = 0
  const all = [...(await placesOfMessages())]
  const places = ofTurn === null ? all : partOf(all, ofTurn)
  for (const [what, inScenarios] of places) {
    for (let turn = 0; turn < deathsOfKind; turn += 1) {
      const { seed, count } = inScenarios[Math.floor((turn * inScenarios.length) / deathsOfKind)] ?? none
      // Up to the crash the run equals the one without it. The last 10 % are avoided: no node would restart before the end.
      const nth = 1 + Math.floor((turn * 0.9 * (count - 1)) / (deathsOfKind - 1))
      const scenario = { ...scenarioOf(seed, size), crashAt: { what, nth } }
      const { violation, crashed } = await simulate(scenario)
      if (crashed) deaths += 1
      else failures.push({ scenario, rule: 'no crash', message: `no process died at no. ${nth} of ${what}` })
      if (violation !== null) failures.push({ scenario, rule: violation.rule, message: violation.message })
    }
  }
  return { kinds: places.length, deaths, failures }
}

interface Place {
  readonly seed: number
  /** Number of these messages in the scenario. */
  readonly count: number
}
const none: Place = { seed: 1, count: 1 }

async function placesOfMessages(): Promise<ReadonlyMap<string, readonly Place[]>> {
  const places = new Map<string, Place[]>()
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { messageCounts } = await simulate(scenarioOf(seed, size), { counts: true })
    for (const [what, count] of messageCounts)
      places.set(what, [...(places.get(what) ?? []), { seed, count }])
  }
  return places
}
