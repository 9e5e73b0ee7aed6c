import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../shared/server/me.ts'
import { useCatalogue } from '../../requests/use-requests.ts'
import { inLanguage } from '../../requests/spoken.ts'
import { beginOfCategory } from '../requests/begin-request.ts'
import { setOwner } from '../requests/drafts.ts'
import { findCategories } from '../requests/find-categories.ts'
import { servedOf } from '../requests/petitioner.ts'
import { useDeskCall, useDeskState } from '../use-desk.ts'
import halves from '../work/halves.module.css'
import { openPane } from '../work/open-pane.ts'
import styles from './knowledge-pane.module.css'

interface OfferedRequestsProps {
  readonly text: string
  readonly walk: (event: KeyboardEvent<HTMLElement>) => void
}

const offeredMax = 2

/** Categories of requests that match the search: what no article answers can be registered. */
export function OfferedRequests({ text, walk }: OfferedRequestsProps) {
  const { t, i18n } = useTranslation()
  const state = useDeskState()
  const served = servedOf(state, useDeskCall(state))
  const me = useMe()
  const offered = findCategories(useCatalogue()?.categories ?? [], text).slice(0, offeredMax)
  if (offered.length === 0) return null
  return (
    <>
      <h3 className={halves['heading']}>{t('papers.canRegister')}</h3>
      <ul className={halves['list']} data-columns="one">
        {offered.map(({ category, by }) => (
          <li key={category.id}>
            <button
              type="button"
              onClick={() => {
                openPane.set('requests')
                setOwner(me.id)
                beginOfCategory(served, category.id)
              }}
              onKeyDown={walk}
              data-offered={category.id}
            >
              <span className={styles['title']}>{inLanguage(category.name, i18n.language)}</span>
              <span className={styles['domain']}>
                {by === null ? t('requests.new') : `${t('requests.new')} · ${by}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
