import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FindDocument, FoundDocument } from '../../../http/documents/wire.ts'
import { api } from '../../shared/api.ts'
import { problemText } from '../../shared/problem-text.ts'
import { FoundPaper } from './found-paper.tsx'
import {
  emptyPaper,
  readPaper,
  type ComplainedPaper,
  type Paper,
  type PaperForm,
  type PaperTroubles,
} from './paper-form.ts'
import styles from './filed-elsewhere.module.css'

interface FiledElsewhereProps {
  /** The call in which it is asked; null outside of one. */
  readonly callId: string | null
  /** Begins a complaint about the paper. */
  readonly complain: (paper: ComplainedPaper) => void
}

/** Most papers that citizens ask about came in over the counter: where they stand, read from the document system. */
export function FiledElsewhere({ callId, complain }: FiledElsewhereProps) {
  const { t } = useTranslation()
  const [form, setForm] = useState<PaperForm>(emptyPaper)
  const [troubles, setTroubles] = useState<PaperTroubles>({})
  const [asked, setAsked] = useState<Paper | null>(null)
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const find = useMutation({
    mutationFn: (paper: Paper) =>
      api<FoundDocument>('POST', '/documents/find', { ...paper, callId } satisfies FindDocument),
  })

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const read = readPaper(form)
    setTroubles('troubles' in read ? read.troubles : {})
    if ('troubles' in read) return
    setAsked(read.paper)
    find.mutate(read.paper)
  }

  function change(part: Partial<PaperForm>): void {
    setForm((before) => ({ ...before, ...part }))
    // An answer to other words than those that stand there would be read out as theirs.
    find.reset()
  }

  const field = (name: keyof PaperForm) => ({
    value: form[name],
    error: troubles[name] === undefined ? null : t(`documents.find.${troubles[name]}`),
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
        <TextInput
          {...field('date')}
          label={t('documents.find.date')}
          placeholder={t('documents.find.dateHint')}
          maxLength={10}
        />
        <TextInput {...field('name')} label={t('documents.find.name')} maxLength={200} />
        <Button type="submit" variant="default" aria-busy={find.isPending}>
          {t(find.isPending ? 'documents.find.asking' : 'documents.find.ask')}
        </Button>
      </form>
      <output className={styles['answer']} data-answer={find.data?.outcome}>
        {find.error !== null && <p>{problemText(find.error, t)}</p>}
        {find.data !== undefined && asked !== null && (
          <FoundPaper found={find.data} paper={asked} complain={complain} />
        )}
      </output>
    </section>
  )
}
