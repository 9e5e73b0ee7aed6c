import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export type TriedVersion = 'draft' | 'in force'

interface TriedVersionChoiceProps {
  readonly value: TriedVersion
  readonly change: (value: TriedVersion) => void
}

/** Under what something is tried: the draft, or the version in force. */
export function TriedVersionChoice({ value, change }: TriedVersionChoiceProps) {
  const { t } = useTranslation()
  return (
    <SegmentedControl
      transitionDuration={0}
      value={value}
      onChange={(chosen) => change(chosen === 'draft' ? 'draft' : 'in force')}
      data={[
        { value: 'draft', label: t('configuration.try.draft') },
        { value: 'in force', label: t('configuration.try.inForce') },
      ]}
      aria-label={t('configuration.try.which')}
      data-field="which"
    />
  )
}
