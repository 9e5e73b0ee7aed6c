import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { completeList } from '../../../core/complete-list.ts'
import type { WrapUpForm, WrapUpVersion } from '../../../http/calls/wire.ts'
import { Choice } from './choice.tsx'
import { CodeField } from './code-field.tsx'
import styles from './script-zone.module.css'

const reasons = completeList<NonNullable<WrapUpForm['reason']>>()([
  'prank',
  'wrong number',
  'silence',
  'other',
])
type Resolution = Exclude<WrapUpForm['resolution'], 'unstated'>
const resolutions = completeList<Resolution>()(['on the spot', 'registered', 'redirected', 'none'])

interface WrapUpFieldsProps {
  readonly form: WrapUpForm
  readonly change: (part: Partial<WrapUpForm>) => void
  readonly proposed?: Resolution | null
  /** The call's; null: none, or not known yet. */
  readonly queue: string | null
  /** The form as it is on record; null: none. */
  readonly kept: WrapUpVersion | null
}

/** The fields of the wrap-up form: code, subject, justified or why not, resolution. */
export function WrapUpFields({ form, change, proposed = null, queue, kept }: WrapUpFieldsProps) {
  const { t } = useTranslation()
  return (
    <>
      <CodeField
        value={form.code ?? null}
        queue={queue}
        kept={kept?.code ?? null}
        choose={(code) => change({ code })}
      />
      <TextInput
        classNames={{ root: styles['subject'], label: styles['label'], input: styles['line'] }}
        label={t('desk.wrapUp.subject')}
        placeholder={t('desk.wrapUp.subjectHint')}
        value={form.subject}
        maxLength={200}
        onChange={(event) => change({ subject: event.currentTarget.value })}
        data-subject
      />
      <Choice
        shape="row"
        label={t('desk.wrapUp.motivated')}
        value={form.motivated}
        options={[
          { value: 'yes', label: t('desk.wrapUp.yes') },
          { value: 'no', label: t('desk.wrapUp.no') },
        ]}
        choose={(motivated) => change({ motivated, reason: motivated === 'no' ? form.reason : null })}
      />
      <Choice
        shape="grid"
        // The row is always present: what follows must not move under the pointer.
        away={form.motivated !== 'no'}
        label={t('desk.wrapUp.why')}
        value={form.reason}
        options={reasons.map((value) => ({ value, label: t(`desk.wrapUp.reasons.${value}`) }))}
        choose={(reason) => change({ reason })}
      />
      <Choice
        shape="grid"
        label={t('desk.wrapUp.resolution')}
        value={form.resolution}
        proposed={proposed}
        options={resolutions.map((value) => ({ value, label: t(`desk.wrapUp.resolutions.${value}`) }))}
        choose={(resolution) => change({ resolution })}
      />
    </>
  )
}
