import { Button, MultiSelect, NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { codePath, codesInOrder } from '../../../../core/configuration/codes.ts'
import type { Configuration, WrapUpCodeSetting } from '../../../../core/configuration/schema.ts'
import type { Faults } from '../faults.ts'
import { optionsOf } from '../options.ts'
import { possibleParents } from './code-tree.ts'
import { NameFields } from '../name-fields.tsx'
import { RaiseButton } from '../raise-button.tsx'
import styles from '../configuration.module.css'

interface CodeFormProps {
  readonly code: WrapUpCodeSetting
  readonly document: Configuration
  readonly at: string
  readonly faults: Faults
  /** It has just been added. */
  readonly isNew: boolean
  /** Of those that are under the same code. */
  readonly isFirst: boolean
  readonly change: (code: WrapUpCodeSetting) => void
  /** Before the one above it. */
  readonly raise: () => void
  readonly remove: () => void
}

export function CodeForm(props: CodeFormProps) {
  const { code, document, at, faults, isNew, isFirst, change, raise, remove } = props
  const { t } = useTranslation()
  const { codes = [], queues } = document
  const { nameEn = '', ...withoutEnglish } = code
  const { under = '', ...onFirstLevel } = code
  const { queues: own = [], ...ofEveryQueue } = code
  const parents = codesInOrder(codes).filter(
    (one) => one.id === under || possibleParents(codes, code.id).includes(one),
  )
  const nameless = t('configuration.nameless')
  const wrongQueue = own
    .map((_, index) => faults.of(`${at}.queues[${index}]`))
    .find((sentence) => sentence !== null)
  return (
    <div className={styles['form']}>
      <NameFields
        list="codes"
        name={code.name}
        nameEn={nameEn}
        maxLength={60}
        at={at}
        faults={faults}
        isNew={isNew}
        changeName={(name) => change({ ...code, name })}
        changeNameEn={(value) => change(value === '' ? withoutEnglish : { ...code, nameEn: value })}
      />
      <NativeSelect
        label={t('configuration.fields.under')}
        description={t('configuration.hint.under')}
        value={under}
        error={faults.of(`${at}.under`)}
        data={[
          { value: '', label: t('configuration.codes.firstLevel') },
          ...optionsOf(
            parents.map(({ id }) => ({ id, name: codePath(codes, id) })),
            under === '' ? undefined : under,
            nameless,
          ),
        ]}
        onChange={(event) => {
          const { value } = event.currentTarget
          change(value === '' ? onFirstLevel : { ...code, under: value })
        }}
        data-field="under"
      />
      <MultiSelect
        label={t('configuration.fields.queues')}
        description={t('configuration.hint.codeQueues')}
        placeholder={own.length === 0 ? t('configuration.codes.everyQueue') : ''}
        value={[...own]}
        error={wrongQueue ?? null}
        data={queues.map(({ id, name }) => ({ value: id, label: name.trim() === '' ? nameless : name }))}
        onChange={(chosen) => change(chosen.length === 0 ? ofEveryQueue : { ...code, queues: chosen })}
        comboboxProps={{ portalProps: { target: '#work' }, transitionProps: { duration: 0 } }}
        data-field="queues"
      />
      <RaiseButton isFirst={isFirst} raise={raise} action="raise" />
      <Button variant="default" onClick={remove} data-action="remove">
        {t('configuration.remove.codes')}
      </Button>
      {codes.some((one) => one.under === code.id) && (
        <p className={styles['quiet']}>{t('configuration.codes.goUp')}</p>
      )}
    </div>
  )
}
