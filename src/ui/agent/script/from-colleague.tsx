import { useTranslation } from 'react-i18next'
import { RequestNumber } from '../../calls/registered-requests.tsx'
import { useHandedOver } from '../../calls/use-calls.ts'
import { useConsultedArticles } from '../../knowledge/use-articles.ts'
import { useCategoryName, useRegisteredIn } from '../../requests/use-requests.ts'
import { useMe } from '../../shared/server/me.ts'
import { clock } from '../../shared/time/time.ts'
import { earlierParts, type EarlierPart } from './earlier-parts.ts'
import styles from './script-zone.module.css'

/** Long notes scroll in the section. */
const scrolledByKeys = { tabIndex: 0 } as const

/** The notes and the form of each colleague who had this call before, from the ring on; a colleague may still be writing. */
export function FromColleague({ callId }: { readonly callId: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const { data: call } = useHandedOver(callId, me.id)
  if (call === undefined) return null
  const parts = earlierParts(call, me.id)
  return (
    parts.length > 0 && (
      <section
        className={styles['colleagues']}
        aria-label={t('desk.colleague.title')}
        {...scrolledByKeys}
        data-colleagues
      >
        {parts.map((part) => (
          <Part key={part.agent.id} part={part} />
        ))}
        <Done callId={callId} />
      </section>
    )
  )
}

/** The requests and articles of colleagues in this call. */
function Done({ callId }: { readonly callId: string }) {
  const { t, i18n } = useTranslation()
  const nameOf = useCategoryName()
  const registered = useRegisteredIn(callId).filter(({ own }) => !own)
  const { data: articles = [] } = useConsultedArticles(callId)
  const read = articles.filter(({ own }) => !own)
  return (
    <>
      {registered.map((item) => (
        <p key={item.id} data-registered>
          {t('desk.colleague.registered')} <RequestNumber item={item} /> ·{' '}
          {nameOf(item.category, i18n.language)}
        </p>
      ))}
      {read.length > 0 && (
        <p data-read>
          {t('desk.colleague.read')} {read.map(({ title }) => title).join('; ')}
        </p>
      )}
    </>
  )
}

function Part({ part: { agent, from, until, notes, form } }: { readonly part: EarlierPart }) {
  const { t, i18n } = useTranslation()
  const title = t('desk.colleague.from', { name: agent.name })
  const resolution = form === null || form.resolution === 'unstated' ? null : form.resolution
  const what = [
    form?.code?.name ?? null,
    form === null || form.subject === '' ? null : form.subject,
    resolution === null ? null : t(`desk.wrapUp.resolutions.${resolution}`).toLowerCase(),
  ].filter((word) => word !== null)
  return (
    <section aria-label={title} data-from={agent.id}>
      <h2 className={styles['heading']}>
        {title}{' '}
        <span className="tabular">
          {clock(from, i18n.language)}
          {until !== null && `–${clock(until, i18n.language)}`}
        </span>
      </h2>
      {what.length > 0 && <p>{what.join(' · ')}</p>}
      {notes.map((text) => (
        <p key={text} className={styles['left']}>
          {text}
        </p>
      ))}
      {what.length === 0 && notes.length === 0 && (
        <p className={styles['nothing']}>{t('desk.colleague.nothing')}</p>
      )}
    </section>
  )
}
