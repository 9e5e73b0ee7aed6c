import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { live } from '../../live/live-feed.ts'
import { useConsultedArticles } from '../../knowledge/use-articles.ts'
import { Icon } from '../../shared/components/icon.tsx'
import { Peek } from '../../shared/components/peek.tsx'
import { useMe } from '../../shared/server/me.ts'
import { clock } from '../../shared/time/time.ts'
import { extendTrail, joinTrails, trailOf, type TrailMark } from './call-trail.ts'
import { useCallDetail } from '../../calls/use-calls.ts'
import styles from './call-zone.module.css'

/** The call's steps and the articles opened during it, behind a button with their number. */
export function Trail({ call }: { readonly call: LiveCallView }) {
  const { t, i18n } = useTranslation()
  const { data: consulted = [] } = useConsultedArticles(call.id)
  const me = useMe()
  const placer = call.placedBy === null || call.placedBy.id === me.id ? null : call.placedBy.name
  const steps = useTrail(call).map(({ step, at }) => ({
    at,
    words:
      step === 'placed' && placer !== null
        ? t('desk.trail.placedBy', { name: placer })
        : t(`desk.trail.${step}`),
  }))
  const articles = consulted.map(({ at, title }) => ({ at, words: title }))
  const marks = [...steps, ...articles].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  return (
    <Peek
      name="trail"
      title={t('desk.trail.label')}
      face={
        <span className={styles['trailFace']} title={t('desk.trail.label')}>
          <Icon name="history" size={16} />
          <span className="tabular">{marks.length}</span>
          <span className="spoken-only">{t('desk.trail.label')}</span>
        </span>
      }
    >
      <ol className={styles['trail']}>
        {marks.map(({ words, at }) => (
          <li key={`${words} ${at}`}>
            <time dateTime={at}>{clock(at, i18n.language)}</time> <span>{words}</span>
          </li>
        ))}
      </ol>
    </Peek>
  )
}

/** Grows with every change of this call in the feed; earlier steps come from the ledger. */
function useTrail(call: LiveCallView): readonly TrailMark[] {
  const { id } = call
  const { data: record } = useCallDetail(id)
  const [trail, setTrail] = useState<{ readonly id: string | null; readonly marks: readonly TrailMark[] }>({
    id: null,
    marks: [],
  })
  useEffect(
    () =>
      live.subscribe(() => {
        const now = live.get().calls.get(id)
        if (now === undefined) return
        setTrail((before) => {
          const marks = extendTrail(before.id === id ? before.marks : [], now)
          return before.id === id && before.marks === marks ? before : { id, marks }
        })
      }),
    [id],
  )
  const seen = extendTrail(trail.id === id ? trail.marks : [], call)
  return record?.id === id ? joinTrails(trailOf(record, call), seen) : seen
}
