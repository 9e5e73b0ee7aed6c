import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import halves from '../work/halves.module.css'
import type { Draft } from './drafts.ts'
import { shown } from './shown-request.ts'
import { useCategoryName } from '../../requests/use-requests.ts'
import styles from '../../requests/requests.module.css'

/** The drafts, which have no number yet. */
export function DraftList({ drafts }: { readonly drafts: readonly Draft[] }) {
  const { t } = useTranslation()
  if (drafts.length === 0) return null
  return (
    <>
      <h3 className={halves['heading']}>{t('requests.drafts')}</h3>
      <ul className={halves['list']}>
        {drafts.map((draft) => (
          <DraftRow key={draft.id} draft={draft} />
        ))}
      </ul>
    </>
  )
}

function DraftRow({ draft }: { readonly draft: Draft }) {
  const { t, i18n } = useTranslation()
  const form = useStore(draft.form.store, (saved) => saved.value)
  const here = useStore(shown)
  const nameOf = useCategoryName()
  const name = form.category === '' ? t('requests.noCategory') : nameOf(form.category, i18n.language)
  return (
    <li>
      <button
        type="button"
        aria-pressed={here?.kind === 'draft' && here.id === draft.id}
        onClick={() => shown.set({ kind: 'draft', id: draft.id })}
      >
        <span className={styles['what']}>{name}</span>
        <span className={styles['quiet']}>{t('requests.draft')}</span>
        <span className={styles['more']}>{form.text === '' ? t('requests.noText') : form.text}</span>
      </button>
    </li>
  )
}
