import { useTranslation } from 'react-i18next'
import type { RequestItem } from '../../../http/requests/wire.ts'
import { goToPane } from '../work/open-pane.ts'
import { DeadlineChip } from '../../requests/deadline-chip.tsx'
import { shown } from './shown-request.ts'
import { briefDay, spokenRequest } from '../../requests/spoken.ts'
import { useCategoryName, useFollowUps, useRequestsOfCaller } from '../../requests/use-requests.ts'
import styles from '../../requests/requests.module.css'
import halves from '../work/halves.module.css'

/** The caller's open requests, shown as soon as the call arrives. */
export function CallerRequests({ call }: { readonly call: string }) {
  const { t } = useTranslation()
  const items = useRequestsOfCaller(call)
  return <Shortlist title={t('requests.openOfCaller')} items={items} call={call} name="caller" max={5} />
}

/** Without a call: requests whose number has not been told to the citizen yet. */
export function ToTellShortlist() {
  const { t } = useTranslation()
  const items = useFollowUps()
  return <Shortlist title={t('requests.toTell')} items={items} call={null} name="to-tell" max={3} />
}

interface ShortlistProps {
  readonly title: string
  readonly items: readonly RequestItem[]
  readonly call: string | null
  readonly name: string
  /** How many are shown; the rest are in the requests tab. */
  readonly max: number
}

function Shortlist({ title, items, call, name, max }: ShortlistProps) {
  const { t, i18n } = useTranslation()
  const nameOf = useCategoryName()
  if (items.length === 0) return null
  return (
    <section aria-label={title} data-shortlist={name}>
      <h3 className={halves['heading']}>
        {title} · {items.length}
      </h3>
      <ul className={halves['list']}>
        {items.slice(0, max).map((item) => (
          <li key={item.id}>
            <button
              type="button"
              onClick={() => {
                shown.set({ kind: 'request', id: item.id, call })
                goToPane('requests')
              }}
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
        {items.length > max && (
          <li>
            <button type="button" onClick={() => goToPane('requests')}>
              <span className={styles['quiet']}>{t('desk.home.more', { count: items.length - max })}</span>
            </button>
          </li>
        )}
      </ul>
    </section>
  )
}
