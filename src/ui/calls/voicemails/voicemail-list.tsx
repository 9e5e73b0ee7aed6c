import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { VoicemailItem } from '../../../http/voicemails/wire.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { isAgent, isSupervisor, useMe } from '../../shared/server/me.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useQueueName } from '../../shared/server/queue-names.ts'
import { duration, shortDateTime } from '../../shared/time/time.ts'
import { stateWords } from './voicemail-state.ts'
import { useVoicemails, useVoicemailSteps } from './use-voicemails.ts'
import styles from '../calls.module.css'

/** The messages of one's queues, the one that has waited longest first. Where there are none there is no list; where they cannot be read it says so. */
export function VoicemailList() {
  const me = useMe()
  return isAgent(me) || isSupervisor(me) ? <OwnVoicemails /> : null
}

function OwnVoicemails() {
  const { t } = useTranslation()
  const { data, error, refetch } = useVoicemails()
  const [told, setTold] = useState('')
  const items = data?.items ?? []
  if (items.length === 0 && error === null) return null
  return (
    <section
      className={styles['voicemails']}
      aria-labelledby="voicemails"
      data-voicemails={items.filter(({ closed }) => closed === null).length}
    >
      <h2 id="voicemails">{t('calls.voicemail.title')}</h2>
      {error !== null && <Notice text={problemText(error, t)} again={() => void refetch()} />}
      <output className={styles['quiet']}>{told}</output>
      {items.length > 0 && <Table items={items} tell={setTold} />}
      {data?.more === true && <p className={styles['quiet']}>{t('calls.voicemail.more')}</p>}
    </section>
  )
}

function Table({
  items,
  tell,
}: {
  readonly items: readonly VoicemailItem[]
  readonly tell: (text: string) => void
}) {
  const { t } = useTranslation()
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('calls.voicemail.left')}</th>
          <th scope="col">{t('calls.caller')}</th>
          <th scope="col">{t('calls.queue')}</th>
          <th scope="col" className={styles['figure']}>
            {t('calls.voicemail.length')}
          </th>
          <th scope="col">{t('calls.voicemail.state')}</th>
          <th scope="col">{t('calls.voicemail.action')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <Row key={one.call} one={one} tell={tell} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ one, tell }: { readonly one: VoicemailItem; readonly tell: (text: string) => void }) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  const { take } = useVoicemailSteps(one.call)
  const at = shortDateTime(one.leftAt, i18n.language)
  return (
    <tr data-voicemail={one.call} data-late={one.isLate || undefined}>
      <td>
        <Link href={`/calls/${encodeURIComponent(one.call)}`}>{at}</Link>
      </td>
      <td>{one.caller === null ? t('common.withheld') : spokenNumber(one.caller)}</td>
      <td>{queueName(one.queue)}</td>
      <td className={styles['figure']}>
        {one.durationMs === null ? t('common.none') : duration(one.durationMs)}
      </td>
      <td>{stateWords(one, t, i18n.language)}</td>
      <td>
        {one.closed === null && one.takenBy === null && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('calls.voicemail.takeFrom', { at })}
            onClick={() =>
              void take().then(
                () => tell(''),
                (refused: unknown) => tell(problemText(refused, t)),
              )
            }
            data-action="take-voicemail"
          >
            {t('calls.voicemail.take')}
          </Button>
        )}
      </td>
    </tr>
  )
}
