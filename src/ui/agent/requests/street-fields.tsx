import { Autocomplete, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RequestForm } from '../../../http/requests/wire.ts'
import { findStreets } from './find-streets.ts'
import { useCatalogue } from '../../requests/use-requests.ts'
import styles from '../../requests/requests.module.css'

type Address = RequestForm['place']

interface StreetFieldsProps {
  readonly label: string
  readonly address: Address
  readonly change: (address: Address) => void
  readonly name: string
  readonly error?: string | null
}

const offeredMax = 7

/** Street, number and further details. The register completes the street; unknown streets are accepted. */
export function StreetFields({ label, address, change, name, error = null }: StreetFieldsProps) {
  const { t } = useTranslation()
  const streets = useCatalogue()?.streets ?? []
  return (
    <div className={styles['row']} data-columns="street" data-address={name}>
      <Autocomplete
        label={label}
        placeholder={t('requests.streetHint')}
        data={findStreets(streets, address.street, offeredMax)}
        // `data` is already filtered and sorted.
        filter={({ options }) => options}
        value={address.street}
        onChange={(street) => change({ ...address, street })}
        maxLength={100}
        error={error}
        autoComplete="off"
        selectFirstOptionOnChange
        comboboxProps={{ portalProps: { target: '#work' }, transitionProps: { duration: 0 } }}
        data-street
      />
      <TextInput
        label={t('requests.houseNumber')}
        value={address.number}
        onChange={(event) => change({ ...address, number: event.currentTarget.value })}
        maxLength={20}
        autoComplete="off"
      />
      <TextInput
        label={t('requests.more')}
        placeholder={t('requests.moreHint')}
        value={address.more}
        onChange={(event) => change({ ...address, more: event.currentTarget.value })}
        maxLength={200}
        autoComplete="off"
      />
    </div>
  )
}
