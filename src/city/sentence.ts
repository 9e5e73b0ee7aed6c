/** A sentence that the agent reads to the caller: as the screen writes it first, and with every number in words. */
export interface Sentence {
  /** "În total, 1.234,56 lei." */
  readonly digits: string
  /** "În total, o mie două sute treizeci și patru de lei și cincizeci și șase de bani." */
  readonly words: string
}

/** A sentence without a number. */
export const plain = (text: string): Sentence => ({ digits: text, words: text })
