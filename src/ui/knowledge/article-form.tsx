import { Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Draft, TextField } from './draft.ts'
import { NeedFields } from './need-fields.tsx'
import styles from './knowledge.module.css'

interface ArticleFormProps {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
  /** True for a new article, whose id is chosen here and never changes. */
  readonly isNew: boolean
}

type Shape = 'line' | 'lines' | 'day' | 'url'
interface Field {
  readonly name: TextField
  readonly label: string
  readonly shape: Shape
  readonly width: 'wide' | 'half' | 'quarter'
  readonly required?: boolean
  readonly hint?: string
}

/** The fields are in the order of a conversation with a citizen, like the article itself. */
export function ArticleForm({ draft, change, isNew }: ArticleFormProps) {
  const { t } = useTranslation()
  const isOurs = draft.handledBy.trim() === ''
  const perLine = t('papers.edit.perLine')
  const before: readonly Field[] = [
    { name: 'title', label: t('papers.edit.paperTitle'), shape: 'line', width: 'half', required: true },
    { name: 'domain', label: t('papers.edit.domain'), shape: 'line', width: 'half', required: true },
    { name: 'problem', label: t('papers.edit.problem'), shape: 'lines', width: 'half' },
    { name: 'asked', label: t('papers.edit.asked'), shape: 'lines', width: 'half', hint: perLine },
  ]
  const after: readonly Field[] = [
    { name: 'formName', label: t('papers.edit.formName'), shape: 'line', width: 'half' },
    { name: 'formUrl', label: t('papers.edit.formUrl'), shape: 'url', width: 'half' },
    {
      name: 'handledBy',
      label: t('papers.edit.handledBy'),
      shape: 'line',
      width: 'wide',
      hint: t('papers.edit.handledByHint'),
    },
    { name: 'fee', label: t('papers.fee'), shape: 'line', width: 'half', required: isOurs },
    { name: 'term', label: t('papers.term'), shape: 'line', width: 'half', required: isOurs },
    { name: 'counter', label: t('papers.counter'), shape: 'line', width: 'half', required: isOurs },
    { name: 'hours', label: t('papers.hours'), shape: 'line', width: 'half', required: isOurs },
    { name: 'basis', label: t('papers.basis'), shape: 'lines', width: 'half', hint: perLine },
    { name: 'sourceUrl', label: t('papers.edit.sourceUrl'), shape: 'url', width: 'half', required: true },
    { name: 'validFrom', label: t('papers.edit.validFrom'), shape: 'day', width: 'quarter', required: true },
    { name: 'validTo', label: t('papers.edit.validTo'), shape: 'day', width: 'quarter' },
    { name: 'reviewedAt', label: t('papers.edit.reviewedAt'), shape: 'day', width: 'half', required: true },
  ]
  const own: Field = {
    name: 'id',
    label: t('papers.edit.id'),
    shape: 'line',
    width: 'half',
    required: true,
    hint: t('papers.edit.idHint'),
  }
  const shown = (fields: readonly Field[]): ReactNode =>
    fields.map((field) => (
      <OneField
        key={field.name}
        field={field}
        value={draft[field.name]}
        change={(value) => change({ [field.name]: value })}
      />
    ))
  return (
    <>
      {shown(isNew ? [own, ...before] : before)}
      <NeedFields needs={draft.needs} change={(needs) => change({ needs })} />
      {shown(after)}
    </>
  )
}

interface OneFieldProps {
  readonly field: Field
  readonly value: string
  readonly change: (value: string) => void
}

function OneField({ field, value, change }: OneFieldProps) {
  const { name, label, shape, width, required = false, hint } = field
  const common = {
    name,
    // The hint is part of the label: a line below it would misalign fields in one row.
    label: hint === undefined ? label : `${label} (${hint})`,
    value,
    required,
    className: width === 'quarter' ? '' : (styles[width] ?? ''),
  }
  switch (shape) {
    case 'line':
      return <TextInput {...common} onChange={(event) => change(event.currentTarget.value)} />
    case 'day':
      return <TextInput {...common} type="date" onChange={(event) => change(event.currentTarget.value)} />
    case 'url':
      return <TextInput {...common} type="url" onChange={(event) => change(event.currentTarget.value)} />
    case 'lines':
      return <Textarea {...common} rows={3} onChange={(event) => change(event.currentTarget.value)} />
  }
}
