import { Button, Checkbox, Switch, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Configuration, DatedHours, HoursSetting } from '../../../core/configuration/schema.ts'
import { isDate } from '../../../core/local-time.ts'
import { DateField } from '../../shared/components/date-field.tsx'
import { readDay, writtenDay } from '../../shared/time/typed-day.ts'
import { useFocus } from '../../shared/use-focus.ts'
import { replaced, without } from './draft.ts'
import type { Faults } from './faults.ts'
import { dayIn, dayText, isAlways, weekIn, weekText } from './hours-text.ts'
import { NumberChoices } from './number-choices.tsx'
import { WindowFields } from './window-fields.tsx'
import styles from './configuration.module.css'

interface HoursFormProps {
  readonly hours: HoursSetting
  readonly document: Configuration
  readonly at: string
  readonly faults: Faults
  /** It has just been added. */
  readonly isNew: boolean
  readonly change: (hours: HoursSetting) => void
  readonly changeNumbers: (numbers: Configuration['numbers']) => void
  /** Open at all times, or by its week again. */
  readonly openAlways: (isOpen: boolean) => void
  readonly remove: () => void
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

export function HoursForm(props: HoursFormProps) {
  const { hours, document, at, faults, isNew, change, changeNumbers, openAlways, remove } = props
  const { t } = useTranslation()
  const first = useFocus<HTMLInputElement>(isNew)
  const always = isAlways(hours.weekly)
  const addDate = useRef<HTMLButtonElement>(null)
  const [addedDate, setAddedDate] = useState<number | null>(null)
  const weekFault = faults.of(`${at}.weekly`)
  return (
    <div className={styles['form']}>
      <h2>
        {hours.name.trim() === ''
          ? t('configuration.new.hours')
          : t('configuration.of.hours', { name: hours.name })}
      </h2>
      <TextInput
        label={t('configuration.fields.name')}
        description={t('configuration.hint.hoursName')}
        value={hours.name}
        error={faults.of(`${at}.name`) ?? faults.of(`${at}.id`)}
        autoComplete="off"
        maxLength={60}
        ref={first}
        onChange={(event) => change({ ...hours, name: event.currentTarget.value })}
        data-field="name"
      />
      <NumberChoices document={document} of="hours" id={hours.id} change={changeNumbers} />
      <Switch
        label={t('configuration.alwaysOpen')}
        checked={always}
        onChange={(event) => openAlways(event.currentTarget.checked)}
        data-field="always"
      />
      {!always && <WeekFields hours={hours} change={change} />}
      {weekFault !== null && (
        <p className={styles['problem']} role="alert">
          {weekFault}
        </p>
      )}
      {!always && (
        <Checkbox
          label={t('configuration.closedOnHolidays')}
          checked={hours.holidays === 'closed'}
          onChange={(event) =>
            change({ ...hours, holidays: event.currentTarget.checked ? 'closed' : 'open' })
          }
          data-field="holidays"
        />
      )}
      <h3>{t('configuration.exceptions')}</h3>
      <p className={styles['quiet']}>{t('configuration.exceptionsHint')}</p>
      {hours.dates.map((date, index) => (
        <ExceptionFields
          key={index}
          date={date}
          at={`${at}.dates[${index}]`}
          faults={faults}
          isNew={index === addedDate}
          change={(changed) => change({ ...hours, dates: replaced(hours.dates, index, changed) })}
          remove={() => {
            change({ ...hours, dates: without(hours.dates, index) })
            addDate.current?.focus()
          }}
        />
      ))}
      <Button
        ref={addDate}
        variant="light"
        onClick={() => {
          setAddedDate(hours.dates.length)
          change({ ...hours, dates: [...hours.dates, { date: '', hours: 'closed' }] })
        }}
        data-action="add-date"
      >
        {t('configuration.addDate')}
      </Button>
      <Button variant="default" onClick={remove} data-action="remove">
        {t('configuration.remove.hours')}
      </Button>
    </div>
  )
}

function WeekFields({ hours, change }: Pick<HoursFormProps, 'hours' | 'change'>) {
  const { t } = useTranslation()
  const week = weekIn(hours.weekly)
  // Written by hand in a file, in a way that days do not show.
  if (week === null)
    return (
      <TextInput
        label={t('configuration.fields.weekly')}
        value={hours.weekly}
        maxLength={400}
        onChange={(event) => change({ ...hours, weekly: event.currentTarget.value })}
      />
    )
  return (
    <fieldset className={styles['week']}>
      <legend>{t('configuration.fields.weekly')}</legend>
      {days.map((day, index) => (
        <div key={day} className={styles['day']} data-weekday={day}>
          <span>{t(`configuration.days.${day}`)}</span>
          <WindowFields
            day={t(`configuration.days.${day}`)}
            windows={week[index] ?? []}
            change={(windows) => change({ ...hours, weekly: weekText(week.with(index, windows)) })}
          />
        </div>
      ))}
    </fieldset>
  )
}

interface ExceptionFieldsProps {
  readonly date: DatedHours
  readonly at: string
  readonly faults: Faults
  readonly isNew: boolean
  readonly change: (date: DatedHours) => void
  readonly remove: () => void
}

function ExceptionFields({ date, at, faults, isNew, change, remove }: ExceptionFieldsProps) {
  const { t } = useTranslation()
  const first = useFocus<HTMLInputElement>(isNew)
  const { reason = '', ...withoutReason } = date
  const windows = dayIn(date.hours) ?? []
  const shown = isDate(date.date) ? writtenDay(date.date) : date.date
  const day = shown === '' ? t('configuration.newDate') : shown
  const fault = faults.of(`${at}.hours`)
  return (
    <fieldset className={styles['exception']} aria-label={day} data-date={date.date}>
      <div className={styles['pair']}>
        <DateField
          label={t('configuration.fields.date')}
          value={shown}
          error={faults.of(`${at}.date`)}
          width={150}
          mark={at}
          inputRef={first}
          change={(text) => change({ ...date, date: readDay(text) ?? text })}
        />
        <TextInput
          label={t('configuration.fields.reason')}
          value={reason}
          autoComplete="off"
          maxLength={200}
          onChange={(event) => {
            const { value } = event.currentTarget
            change(value === '' ? withoutReason : { ...date, reason: value })
          }}
          data-field="reason"
        />
      </div>
      <div className={styles['ends']}>
        <WindowFields
          day={day}
          windows={windows}
          change={(changed) => change({ ...date, hours: dayText(changed) })}
        />
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={remove}
          aria-label={`${t('configuration.removeDate')}: ${day}`}
          data-action="remove-date"
        >
          {t('configuration.removeDate')}
        </Button>
      </div>
      {fault !== null && (
        <p className={styles['problem']} role="alert">
          {fault}
        </p>
      )}
    </fieldset>
  )
}
