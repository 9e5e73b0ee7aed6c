import { FocusTrap } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { useTranslation } from 'react-i18next'
import { useNow } from '../time/now.ts'
import { longDay, longMonth, today } from '../time/time.ts'
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

/**
 * A month, from Monday; in a file of its own, because only a date field that is opened needs it. The chosen day takes the
 * focus, else today, however late the file comes.
 */
export function Calendar({ day, choose, min, max, language, label }: CalendarProps) {
  const { t } = useTranslation()
  const now = useNow()
  const first = day ?? today(now)
  return (
    <FocusTrap>
      <div>
        <DatePicker
          aria-label={label}
          locale={language}
          firstDayOfWeek={1}
          // The package writes Romanian months with a capital.
          monthLabelFormat={(month) => longMonth(month, language)}
          getDayAriaLabel={(one) => longDay(one, language)}
          getDayProps={(one) => ({
            'data-autofocus': one === first || undefined,
            // The package marks the day of the browser's time zone.
            'data-today': one === today(now) || undefined,
          })}
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
          // The month and the year name their own buttons.
          ariaLabels={{
            previousMonth: t('common.date.previousMonth'),
            nextMonth: t('common.date.nextMonth'),
            previousYear: t('common.date.previousYear'),
            nextYear: t('common.date.nextYear'),
            previousDecade: t('common.date.previousDecade'),
            nextDecade: t('common.date.nextDecade'),
          }}
        />
      </div>
    </FocusTrap>
  )
}
