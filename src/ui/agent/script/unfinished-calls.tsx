import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CorrectWrapUp } from '../../calls/correct-wrap-up.tsx'
import { useCallDetail, useUnfinishedCalls } from '../../calls/use-calls.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { usePaneAction } from '../work/pane-actions.ts'
import styles from './unfinished-calls.module.css'
import zone from './script-zone.module.css'
import halves from '../work/halves.module.css'

const shownMax = 3

/** Between calls: own calls of the last day whose wrap-up form is not complete, and the form of the chosen one. */
export function UnfinishedCalls() {
  const { t, i18n } = useTranslation()
  const calls = useUnfinishedCalls()
  const key = useKey('unfinished')
  const [open, setOpen] = useState<string | null>(null)
  const [isAsked, setAsked] = useState(false)
  const section = useRef<HTMLElement>(null)
  const first = calls[0]
  usePaneAction('unfinished', true, () => {
    setAsked(true)
    setOpen(open ?? first?.id ?? null)
  })

  const wasOpen = useRef(false)
  useLayoutEffect(() => {
    // The form is gone, and with it the focus: the next call of the list has it, or what stands in its place.
    if (wasOpen.current && open === null && document.activeElement === document.body)
      (section.current?.querySelector<HTMLElement>('li button') ?? section.current)?.focus()
    wasOpen.current = open !== null
  }, [open])
  const close = (): void => setOpen(null)

  if (first === undefined && open === null)
    return (
      <section ref={section} className={styles['none']} tabIndex={-1}>
        <output>{isAsked && t('calls.unfinished.none')}</output>
      </section>
    )
  return (
    <section ref={section} className={styles['unfinished']} aria-labelledby="unfinished" data-unfinished>
      <h2 className={zone['heading']} id="unfinished">
        {t('calls.unfinished.title')} · {calls.length}
        <kbd className={styles['key']} aria-hidden="true">
          {key}
        </kbd>
      </h2>
      {open !== null ? (
        <OpenForm id={open} close={close} key={open} />
      ) : (
        <ul className={halves['list']} data-columns="one">
          {calls.slice(0, shownMax).map(({ id, caller, arrivedAt, subject }, index) => (
            <li key={id}>
              <button
                type="button"
                onClick={() => setOpen(id)}
                data-call={id}
                {...(index === 0 && { 'aria-keyshortcuts': ariaChord(key) })}
              >
                <span className={styles['when']}>
                  {shortDateTime(arrivedAt, i18n.language)} ·{' '}
                  {caller === null ? t('common.withheld') : spokenNumber(caller)}
                </span>
                <span className={styles['what']}>
                  {subject === '' ? t('desk.caller.unknownSubject') : subject}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {open === null && calls.length > shownMax && (
        <p className={styles['more']}>{t('calls.unfinished.more', { count: calls.length - shownMax })}</p>
      )}
    </section>
  )
}

function OpenForm({ id, close }: { readonly id: string; readonly close: () => void }) {
  const { t, i18n } = useTranslation()
  const { data: call, error } = useCallDetail(id)
  if (call === undefined)
    return <p className={styles['more']}>{error === null ? t('common.loading') : problemText(error, t)}</p>
  return (
    <>
      <p className={styles['which']}>
        {shortDateTime(call.arrivedAt, i18n.language)} ·{' '}
        {call.caller === null ? t('common.withheld') : spokenNumber(call.caller)}
      </p>
      <CorrectWrapUp call={call} close={close} />
    </>
  )
}
