import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { expectedMinutesBounds, type PauseSetting } from '../../../../core/configuration/schema.ts'
import { BoundedNumber } from '../bounded-number.tsx'
import type { Faults } from '../faults.ts'
import { NameFields } from '../name-fields.tsx'
import { RaiseButton } from '../raise-button.tsx'
import styles from '../configuration.module.css'

interface PauseFormProps {
  readonly pause: PauseSetting
  readonly at: string
  readonly faults: Faults
  /** It has just been added. */
  readonly isNew: boolean
  readonly isFirst: boolean
  readonly change: (pause: PauseSetting) => void
  /** Before the one above it. */
  readonly raise: () => void
  readonly remove: () => void
}

export function PauseForm({ pause, at, faults, isNew, isFirst, change, raise, remove }: PauseFormProps) {
  const { t } = useTranslation()
  const { nameEn = '', ...withoutEnglish } = pause
  const { expectedMinutes, ...withoutBound } = pause
  return (
    <div className={styles['form']}>
      <NameFields
        list="pauses"
        name={pause.name}
        nameEn={nameEn}
        maxLength={40}
        at={at}
        faults={faults}
        isNew={isNew}
        changeName={(name) => change({ ...pause, name })}
        changeNameEn={(value) => change(value === '' ? withoutEnglish : { ...pause, nameEn: value })}
      />
      <BoundedNumber
        field="expectedMinutes"
        label={t('configuration.fields.expectedMinutes')}
        description={t('configuration.hint.expectedMinutes')}
        value={expectedMinutes}
        bounds={expectedMinutesBounds}
        change={(minutes) => change({ ...pause, expectedMinutes: minutes })}
        clear={() => change(withoutBound)}
      />
      <RaiseButton isFirst={isFirst} raise={raise} action="raise" />
      <Button variant="default" onClick={remove} data-action="remove">
        {t('configuration.remove.pauses')}
      </Button>
    </div>
  )
}
