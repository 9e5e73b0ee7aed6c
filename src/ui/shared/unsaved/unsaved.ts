/** What is typed on this page and may not be on the server yet, for when the page or its person goes. */
import type { Autosave } from './autosave.ts'

type Kept = Pick<Autosave<unknown>, 'flush' | 'leave' | 'handOver'>

export interface Drafts {
  readonly all: () => readonly Kept[]
  /** They are read again when they are wanted. */
  readonly forget: () => void
}

/** Nobody waits longer to be let go. */
const saveWithinMs = 3_000

const kinds: Drafts[] = []

export function keepUnsaved(drafts: Drafts): void {
  kinds.push(drafts)
}

const all = (): readonly Kept[] => kinds.flatMap((drafts) => drafts.all())

// A tab that is closed or reloaded in the middle of a sentence.
window.addEventListener('pagehide', () => {
  for (const draft of all()) draft.leave()
})

/** Answers whether everything is on the server; false also when that takes too long. */
export async function saveAll(): Promise<boolean> {
  const { promise: tooLong, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), saveWithinMs)
  const saved = Promise.all(all().map((draft) => draft.flush()))
  try {
    return await Promise.race([saved.then((each) => each.every(Boolean)), tooLong])
  } finally {
    clearTimeout(timer)
  }
}

/** Another page of this person writes on. */
export function saveAndRelease(): void {
  for (const draft of all()) draft.handOver()
  forgetAll()
}

/** What the server has is brought back anew. */
export function forgetAll(): void {
  for (const drafts of kinds) drafts.forget()
}
