/** The codes that an import has just shown, until they are kept: in memory only. */
import type { ImportedPeople } from '../../../http/people-import/wire.ts'
import { createStore, useStore } from '../../shared/store.ts'
import { secretNoted, secretShown } from '../../shared/unsaved/shown-once.ts'

const imported = createStore<ImportedPeople | null>(null)

export const useImportedCodes = (): ImportedPeople | null => useStore(imported)

export function showCodes(people: ImportedPeople): void {
  imported.set(people)
  if (people.items.length > 0) secretShown()
}

export function codesKept(): void {
  imported.set(null)
  secretNoted()
}
