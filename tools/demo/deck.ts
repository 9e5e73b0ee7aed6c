/** What happens now and then, dealt like cards: each as often as it should come, and soon. */
import type { Random } from './random.ts'

export type Cards<Card extends string> = Readonly<Record<Card, number>>

export class Deck<Card extends string> {
  readonly #cards: readonly Card[]
  readonly #chance: Random
  #dealt: Card[] = []

  /** `cards`: how often each comes in as many turns as there are cards. */
  constructor(cards: Cards<Card>, chance: Random) {
    this.#cards = (Object.keys(cards) as Card[]).flatMap((card) => Array<Card>(cards[card]).fill(card))
    this.#chance = chance
  }

  next(): Card {
    if (this.#dealt.length === 0)
      this.#dealt = this.#cards
        .map((card) => ({ card, at: this.#chance.next() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ card }) => card)
    const card = this.#dealt.pop()
    if (card === undefined) throw new Error('a deck has cards')
    return card
  }

  /** It could not be done now: it comes next. */
  putBack(card: Card): void {
    this.#dealt.push(card)
  }
}
