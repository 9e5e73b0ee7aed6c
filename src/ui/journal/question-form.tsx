import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { accessKinds } from '../../http/journal/wire.ts'
import { DateField } from '../shared/components/date-field.tsx'
import { problemOf } from '../shared/server/problem-text.ts'
import { wrongDayIn } from '../shared/time/typed-day.ts'
import { questionOf, subjectOf, subjects, type Question, type Subject } from './question.ts'
import { useJournalAccounts } from './use-journal-accounts.ts'
import styles from './journal.module.css'

interface QuestionFormProps {
  readonly onAsk: (question: Question) => void
  readonly onTake: (question: Question, format: 'csv' | 'json') => void
  /** The refusal of the last question. */
  readonly error: unknown
}

/** The form of the auditor's question; each kind of question has its own fields. */
export function QuestionForm({ onAsk, onTake, error }: QuestionFormProps) {
  const { t } = useTranslation()
  const [subject, setSubject] = useState<Subject>('all')
  const form = useRef<HTMLFormElement>(null)

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const wrong = wrongDayIn(event.currentTarget)
    if (wrong !== null) return wrong.focus()
    onAsk(questionOf(new FormData(event.currentTarget)))
  }

  function take(format: 'csv' | 'json'): void {
    const wrong = form.current === null ? null : wrongDayIn(form.current)
    if (wrong !== null) return wrong.focus()
    // Missing values are reported at their fields.
    if (form.current?.reportValidity() === true) onTake(questionOf(new FormData(form.current)), format)
  }

  return (
    <form className={styles['filters']} onSubmit={submit} aria-label={t('journal.ask.label')} ref={form}>
      <NativeSelect
        label={t('journal.ask.what')}
        name="subject"
        value={subject}
        onChange={(event) => setSubject(subjectOf(event.currentTarget.value))}
        w={310}
        data={subjects.map((value) => ({ value, label: t(`journal.ask.${value}`) }))}
      />
      {/* The space stays reserved, so that nothing beside it moves. */}
      <div className={styles['subject']}>
        <SubjectField subject={subject} error={error} />
      </div>
      <NativeSelect
        name="kind"
        label={t('journal.ask.kind')}
        w={190}
        data={[
          { value: '', label: t('journal.ask.anyKind') },
          ...accessKinds.map((value) => ({ value, label: t(`journal.kinds.${value}`) })),
        ]}
      />
      <DateField name="from" width={136} label={t('journal.ask.from')} />
      <DateField
        name="to"
        width={136}
        label={t('journal.ask.to')}
        error={problemOf(error, 'reversed-times', t)}
      />
      <Button type="submit">{t('journal.ask.submit')}</Button>
      <Button variant="default" onClick={() => take('csv')} aria-label={t('journal.ask.csv')}>
        CSV
      </Button>
      <Button variant="default" onClick={() => take('json')} aria-label={t('journal.ask.json')}>
        JSON
      </Button>
    </form>
  )
}

interface SubjectFieldProps {
  readonly subject: Subject
  readonly error: unknown
}

/** Keyed by the kind of question, so that a value typed for one kind is never sent with another. */
function SubjectField({ subject, error }: SubjectFieldProps) {
  const { t } = useTranslation()
  switch (subject) {
    case 'all':
      return null
    case 'person':
      return (
        <TextInput
          key={subject}
          name="person"
          required
          withAsterisk={false}
          label={t('journal.ask.identifier')}
          title={t('journal.ask.identifierHint')}
          placeholder={t('journal.ask.identifier')}
          autoComplete="off"
          inputMode="numeric"
          maxLength={20}
          error={problemOf(error, 'no-identifier', t)}
        />
      )
    case 'about':
      return (
        <TextInput
          key={subject}
          name="about"
          required
          withAsterisk={false}
          label={t('journal.ask.number')}
          placeholder={t('journal.ask.numberHint')}
          autoComplete="off"
          maxLength={200}
        />
      )
    case 'account':
      return <AccountField />
  }
}

function AccountField() {
  const { t } = useTranslation()
  const { data } = useJournalAccounts()
  return (
    <NativeSelect
      name="account"
      label={t('journal.ask.who')}
      data={(data?.items ?? []).map(({ id, name, employer }) => ({
        value: id,
        label: `${name} · ${employer}`,
      }))}
    />
  )
}
