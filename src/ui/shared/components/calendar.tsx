import { DatePicker } from '@mantine/dates'
import { useTranslation } from 'react-i18next'
import 'dayjs/locale/ro'
import '@mantine/dates/styles.css'

interface CalendarProps {
  readonly day: string | null
  readonly choose: (day: string) => void
  readonly min: string | undefined
  readonly max: string | undefined
  readonly language: string
  readonly label: string
}

/** A month, from Monday; in a file of its own, because only a date field that is opened needs it. */
export function Calendar({ day, choose, min, max, language, label }: CalendarProps) {
  const { t } = useTranslation()
  return (
    <DatePicker
      aria-label={label}
      locale={language}
      firstDayOfWeek={1}
      value={day}
      {...(day !== null && { defaultDate: day })}
      {...(min !== undefined && { minDate: min })}
      {...(max !== undefined && { maxDate: max })}
      onChange={(chosen) => {
        if (chosen !== null) choose(chosen)
        // Chosen again: the same day.
        else if (day !== null) choose(day)
      }}
      hideOutsideDates
      ariaLabels={{
        previousMonth: t('common.date.previousMonth'),
        nextMonth: t('common.date.nextMonth'),
        monthLevelControl: t('common.date.months'),
        previousYear: t('common.date.previousYear'),
        nextYear: t('common.date.nextYear'),
        yearLevelControl: t('common.date.years'),
        previousDecade: t('common.date.previousDecade'),
        nextDecade: t('common.date.nextDecade'),
      }}
    />
  )
}
