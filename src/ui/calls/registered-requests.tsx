import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RegisteredInCall } from '../../http/requests/wire.ts'
import { shown } from '../agent/requests/shown-request.ts'
import { goToPane, onDesk } from '../agent/work/open-pane.ts'
import { DuenessLabel } from '../requests/dueness-label.tsx'
import { spokenRequest } from '../requests/spoken.ts'
import { useCategoryName, useRegisteredIn } from '../requests/use-requests.ts'
import { isSupervisor, useMe } from '../shared/server/me.ts'
import styles from './calls.module.css'

type Registered = RegisteredInCall['items'][number]

/** The requests registered in this call: number and status, and a link for a reader who may open them. */
export function RegisteredRequests({ call }: { readonly call: string }) {
  const { t, i18n } = useTranslation()
  const items = useRegisteredIn(call)
  const nameOf = useCategoryName()
  if (items.length === 0) return null
  return (
    <section aria-labelledby="registered" data-registered>
      <h2 id="registered">{t('calls.page.requests')}</h2>
      <ul className={styles['papers']}>
        {items.map((item) => (
          <li key={item.id}>
            <RequestNumber item={item} /> {nameOf(item.category, i18n.language)} <DuenessLabel item={item} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Opens it on the requests page of a supervisor, or on the desk of an agent. */
export function RequestNumber({ item: { id, opens } }: { readonly item: Registered }) {
  const me = useMe()
  const number = spokenRequest(id)
  if (!opens) return <strong>{number}</strong>
  if (isSupervisor(me)) return <Link href={`/requests?request=${id}`}>{number}</Link>
  return (
    <button
      type="button"
      className={styles['link']}
      onClick={() =>
        onDesk(() => {
          shown.set({ kind: 'request', id, call: null })
          goToPane('requests')
        })
      }
    >
      {number}
    </button>
  )
}
