import { Button, NativeSelect, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate } from 'wouter/use-browser-location'
import { callOutcomes } from '../../core/call.ts'
import { DateField } from '../shared/components/date-field.tsx'
import { problemOf } from '../shared/server/problem-text.ts'
import { readDay, writtenDay, wrongDayIn } from '../shared/time/typed-day.ts'
import { searchOf } from './call-filters.ts'
import styles from './calls.module.css'

interface CallFiltersProps {
  readonly search: URLSearchParams
  /** The refusal of the last search. */
  readonly error: unknown
}

export function CallFilters({ search, error }: CallFiltersProps) {
  const { t } = useTranslation()
  const kept = (name: string): string => search.get(name) ?? ''
  const shown = (name: string): string => writtenDay(readDay(kept(name)) ?? '')
  return (
    <form className={styles['filters']} onSubmit={submit} aria-label={t('calls.filters')}>
      <DateField name="from" width={150} label={t('calls.from')} start={shown('from')} />
      <DateField
        name="to"
        width={150}
        label={t('calls.to')}
        start={shown('to')}
        error={problemOf(error, 'reversed-times', t)}
      />
      <TextInput
        name="caller"
        label={t('calls.caller')}
        placeholder={t('calls.callerHint')}
        defaultValue={kept('caller')}
        inputMode="tel"
        maxLength={40}
        error={problemOf(error, 'wrong-number', t)}
      />
      <NativeSelect
        name="outcome"
        label={t('calls.outcome')}
        defaultValue={kept('outcome')}
        data={[
          { value: '', label: t('calls.anyOutcome') },
          ...callOutcomes.map((value) => ({ value, label: t(`common.outcome.${value}`) })),
        ]}
      />
      <Button type="submit">{t('calls.apply')}</Button>
      {search.size > 0 && (
        <Button variant="subtle" onClick={() => navigate('/calls')}>
          {t('calls.clear')}
        </Button>
      )}
    </form>
  )
}

function submit(event: FormEvent<HTMLFormElement>): void {
  event.preventDefault()
  const wrong = wrongDayIn(event.currentTarget)
  if (wrong !== null) return wrong.focus()
  navigate(searchOf(new FormData(event.currentTarget)))
}
