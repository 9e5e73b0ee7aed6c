import { useTranslation } from 'react-i18next'
import { useHandedOver } from '../../calls/use-calls.ts'
import { useMe } from '../../shared/server/me.ts'
import { clock } from '../../shared/time/time.ts'
import { earlierParts, type EarlierPart } from './earlier-parts.ts'
import styles from './script-zone.module.css'

/** The notes and the form of each colleague who had this call before, from the ring on; a colleague may still be writing. */
export function FromColleague({ callId }: { readonly callId: string }) {
  const me = useMe()
  const { data: call } = useHandedOver(callId, me.id)
  if (call === undefined) return null
  return earlierParts(call, me.id).map((part) => <Part key={part.agent.id} part={part} />)
}

function Part({ part: { agent, from, until, notes, form } }: { readonly part: EarlierPart }) {
  const { t, i18n } = useTranslation()
  const title = t('desk.colleague.from', { name: agent.name })
  const resolution = form === null || form.resolution === 'unstated' ? null : form.resolution
  const what = [
    form === null || form.subject === '' ? null : form.subject,
    resolution === null ? null : t(`desk.wrapUp.resolutions.${resolution}`).toLowerCase(),
  ].filter((word) => word !== null)
  return (
    <section className={styles['colleague']} aria-label={title} data-from={agent.id}>
      <h2 className={styles['heading']}>
        {title}{' '}
        <span className="tabular">
          {clock(from, i18n.language)}–{clock(until, i18n.language)}
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
