import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReadOut } from '../../../http/requests/wire.ts'
import type { RefusedForm } from '../../shared/field-problems.ts'
import { api } from '../../shared/server/api.ts'
import { answeredIdOf } from '../desk-state.ts'
import { reportRegistered } from '../script/reports.ts'
import { removeDraft, type Draft } from './drafts.ts'
import { documentOf } from './late-answer.ts'
import { registering } from './shown-request.ts'
import { useDeskState } from '../use-desk.ts'
import { useCategoryName, useRefreshRequests } from '../../requests/use-requests.ts'

/** Registers the draft. A retry after a time-out returns the same number. */
export function useRegister(draft: Draft, joinTo: string | null) {
  const { i18n } = useTranslation()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<RefusedForm | null>(null)
  const fresh = useRefreshRequests()
  const nameOf = useCategoryName()
  const onDesk = answeredIdOf(useDeskState())

  async function ask(): Promise<void> {
    setBusy(true)
    setRefused(null)
    const form = draft.form.store.get().value
    const elsewhere = documentOf(form)
    const add = registering(draft.call, onDesk)
    try {
      const readOut = await api<ReadOut>('POST', '/requests', {
        draft: draft.id,
        call: draft.call,
        form,
        ...(joinTo === null ? {} : { joinTo }),
        ...(elsewhere === null ? {} : { elsewhere }),
      })
      removeDraft(draft.id)
      reportRegistered(draft.call, nameOf(readOut.category, i18n.language))
      add(readOut)
      fresh()
    } catch (error) {
      setRefused({ error, form })
      setBusy(false)
    }
  }
  return {
    register: () => {
      if (!busy) void ask()
    },
    busy,
    refused,
  }
}
