/** The part of the open account that the script in the right zone reads out. */
import { createStore } from '../../shared/store.ts'
import type { Opened, SectionName } from './section.ts'

export interface ReadAloud extends Opened {
  readonly section: SectionName
  /** Null: the whole account. */
  readonly object: string | null
}

export const readAloud = createStore<ReadAloud | null>(null)
