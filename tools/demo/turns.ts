/** What agents do in a conversation besides talking: dealt like cards, so that each comes as often as it should, and soon. */
import type { Random } from './random.ts'

/** `plain`: nothing besides. The others: as the desk’s buttons; `help`: a supervisor is asked for. */
export type Turn = 'plain' | 'transfer' | 'advice' | 'three-way' | 'hand-over' | 'help'

/** How often each comes in as many conversations as there are cards. */
const deck: readonly (readonly [Turn, number])[] = [
  ['transfer', 2],
  ['advice', 1],
  ['three-way', 1],
  ['hand-over', 1],
  ['help', 1],
  ['plain', 10],
]

export class Turns {
  readonly #chance: Random
  #cards: Turn[] = []

  constructor(chance: Random) {
    this.#chance = chance
  }

  next(): Turn {
    if (this.#cards.length === 0)
      this.#cards = deck
        .flatMap(([turn, times]) => Array<Turn>(times).fill(turn))
        .map((turn) => ({ turn, at: this.#chance.next() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ turn }) => turn)
    return this.#cards.pop() ?? 'plain'
  }

  /** It could not be done, because nobody was free or the caller had gone: it comes next. */
  putBack(turn: Turn): void {
    this.#cards.push(turn)
  }
}
