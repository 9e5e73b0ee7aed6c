/** The unsaved drafts of this page, for when the page closes or the person signs out. */
import type { Autosave } from './autosave.ts'

type Kept = Pick<Autosave<unknown>, 'flush' | 'leave' | 'handOver'>

export interface Drafts {
  readonly all: () => readonly Kept[]
  /** Drops the drafts; they are fetched again when needed. */
  readonly forget: () => void
}

/** The bound on saving at sign-out. */
const saveWithinMs = 3_000

const kinds: Drafts[] = []

export function keepUnsaved(drafts: Drafts): void {
  kinds.push(drafts)
}

const all = (): readonly Kept[] => kinds.flatMap((drafts) => drafts.all())

// A tab may be closed or reloaded in the middle of a sentence.
window.addEventListener('pagehide', () => {
  for (const draft of all()) draft.leave()
})

/** Resolves to whether everything is on the server; false also when that takes too long. */
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

/** Saves and drops the drafts, because another page of the same person takes over. */
export function saveAndRelease(): void {
  for (const draft of all()) draft.handOver()
  forgetAll()
}

/** Drops all drafts, so that the server's versions are loaded again. */
export function forgetAll(): void {
  for (const drafts of kinds) drafts.forget()
}
