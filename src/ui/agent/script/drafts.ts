/**
 * The agent's notes and wrap-up form of a call, saved on the server as they are typed. One set for each call.
 */
import type { WrapUpForm } from '../../../http/calls/wire.ts'
import { api, Problem } from '../../shared/server/api.ts'
import { createAutosave, type Autosave } from '../../shared/unsaved/autosave.ts'
import { keepUnsaved } from '../../shared/unsaved/unsaved.ts'

export interface CallDrafts {
  readonly notes: Autosave<string>
  readonly wrapUp: Autosave<WrapUpForm>
}

const blankWrapUp: WrapUpForm = {
  subject: '',
  code: null,
  motivated: 'unstated',
  reason: null,
  resolution: 'unstated',
}

const pauseMs = 600
const waitMaxMs = 2_000
const retryMs = 3_000
/** The call was corrected elsewhere meanwhile, and what is typed here cannot win over that. */
const isFinal = (error: unknown): boolean => error instanceof Problem && error.status === 409
/** The bound on the calls kept in memory; older ones were saved long ago. */
const keptMax = 5
const drafts = new Map<string, CallDrafts>()

keepUnsaved({
  all: () => [...drafts.values()].flatMap(({ notes, wrapUp }) => [notes, wrapUp]),
  forget: () => drafts.clear(),
})

export function draftsOf(callId: string): CallDrafts {
  const known = drafts.get(callId)
  if (known !== undefined) return known
  const path = `/calls/${encodeURIComponent(callId)}`
  const fresh: CallDrafts = {
    notes: createAutosave({
      initial: '',
      save: (text, leaving) => api('PUT', `${path}/notes`, { text }, { keepalive: leaving }),
      pauseMs,
      waitMaxMs,
      retryMs,
      isFinal,
    }),
    wrapUp: createAutosave({
      initial: blankWrapUp,
      save: (form, leaving) => api('PUT', `${path}/wrap-up`, form, { keepalive: leaving }),
      pauseMs: pauseMs * 2,
      waitMaxMs,
      retryMs,
      isFinal,
    }),
  }
  drafts.set(callId, fresh)
  for (const [oldest] of drafts) {
    if (drafts.size <= keptMax) break
    drafts.delete(oldest)
  }
  return fresh
}
