import { useTranslation } from 'react-i18next'
import type { StatusItem } from '../../http/requests/wire.ts'
import { shortDateTime } from '../shared/time/time.ts'
import { spokenRequest, writtenDay } from './spoken.ts'
import styles from './requests.module.css'

/** The history of a request, oldest first. */
export function RequestHistory({ history }: { readonly history: readonly StatusItem[] }) {
  const { t, i18n } = useTranslation()
  /** By how many days, as granted, and until when. The end can be later than the days: it is a working day. */
  function extension({ extendedDays, legalEndOn }: StatusItem): string {
    const day = writtenDay(legalEndOn)
    return extendedDays === null
      ? t('requests.extendedUntil', { day })
      : t('requests.extendedBy', { count: extendedDays, day })
  }
  return (
    <section aria-label={t('requests.history')}>
      <h4 className={styles['heading']}>{t('requests.history')}</h4>
      <ol className={styles['history']}>
        {history.map((status) => (
          <li key={status.version}>
            <time dateTime={status.at}>{shortDateTime(status.at, i18n.language)}</time>
            <span>
              <strong>{t(`requests.statusKinds.${status.kind}`)}</strong>
              {status.authority !== null && ` → ${status.authority}`}
              {status.joinedTo !== null && ` → ${spokenRequest(status.joinedTo)}`}
              {status.foreignNumber !== null && ` ${status.foreignNumber}`}
              {status.kind === 'extended' && ` ${extension(status)}`}
              {status.told !== null &&
                ` · ${t(`requests.noticed.${status.told.by}`, { day: writtenDay(status.told.on) })}`}
              {' · '}
              {status.by ?? t('requests.documentSystem')}
              {status.note !== null && <span className={styles['note']}>{status.note}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
