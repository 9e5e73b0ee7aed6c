import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FindDocument, FoundDocument } from '../../../http/documents/wire.ts'
import { DateField } from '../../shared/components/date-field.tsx'
import { focusFirstWrong } from '../../shared/use-focus.ts'
import { api } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { FoundDocumentCard } from './found-document.tsx'
import {
  asksTheSame,
  emptyForm,
  readForm,
  type LateDocument,
  type DocumentReference,
  type DocumentForm,
  type FieldProblems,
} from './document-form.ts'
import styles from './filed-elsewhere.module.css'

interface FiledElsewhereProps {
  /** The current call; null without one. */
  readonly callId: string | null
  /** Begins a complaint about the document. */
  readonly complain: (reference: LateDocument) => void
}

/**
 * Searches the document system for a document that was filed at the counter, which is what most citizens ask
 * about.
 */
export function FiledElsewhere({ callId, complain }: FiledElsewhereProps) {
  const { t } = useTranslation()
  const [form, setForm] = useState<DocumentForm>(emptyForm)
  const [problems, setProblems] = useState<FieldProblems>({})
  const [asked, setAsked] = useState<DocumentReference | null>(null)
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const find = useMutation({
    mutationFn: (reference: DocumentReference) =>
      api<FoundDocument>('POST', '/documents/find', { ...reference, callId } satisfies FindDocument),
  })

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const read = readForm(form)
    setProblems('problems' in read ? read.problems : {})
    if ('problems' in read) return focusFirstWrong(event.currentTarget)
    setAsked(read.reference)
    find.mutate(read.reference)
  }

  function change(part: Partial<DocumentForm>): void {
    setForm((before) => ({ ...before, ...part }))
    setProblems((before) => Object.fromEntries(Object.entries(before).filter(([name]) => !(name in part))))
    // A result for other values must not be read out under the new ones.
    if (!asksTheSame(form, { ...form, ...part })) find.reset()
  }

  const field = (name: keyof DocumentForm) => ({
    value: form[name],
    error: problems[name] === undefined ? null : t(`documents.find.${problems[name]}`),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      change({ [name]: event.currentTarget.value }),
    autoComplete: 'off',
  })
  return (
    <section className={styles['paper']} aria-labelledby="filed-elsewhere" data-filed-elsewhere>
      <h3 id="filed-elsewhere">{t('documents.find.title')}</h3>
      <p className={styles['quiet']}>{t('documents.find.about')}</p>
      <form className={styles['form']} onSubmit={submit} noValidate>
        <TextInput
          {...field('number')}
          ref={first}
          label={t('documents.find.number')}
          placeholder={t('documents.find.numberHint')}
          maxLength={60}
        />
        <DateField
          label={t('documents.find.date')}
          value={form.date}
          change={(date) => change({ date })}
          error={field('date').error}
        />
        <TextInput {...field('name')} label={t('documents.find.name')} maxLength={200} />
        <Button type="submit" variant="default" aria-busy={find.isPending}>
          {t(find.isPending ? 'documents.find.asking' : 'documents.find.ask')}
        </Button>
      </form>
      <output className={styles['answer']} data-answer={find.data?.outcome}>
        {find.error !== null && <p>{problemText(find.error, t)}</p>}
        {find.data !== undefined && asked !== null && (
          <FoundDocumentCard found={find.data} reference={asked} complain={complain} />
        )}
      </output>
    </section>
  )
}
