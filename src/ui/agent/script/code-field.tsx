import { useTranslation } from 'react-i18next'
import type { WrapUpVersion } from '../../../http/calls/wire.ts'
import { CodeSelect } from '../../calls/code-select.tsx'
import { codeOptions, useWrapUpCodes } from '../../shared/server/wrap-up-codes.ts'
import styles from './script-zone.module.css'

interface CodeFieldProps {
  readonly value: string | null
  /** The call's; null: of every one. */
  readonly queue: string | null
  /** The code as it is on record. */
  readonly kept: WrapUpVersion['code']
  readonly choose: (code: string | null) => void
}

/** The call's subject by a code of the city; nothing where it has none. */
export function CodeField({ value, queue, kept, choose }: CodeFieldProps) {
  const { t } = useTranslation()
  const codes = useWrapUpCodes()
  const chosen = value === null ? null : { id: value, name: kept?.id === value ? kept.name : null }
  const options = codeOptions(codes, queue, chosen)
  if (options.length === 0) return null
  return (
    <CodeSelect
      codes={options}
      value={value}
      choose={choose}
      placeholder={t('desk.wrapUp.codeHint')}
      classNames={{
        root: styles['subject'] ?? '',
        label: styles['label'] ?? '',
        input: styles['line'] ?? '',
      }}
    />
  )
}
