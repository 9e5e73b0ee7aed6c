import { Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DateField } from '../shared/components/date-field.tsx'
import { isRequired, type Draft, type Fault, type Faults, type TextField } from './draft.ts'
import { NeedFields } from './need-fields.tsx'
import styles from './knowledge.module.css'

interface ArticleFormProps {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
  /** Shown at their fields. */
  readonly faults: Faults
  /** True for a new article, whose id is chosen here and never changes. */
  readonly isNew: boolean
}

type Shape = 'line' | 'lines' | 'day' | 'url'
interface Field {
  readonly name: TextField
  readonly label: string
  readonly shape: Shape
  readonly width: 'wide' | 'half' | 'quarter'
  readonly hint?: string
}

/** The fields are in the order of a conversation with a citizen, like the article itself. */
export function ArticleForm({ draft, change, faults, isNew }: ArticleFormProps) {
  const { t } = useTranslation()
  const perLine = t('papers.edit.perLine')
  const before: readonly Field[] = [
    { name: 'title', label: t('papers.edit.paperTitle'), shape: 'line', width: 'half' },
    { name: 'domain', label: t('papers.edit.domain'), shape: 'line', width: 'half' },
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
    { name: 'fee', label: t('papers.fee'), shape: 'line', width: 'half' },
    { name: 'term', label: t('papers.term'), shape: 'line', width: 'half' },
    { name: 'counter', label: t('papers.counter'), shape: 'line', width: 'half' },
    { name: 'hours', label: t('papers.hours'), shape: 'line', width: 'half' },
    { name: 'basis', label: t('papers.basis'), shape: 'lines', width: 'half', hint: perLine },
    { name: 'sourceUrl', label: t('papers.edit.sourceUrl'), shape: 'url', width: 'half' },
    { name: 'validFrom', label: t('papers.edit.validFrom'), shape: 'day', width: 'quarter' },
    { name: 'validTo', label: t('papers.edit.validTo'), shape: 'day', width: 'quarter' },
    { name: 'reviewedAt', label: t('papers.edit.reviewedAt'), shape: 'day', width: 'half' },
  ]
  const own: Field = {
    name: 'id',
    label: t('papers.edit.id'),
    shape: 'line',
    width: 'half',
    hint: t('papers.edit.idHint'),
  }
  const shown = (fields: readonly Field[]): ReactNode =>
    fields.map((field) => (
      <OneField
        key={field.name}
        field={field}
        value={draft[field.name]}
        fault={faults[field.name]}
        isRequired={isRequired(field.name, draft)}
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
  readonly fault: Fault | undefined
  readonly isRequired: boolean
  readonly change: (value: string) => void
}

const faultTexts = {
  missing: 'papers.edit.faults.missing',
  'not an address': 'papers.edit.faults.address',
  'before its beginning': 'papers.edit.faults.ends',
  'not a short name': 'papers.edit.faults.id',
  'no day': 'common.date.wrong',
} as const satisfies Record<Fault, string>

function OneField({ field, value, fault, isRequired: required, change }: OneFieldProps) {
  const { t } = useTranslation()
  const { name, label, shape, width, hint } = field
  const common = {
    name,
    // The hint is part of the label: a line below it would misalign fields in one row.
    label: hint === undefined ? label : `${label} (${hint})`,
    value,
    required,
    error: fault === undefined ? null : t(faultTexts[fault]),
  }
  const className = width === 'quarter' ? '' : (styles[width] ?? '')
  const typed = { ...common, className, withAsterisk: required }
  switch (shape) {
    case 'line':
      return <TextInput {...typed} onChange={(event) => change(event.currentTarget.value)} />
    case 'day':
      return (
        <div className={className}>
          <DateField {...common} change={change} withAsterisk={required} />
        </div>
      )
    case 'url':
      return <TextInput {...typed} inputMode="url" onChange={(event) => change(event.currentTarget.value)} />
    case 'lines':
      return <Textarea {...typed} rows={3} onChange={(event) => change(event.currentTarget.value)} />
  }
}
