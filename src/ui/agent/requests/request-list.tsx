import { useTranslation } from 'react-i18next'
import type { RequestItem } from '../../../http/requests/wire.ts'
import { useStore } from '../../shared/store.ts'
import { callIdOf } from '../desk-state.ts'
import { useDeskState } from '../use-desk.ts'
import halves from '../work/halves.module.css'
import { DeadlineChip } from '../../requests/deadline-chip.tsx'
import { shown, shownIn } from './shown-request.ts'
import { briefDay, spokenRequest } from '../../requests/spoken.ts'
import { useCategoryName } from '../../requests/use-requests.ts'
import styles from '../../requests/requests.module.css'

interface RequestListProps {
  readonly title: string
  readonly items: readonly RequestItem[]
  readonly empty: string
}

/** A list of requests with category and state; personal data is shown only once one is opened. */
export function RequestList({ title, items, empty }: RequestListProps) {
  const { t, i18n } = useTranslation()
  const call = callIdOf(useDeskState())
  const here = shownIn(useStore(shown), call)
  const nameOf = useCategoryName()
  return (
    <>
      <h3 className={halves['heading']}>
        {title}
        {items.length > 0 && <span className={styles['count']}> · {items.length}</span>}
      </h3>
      {items.length === 0 && <p className={styles['empty']}>{empty}</p>}
      <ul className={halves['list']}>
        {items.map((item) => (
          <li key={item.id}>
            <button
              type="button"
              aria-pressed={here?.kind === 'request' && here.id === item.id}
              onClick={() => shown.set({ kind: 'request', id: item.id, call })}
              data-request={item.id}
            >
              <span className={styles['what']}>{nameOf(item.category, i18n.language)}</span>
              <DeadlineChip item={item} />
              <span className={styles['more']}>
                {spokenRequest(item.id)} ·{' '}
                {t('requests.until', { day: briefDay(item.announcedOn, i18n.language) })}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
