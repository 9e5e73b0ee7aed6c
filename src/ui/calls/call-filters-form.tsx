import { Button, NativeSelect, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate } from 'wouter/use-browser-location'
import { callOutcomes } from '../../core/call.ts'
import { problemOf } from '../shared/server/problem-text.ts'
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
  return (
    <form className={styles['filters']} onSubmit={submit} aria-label={t('calls.filters')}>
      <TextInput type="date" name="from" label={t('calls.from')} defaultValue={kept('from')} />
      <TextInput
        type="date"
        name="to"
        label={t('calls.to')}
        defaultValue={kept('to')}
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
  navigate(searchOf(new FormData(event.currentTarget)))
}
