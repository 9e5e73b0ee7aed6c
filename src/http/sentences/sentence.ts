/** A sentence for people about a refused request, in both languages of the interface, with its HTTP status. */
export type Language = 'ro' | 'en'

export interface Sentence {
  readonly status: number
  readonly ro: string
  readonly en: string
}
