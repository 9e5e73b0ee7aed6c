import { Button, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { expectedMinutesBounds, type PauseSetting } from '../../../../core/configuration/schema.ts'
import { unavailable } from '../../../shared/components/unavailable.ts'
import { useFocus } from '../../../shared/use-focus.ts'
import { BoundedNumber } from '../bounded-number.tsx'
import type { Faults } from '../faults.ts'
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
  const first = useFocus<HTMLInputElement>(isNew)
  const { nameEn = '', ...withoutEnglish } = pause
  const { expectedMinutes, ...withoutBound } = pause
  return (
    <div className={styles['form']}>
      <h2>
        {pause.name.trim() === ''
          ? t('configuration.new.pauses')
          : t('configuration.of.pauses', { name: pause.name })}
      </h2>
      <TextInput
        label={t('configuration.fields.name')}
        description={t('configuration.hint.pauseName')}
        value={pause.name}
        error={faults.of(`${at}.name`) ?? faults.of(`${at}.id`)}
        autoComplete="off"
        maxLength={40}
        ref={first}
        onChange={(event) => change({ ...pause, name: event.currentTarget.value })}
        data-field="name"
      />
      <TextInput
        label={t('configuration.fields.nameEn')}
        description={t('configuration.hint.nameEn')}
        value={nameEn}
        autoComplete="off"
        maxLength={40}
        onChange={(event) => {
          const { value } = event.currentTarget
          change(value === '' ? withoutEnglish : { ...pause, nameEn: value })
        }}
        data-field="nameEn"
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
      <Button
        variant="default"
        onClick={() => !isFirst && raise()}
        {...unavailable(isFirst)}
        title={isFirst ? t('configuration.pauses.isFirst') : undefined}
        data-action="raise"
      >
        {t('configuration.pauses.raise')}
      </Button>
      <Button variant="default" onClick={remove} data-action="remove">
        {t('configuration.remove.pauses')}
      </Button>
    </div>
  )
}
