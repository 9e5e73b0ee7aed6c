/** Parts that the tables of callers share: rows that hold still, a key’s question about one of them, and the outer columns. */
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { supervisionKeyOf } from '../supervision/supervision-keys.ts'
import type { RowQuestion } from '../supervision/use-row-menu.ts'
import { WaitingActions, type WaitingQuestion } from '../supervision/waiting-actions.tsx'
import { useShownCalls } from './queue/shown.ts'
import { useFrozen } from './use-frozen.ts'
import { useOrder } from './use-order.ts'
import { useResult } from './use-result.ts'
import styles from './board.module.css'

type CallerQuestion = RowQuestion<WaitingQuestion> | null

/** `choose`: the calls of the table, in their order; the same function each time. */
export function useCallerRows(choose: (calls: Iterable<LiveCallView>) => LiveCallView[]) {
  const calls = useShownCalls()
  const sorted = useMemo(() => choose(calls.values()), [choose, calls])
  const { frozen, handlers } = useFrozen()
  const rows = useOrder(sorted, frozen)
  const [result, setResult] = useResult()
  const [asked, setAsked] = useState<CallerQuestion>(null)

  /** The key that ends a call asks first. `more`: the table's other keys; true: it was one. */
  function press(
    event: KeyboardEvent,
    more: (key: ReturnType<typeof supervisionKeyOf>, call: LiveCallView) => boolean = () => false,
  ): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-call]') : null
    const call = rows.find(({ id }) => id === row?.dataset['call'])
    if (call === undefined || event.repeat || event.defaultPrevented) return
    const key = supervisionKeyOf(event)
    if (key === 'leave') setAsked({ row: call.id, question: 'end', at: event.timeStamp })
    else if (!more(key, call)) return
    event.preventDefault()
  }

  const askedOf = (call: LiveCallView): CallerQuestion => (asked?.row === call.id ? asked : null)
  return { rows, frozen, handlers, result, setResult, press, askedOf }
}

/** The headings of the caller and of the menu, around those of the table's own columns. */
export function CallerHeadings({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <thead>
      <tr>
        <th scope="col" className={styles['number']}>
          {t('board.waiting.caller')}
        </th>
        {children}
        <th scope="col" className={styles['rowMenu']}>
          <span className="spoken-only">{t('board.working.menu')}</span>
        </th>
      </tr>
    </thead>
  )
}

interface CallerRowProps {
  readonly call: LiveCallView
  readonly report: (text: string) => void
  readonly asked: CallerQuestion
  readonly children: ReactNode
}

/** The cells of the caller and of the menu, around the table's own. */
export function CallerRow({ call, report, asked, children }: CallerRowProps) {
  const { t } = useTranslation()
  return (
    <tr data-call={call.id} data-external={call.external === null ? undefined : call.phase}>
      <td>
        <Link href={`/calls/${encodeURIComponent(call.id)}`}>
          {call.caller === null ? t('common.withheld') : spokenNumber(call.caller)}
        </Link>
      </td>
      {children}
      <td className={styles['rowMenu']}>
        <WaitingActions call={call} report={report} asked={asked} />
      </td>
    </tr>
  )
}
