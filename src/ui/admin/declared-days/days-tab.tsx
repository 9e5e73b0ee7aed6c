import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SpecialDay } from '../../../http/declared-days/wire.ts'
import { DateField } from '../../shared/components/date-field.tsx'
import { Notice } from '../../shared/components/notice.tsx'
import { isAdministrator, useMe } from '../../shared/server/me.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateWithYear } from '../../shared/time/time.ts'
import { readDay } from '../../shared/time/typed-day.ts'
import { useFocus } from '../../shared/use-focus.ts'
import { dayName, DayPanel } from './day-panel.tsx'
import { holidayName } from './day-words.ts'
import { declaredDaysQuery, useDay } from './use-declared-days.ts'
import configuration from '../configuration/configuration.module.css'
import admin from '../admin.module.css'
import register from '../register.module.css'
import styles from './days.module.css'

/** Public holidays and declared days: the list left, one day right. */
export function DaysTab() {
  const { t } = useTranslation()
  const mayDeclare = isAdministrator(useMe())
  const { data, error, refetch } = useQuery(declaredDaysQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  // Typed by an administrator, for a day that is not in the list.
  const [typed, setTyped] = useState('')
  const [isNew, setNew] = useState(false)
  const [told, setTold] = useState('')
  const date = chosen ?? readDay(typed)
  const { data: day, error: dayError, refetch: readAgain } = useDay(date)
  if (data === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  return (
    <div className={configuration['halves']}>
      <div className={configuration['list']}>
        <p className={configuration['lead']}>{t('declaredDays.lead')}</p>
        <div className={register['above']}>
          <output>{told}</output>
          {mayDeclare && (
            <Button
              variant="light"
              onClick={() => {
                setTold('')
                setTyped('')
                setChosen(null)
                setNew(true)
              }}
              data-action="new-day"
            >
              {t('declaredDays.new')}
            </Button>
          )}
        </div>
        <DayTable
          items={data.items}
          chosen={chosen}
          choose={(one) => {
            setTold('')
            setChosen(one)
          }}
        />
      </div>
      <aside className={configuration['one']} aria-label={t('declaredDays.one')}>
        <div className={styles['panel']}>
          {chosen === null && mayDeclare && (
            <NewDay typed={typed} setTyped={setTyped} today={data.today} takesFocus={isNew} />
          )}
          {date === null && !mayDeclare && <p className={admin['quiet']}>{t('declaredDays.choose')}</p>}
          {day !== undefined && (
            <DayPanel
              key={`${day.date} ${day.declared?.version ?? 0}`}
              day={day}
              mayDeclare={mayDeclare}
              takesFocus={told !== ''}
              done={(text) => {
                setTold(text)
                setChosen(day.date)
              }}
            />
          )}
          {date !== null && day === undefined && dayError !== null && (
            <Notice text={problemText(dayError, t)} again={() => void readAgain()} />
          )}
        </div>
      </aside>
    </div>
  )
}

interface NewDayProps {
  readonly typed: string
  readonly setTyped: (text: string) => void
  readonly today: string
  readonly takesFocus: boolean
}

function NewDay({ typed, setTyped, today, takesFocus }: NewDayProps) {
  const { t } = useTranslation()
  const first = useFocus<HTMLInputElement>(takesFocus)
  return (
    <>
      <h2>{t('declaredDays.newTitle')}</h2>
      <DateField
        label={t('declaredDays.day')}
        value={typed}
        change={setTyped}
        min={today}
        width={170}
        mark="declared"
        inputRef={first}
      />
    </>
  )
}

interface DayTableProps {
  readonly items: readonly SpecialDay[]
  readonly chosen: string | null
  readonly choose: (date: string) => void
}

function DayTable({ items, chosen, choose }: DayTableProps) {
  const { t, i18n } = useTranslation()
  return (
    <table className={configuration['table']}>
      <thead>
        <tr>
          <th scope="col">{t('declaredDays.day')}</th>
          <th scope="col">{t('declaredDays.what')}</th>
          <th scope="col">{t('declaredDays.state')}</th>
          <th scope="col">{t('declaredDays.declared')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ date, holiday, closed, declared }) => (
          <tr
            key={date}
            data-date={date}
            data-chosen={date === chosen}
            data-state={closed ? 'closed' : 'open'}
          >
            <td className={styles['date']}>
              <button type="button" aria-pressed={date === chosen} onClick={() => choose(date)}>
                {dayName(date, i18n.language)}
              </button>
            </td>
            <td>
              {holidayName(holiday, i18n.language) ??
                (declared === null || declared.reason === '' ? t('declaredDays.ordinary') : declared.reason)}
            </td>
            <td>{t(closed ? 'declaredDays.closed' : 'declaredDays.open')}</td>
            <td>
              {declared === null
                ? t('declaredDays.byCalendar')
                : t('declaredDays.by', {
                    at: shortDateWithYear(declared.at, i18n.language),
                    by: declared.by ?? t('declaredDays.commandLine'),
                  })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
