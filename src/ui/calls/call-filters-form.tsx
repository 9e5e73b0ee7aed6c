import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate } from 'wouter/use-browser-location'
import { callOutcomes } from '../../core/call.ts'
import { DateField } from '../shared/components/date-field.tsx'
import { problemOf } from '../shared/server/problem-text.ts'
import { codeOptions, useWrapUpCodes } from '../shared/server/wrap-up-codes.ts'
import { readDay, writtenDay, wrongDayIn } from '../shared/time/typed-day.ts'
import { searchOf } from './call-filters.ts'
import { CodeSelect } from './code-select.tsx'
import styles from './calls.module.css'

interface CallFiltersProps {
  readonly search: URLSearchParams
  /** The refusal of the last search. */
  readonly error: unknown
}

export function CallFilters({ search, error }: CallFiltersProps) {
  const { t } = useTranslation()
  const codes = useWrapUpCodes()
  const kept = (name: string): string => search.get(name) ?? ''
  const [code, setCode] = useState(kept('code') || null)
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
      {codes.length > 0 && (
        <CodeSelect
          name="code"
          codes={codeOptions(codes, null, code === null ? null : { id: code, name: null })}
          value={code}
          choose={setCode}
          placeholder={t('calls.anyCode')}
          w={240}
        />
      )}
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
