import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { dayReasonMax, type DayDetail } from '../../../http/declared-days/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { longDateWithYear, shortDateTime } from '../../shared/time/time.ts'
import { useFocus } from '../../shared/use-focus.ts'
import { actionWords, hoursWords, stateWords } from './day-words.ts'
import { useDeclaring } from './use-declared-days.ts'
import admin from '../admin.module.css'
import register from '../register.module.css'
import styles from './days.module.css'

interface DayPanelProps {
  readonly day: DayDetail
  readonly mayDeclare: boolean
  /** It was just declared: the focus was in what is gone. */
  readonly takesFocus: boolean
  readonly done: (told: string) => void
}

/** One day: how it is, what a declaration would make of it for each number, and what was declared before. */
export function DayPanel({ day, mayDeclare, takesFocus, done }: DayPanelProps) {
  const { t, i18n } = useTranslation()
  const title = useFocus<HTMLHeadingElement>(takesFocus)
  const { date, isOver, versions } = day
  return (
    <section className={styles['panel']} aria-labelledby="day" data-day-panel={date} data-closed={day.closed}>
      <h2 id="day" tabIndex={-1} ref={title}>
        {dayName(date, i18n.language)}
      </h2>
      <p>{stateWords(day, t, i18n.language)}</p>
      <NumbersOnDay day={day} asks={mayDeclare && !isOver} />
      {isOver && <p className={admin['quiet']}>{t('declaredDays.over')}</p>}
      {mayDeclare && !isOver && <DeclareForm day={day} done={done} />}
      {versions.length > 0 && (
        <section aria-labelledby="day-history">
          <h3 id="day-history">{t('declaredDays.history')}</h3>
          <ol className={register['versions']}>
            {versions.map(({ version, closed, reason, at, by }) => (
              <li key={version} data-version={version}>
                <strong>{t(closed ? 'declaredDays.closed' : 'declaredDays.open')}</strong>
                <span>{reason === '' ? t('declaredDays.noReason') : reason}</span>
                <span className={admin['quiet']}>
                  {shortDateTime(at, i18n.language)} · {by ?? t('declaredDays.commandLine')}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </section>
  )
}

/** At noon: the day is the same in every time zone of Europe. */
export const dayName = (date: string, language: string): string =>
  longDateWithYear(`${date}T10:00:00Z`, language)

/** @param asks Whether a declaration is possible, so that the hours after it are shown as well. */
function NumbersOnDay({ day, asks }: { readonly day: DayDetail; readonly asks: boolean }) {
  const { t } = useTranslation()
  const { numbers, closed } = day
  if (numbers.length === 0) return <p className={admin['quiet']}>{t('declaredDays.noNumbers')}</p>
  return (
    <table className={styles['numbers']}>
      <thead>
        <tr>
          <th scope="col">{t('declaredDays.number')}</th>
          <th scope="col">{t('declaredDays.isNow')}</th>
          {asks && <th scope="col">{t('declaredDays.after')}</th>}
        </tr>
      </thead>
      <tbody>
        {numbers.map(({ number, rule, ifOpen, ifClosed }) => {
          const now = hoursWords(closed ? ifClosed : ifOpen, rule, t)
          const then = hoursWords(closed ? ifOpen : ifClosed, rule, t)
          return (
            <tr key={number} data-number={number} data-rule={rule}>
              <th scope="row">{spokenNumber(number)}</th>
              <td>{now}</td>
              {asks && (
                <td className={rule === 'follows holidays' && now !== then ? styles['changes'] : undefined}>
                  {rule === 'follows holidays' ? then : t(`declaredDays.rules.${rule}`)}
                </td>
              )}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function DeclareForm({ day, done }: Pick<DayPanelProps, 'day' | 'done'>) {
  const { t, i18n } = useTranslation()
  const declare = useDeclaring()
  const [reason, setReason] = useState('')
  const closes = !day.closed
  const lacks = closes && reason.trim() === '' ? t('declaredDays.lacksReason') : null

  const send = useMutation({
    mutationFn: async () => {
      const { date, declared } = day
      await declare(date, { closed: closes, reason: reason.trim(), version: declared?.version ?? 0 })
      done(
        t(closes ? 'declaredDays.closedNow' : 'declaredDays.openNow', {
          day: dayName(date, i18n.language),
        }),
      )
    },
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!send.isPending && lacks === null) send.mutate()
  }
  return (
    <form className={admin['form']} onSubmit={submit} data-declare={closes}>
      <TextInput
        label={t(closes ? 'declaredDays.reason' : 'declaredDays.reasonOptional')}
        placeholder={closes ? t('declaredDays.reasonHint') : ''}
        value={reason}
        maxLength={dayReasonMax}
        autoComplete="off"
        onChange={(event) => setReason(event.currentTarget.value)}
        data-field="reason"
      />
      <p className={admin['problem']} role="alert">
        {send.error === null ? '' : problemText(send.error, t)}
      </p>
      <WhyNot reason={lacks}>
        <BusyButton
          type="submit"
          loading={send.isPending}
          {...unavailable(lacks !== null)}
          data-action="declare"
        >
          {actionWords(day, t)}
        </BusyButton>
      </WhyNot>
    </form>
  )
}
