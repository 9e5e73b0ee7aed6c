import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { callIdOf } from '../desk-state.ts'
import { useDeskState } from '../use-desk.ts'
import type { Draft } from './drafts.ts'
import styles from '../../requests/requests.module.css'

/** Says, during a call, that the form is of another call. */
export function DraftOrigin({ draft }: { readonly draft: Draft }) {
  const { t } = useTranslation()
  const call = callIdOf(useDeskState())
  const origin = useOrigin(draft)
  if (call === null || draft.call === call) return null
  return (
    <p className={styles['ofAnother']} data-of-another>
      {t(draft.call === null ? 'requests.origin.none' : 'requests.origin.another')} · {origin}
    </p>
  )
}

/** "0721 234 567 · Ana Pop · 24 dec., 12:03" */
export function useOrigin(draft: Draft): string {
  const { i18n } = useTranslation()
  const person = useStore(draft.form.store, (saved) => saved.value.person)
  const at = shortDateTime(new Date(draft.at).toISOString(), i18n.language)
  return [person?.phone, person?.name, at].filter(Boolean).join(' · ')
}
