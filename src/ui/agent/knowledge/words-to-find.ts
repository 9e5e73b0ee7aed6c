import { createStore } from '../../shared/store.ts'

/** Words to search for in the knowledge pane, whose first result opens; null once the pane has taken them. */
export const wordsToFind = createStore<string | null>(null)
