import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { live } from '../../live/live-feed.ts'
import { useConsultedArticles } from '../../knowledge/use-articles.ts'
import { clock } from '../../shared/time/time.ts'
import { extendTrail, joinTrails, trailOf, type TrailMark } from './call-trail.ts'
import { useCallDetail } from '../../calls/use-calls.ts'
import styles from './work-zone.module.css'

/** The number of marks that fit on one line. */
const shownMax = 5

/** A step of the call, or an article opened during it. */
type Mark = { readonly at: string; readonly words: string }

/** Keeps the first mark and the latest ones. */
function shown(marks: readonly Mark[]): readonly Mark[] {
  return marks.length <= shownMax ? marks : [...marks.slice(0, 1), ...marks.slice(1 - shownMax)]
}

/** A breadcrumb of the call's steps so far; an empty line of the same height without a call. */
export function Trail({ call }: { readonly call: LiveCallView | null }) {
  const { t, i18n } = useTranslation()
  const { data: consulted = [] } = useConsultedArticles(call?.id ?? null)
  const steps = useTrail(call).map(({ step, at }) => ({ at, words: t(`desk.trail.${step}`) }))
  const papers = consulted.map(({ at, title }) => ({ at, words: title }))
  const marks = [...steps, ...papers].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  return (
    <ol className={styles['trail']} aria-label={t('desk.trail.label')}>
      {shown(marks).map(({ words, at }, index) => (
        <li key={`${words} ${at}`} data-left-out={index === 1 && marks.length > shownMax} title={words}>
          <span>{words}</span> <time dateTime={at}>{clock(at, i18n.language)}</time>
        </li>
      ))}
    </ol>
  )
}

/** Grows with every change of this call in the feed; earlier steps come from the ledger. */
function useTrail(call: LiveCallView | null): readonly TrailMark[] {
  const id = call?.id ?? null
  const { data: record } = useCallDetail(id)
  const [trail, setTrail] = useState<{ readonly id: string | null; readonly marks: readonly TrailMark[] }>({
    id: null,
    marks: [],
  })
  useEffect(() => {
    if (id === null) return undefined
    return live.subscribe(() => {
      const now = live.get().calls.get(id)
      if (now === undefined) return
      setTrail((before) => {
        const marks = extendTrail(before.id === id ? before.marks : [], now)
        return before.id === id && before.marks === marks ? before : { id, marks }
      })
    })
  }, [id])
  if (call === null) return []
  const seen = extendTrail(trail.id === id ? trail.marks : [], call)
  return record?.id === id ? joinTrails(trailOf(record, call), seen) : seen
}
