/**
 * The agent's drafts of requests, saved on the server as they are typed. A draft belongs to the account that
 * began it: another account signing in on the same tab does not see it.
 */
import type { RequestForm } from '../../../http/requests/wire.ts'
import { api, Problem } from '../../shared/server/api.ts'
import { createAutosave, type Autosave } from '../../shared/unsaved/autosave.ts'
import { randomName } from '../../shared/random-name.ts'
import { createStore } from '../../shared/store.ts'
import { keepUnsaved } from '../../shared/unsaved/unsaved.ts'
import { blankPerson, noAddress, type Caller } from './petitioner.ts'
import { clearShown } from './shown-request.ts'

export interface Draft {
  readonly id: string
  /** The call that it belongs to; null: it was begun outside a call. */
  readonly call: string | null
  /** When this page began it, or when it was last saved before this page was opened. */
  readonly at: number
  readonly form: Autosave<RequestForm>
}

const pauseMs = 600
const waitMaxMs = 2_000
const retryMs = 3_000

/** In the order in which they were begun. */
export const drafts = createStore<readonly Draft[]>([])
/** The draft that was discarded last, until it is brought back or the next one is begun. */
export const discarded = createStore<Draft | null>(null)
let owner: string | null = null
/** Drafts that were registered or discarded: they are never saved again. */
const over = new Set<string>()
/** The last deletion: a draft that is brought back is saved after it. */
let deleting: Promise<void> = Promise.resolve()

const blankForm: RequestForm = {
  kind: 'notice',
  category: '',
  person: blankPerson,
  place: noAddress,
  text: '',
  fields: {},
}

keepUnsaved({
  all: () => drafts.get().map(({ form }) => form),
  forget: () => {
    drafts.set([])
    discarded.set(null)
  },
})

export function setOwner(account: string): void {
  if (owner === account) return
  // A request that was opened before this pane was, by the card.
  const isFirst = owner === null
  owner = account
  drafts.set([])
  discarded.set(null)
  if (!isFirst) clearShown()
}

export function beginDraft(call: string | null, { phone, name }: Caller): Draft {
  const person = { ...blankPerson, phone, name }
  const draft = draftOf(randomName(), call, Date.now(), { ...blankForm, person })
  drafts.set([...drafts.get(), draft])
  discarded.set(null)
  return draft
}

/** The same caller has called again: the draft belongs to the new call from now on. */
export function moveDraft(id: string, call: string): void {
  drafts.set(drafts.get().map((draft) => (draft.id === id ? { ...draft, call } : draft)))
  const moved = drafts.get().find((draft) => draft.id === id)
  moved?.form.change(moved.form.store.get().value)
}

/** Adds the drafts that the server has from before a reload. */
export function restoreDrafts(
  kept: readonly {
    readonly id: string
    readonly call: string | null
    readonly form: RequestForm
    readonly changedAt: string
  }[],
): void {
  const known = new Set(drafts.get().map(({ id }) => id))
  const back = kept.filter(({ id }) => !known.has(id) && !over.has(id))
  if (back.length > 0)
    drafts.set([
      ...back.map(({ id, call, form, changedAt }) => draftOf(id, call, Date.parse(changedAt), form)),
      ...drafts.get(),
    ])
}

/** Removes a draft that has been registered. */
export function removeDraft(id: string): void {
  over.add(id)
  drafts.set(drafts.get().filter((draft) => draft.id !== id))
}

/** A discarded draft can be brought back until the next draft is begun. */
export async function discardDraft(draft: Draft): Promise<void> {
  removeDraft(draft.id)
  discarded.set(draft)
  // On failure the draft reappears after a reload and can be discarded again.
  deleting = api('DELETE', `/request-drafts/${draft.id}`).then(
    () => undefined,
    () => undefined,
  )
  await deleting
}

export function bringBack(draft: Draft): void {
  over.delete(draft.id)
  discarded.set(null)
  drafts.set([...drafts.get(), draft])
  draft.form.change(draft.form.store.get().value)
}

function draftOf(id: string, begunIn: string | null, at: number, initial: RequestForm): Draft {
  const call = (): string | null => drafts.get().find((draft) => draft.id === id)?.call ?? begunIn
  const form = createAutosave<RequestForm>({
    initial,
    save: (value, leaving) => save(id, call(), value, leaving),
    pauseMs,
    waitMaxMs,
    retryMs,
  })
  return { id, call: begunIn, at, form }
}

async function save(id: string, call: string | null, form: RequestForm, leaving: boolean): Promise<void> {
  if (over.has(id)) return
  if (!leaving) await deleting
  try {
    await api('PUT', `/request-drafts/${id}`, { call, form }, { keepalive: leaving })
  } catch (error) {
    // The draft was registered while this request was in flight.
    if (!(error instanceof Problem) || error.code !== 'draft-taken') throw error
  }
}
