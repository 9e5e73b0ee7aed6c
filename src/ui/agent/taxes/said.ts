/** What of the open account is read out now; the words stand in the right zone. */
import { createStore } from '../../shared/store.ts'
import type { Opened, SectionName } from './section.ts'

export interface Said extends Opened {
  readonly section: SectionName
  /** Null: of the whole account. */
  readonly object: string | null
}

export const said = createStore<Said | null>(null)
