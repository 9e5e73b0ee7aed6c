/** Citizens who ask on the public page to be called about a request, some of them twice. */
import type { PageCallbackAnswer } from '../../../src/core/announcements/page-callback.ts'
import type { Random } from '../kernel/random.ts'
import type { Schedule } from '../kernel/schedule.ts'
import type { Node } from './node.ts'

/** Few, so that a request is asked about again while its callback stands. */
const requests = 5
const visitsMax = 8

export interface Visit {
  readonly request: string
  readonly number: string
}

export interface PageVisitorsDeps {
  readonly random: Random
  readonly schedule: Schedule
  /** When the last caller comes. */
  readonly lastMs: number
  readonly numberOf: (nth: number) => string
  readonly owner: () => Node | undefined
}

export class PageVisitors {
  /** Those who were told that they will be called. */
  readonly promised: Visit[] = []

  constructor({ random, schedule, lastMs, numberOf, owner }: PageVisitorsDeps) {
    if (random.chance(0.4)) return
    const visits = random.whole(1, visitsMax)
    for (let visit = 0; visit < visits; visit += 1) {
      const one = {
        request: `request ${random.whole(1, requests)}`,
        number: numberOf(random.whole(0, 100)),
      }
      const isTwice = random.chance(0.3)
      schedule.at(random.between(1_000, Math.max(lastMs, 2_000)), () => {
        this.#ask(one, owner())
        if (isTwice) this.#ask(one, owner())
      })
    }
  }

  #ask(visit: Visit, node: Node | undefined): void {
    if (node === undefined) return
    const asked = { ...visit, queue: null, language: 'ro', mayBegin: true } as const
    node.process.deliver('a page', () => void this.#told(visit, node, node.owner.pageCallbacks.ask(asked)))
  }

  /** The answer of a node that has died meanwhile reaches nobody. */
  async #told(visit: Visit, node: Node, asked: Promise<PageCallbackAnswer>): Promise<void> {
    const answer = await asked
    if (answer.ok && !node.process.isDead) this.promised.push({ ...visit, number: answer.value.number })
  }
}
