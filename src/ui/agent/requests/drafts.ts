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
import { clearShown } from './shown-request.ts'

export interface Draft {
  readonly id: string
  /** The call in which it was begun. */
  readonly call: string | null
  readonly form: Autosave<RequestForm>
}

const pauseMs = 600
const waitMaxMs = 2_000
const retryMs = 3_000

/** In the order in which they were begun. */
export const drafts = createStore<readonly Draft[]>([])
let owner: string | null = null
/** Drafts that were registered or discarded: they are never saved again. */
const over = new Set<string>()

const noAddress = { street: '', number: '', more: '', locality: '' }
export const blankForm: RequestForm = {
  kind: 'notice',
  category: '',
  person: { name: '', phone: '', email: '', address: { ...noAddress, locality: 'Timișoara' } },
  place: noAddress,
  text: '',
  fields: {},
}

keepUnsaved({
  all: () => drafts.get().map(({ form }) => form),
  forget: () => drafts.set([]),
})

export function setOwner(account: string): void {
  if (owner === account) return
  owner = account
  drafts.set([])
  clearShown()
}

export function beginDraft(call: string | null, phone: string): Draft {
  const person = blankForm.person === null ? null : { ...blankForm.person, phone }
  const draft = draftOf(randomName(), call, { ...blankForm, person })
  drafts.set([...drafts.get(), draft])
  return draft
}

/** Adds the drafts that the server has from before a reload. */
export function restoreDrafts(
  kept: readonly { readonly id: string; readonly call: string | null; readonly form: RequestForm }[],
): void {
  const known = new Set(drafts.get().map(({ id }) => id))
  const back = kept.filter(({ id }) => !known.has(id) && !over.has(id))
  if (back.length > 0)
    drafts.set([...back.map(({ id, call, form }) => draftOf(id, call, form)), ...drafts.get()])
}

/** Removes a draft that has been registered. */
export function removeDraft(id: string): void {
  over.add(id)
  drafts.set(drafts.get().filter((draft) => draft.id !== id))
}

export async function discardDraft(id: string): Promise<void> {
  removeDraft(id)
  // On failure the draft reappears after a reload and can be discarded again.
  await api('DELETE', `/requests/drafts/${id}`).catch(() => undefined)
}

function draftOf(id: string, call: string | null, initial: RequestForm): Draft {
  const form = createAutosave<RequestForm>({
    initial,
    save: (value, leaving) => save(id, call, value, leaving),
    pauseMs,
    waitMaxMs,
    retryMs,
  })
  return { id, call, form }
}

async function save(id: string, call: string | null, form: RequestForm, leaving: boolean): Promise<void> {
  if (over.has(id)) return
  try {
    await api('PUT', `/requests/drafts/${id}`, { call, form }, { keepalive: leaving })
  } catch (error) {
    // The draft was registered while this request was in flight.
    if (!(error instanceof Problem) || error.code !== 'draft-taken') throw error
  }
}
