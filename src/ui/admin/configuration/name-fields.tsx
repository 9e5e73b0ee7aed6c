import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFocus } from '../../shared/use-focus.ts'
import type { Faults } from './faults.ts'

interface NameFieldsProps {
  readonly list: 'queues' | 'codes' | 'pauses'
  readonly name: string
  /** Empty: none. */
  readonly nameEn: string
  readonly maxLength: number
  readonly at: string
  readonly faults: Faults
  /** It has just been added. */
  readonly isNew: boolean
  readonly changeName: (name: string) => void
  readonly changeNameEn: (nameEn: string) => void
}

const hints = { queues: 'queueName', codes: 'codeName', pauses: 'pauseName' } as const

/** The heading of an item that people choose or wait in, and its name in both languages. */
export function NameFields(props: NameFieldsProps) {
  const { list, name, nameEn, maxLength, at, faults, isNew, changeName, changeNameEn } = props
  const { t } = useTranslation()
  const first = useFocus<HTMLInputElement>(isNew)
  return (
    <>
      <h2>{name.trim() === '' ? t(`configuration.new.${list}`) : t(`configuration.of.${list}`, { name })}</h2>
      <TextInput
        label={t('configuration.fields.name')}
        description={t(`configuration.hint.${hints[list]}`)}
        value={name}
        error={faults.of(`${at}.name`) ?? faults.of(`${at}.id`)}
        autoComplete="off"
        maxLength={maxLength}
        ref={first}
        onChange={(event) => changeName(event.currentTarget.value)}
        data-field="name"
      />
      <TextInput
        label={t('configuration.fields.nameEn')}
        description={t('configuration.hint.nameEn')}
        value={nameEn}
        autoComplete="off"
        maxLength={maxLength}
        onChange={(event) => changeNameEn(event.currentTarget.value)}
        data-field="nameEn"
      />
    </>
  )
}
