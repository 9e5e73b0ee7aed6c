import { CloseButton, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/icon.tsx'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'

interface SearchFieldProps {
  readonly value: string
  readonly change: (value: string) => void
}

/** The one search field. Escape gives the list of the call back. */
export function SearchField({ value, change }: SearchFieldProps) {
  const { t } = useTranslation()
  const key = useKey('search')
  return (
    <TextInput
      type="search"
      data-search
      w={300}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && change('')}
      aria-label={t('desk.caller.search')}
      aria-keyshortcuts={ariaChord(key)}
      placeholder={`${t('desk.caller.search')} (${key})`}
      leftSection={<Icon name="search" size={16} />}
      rightSection={
        value === '' ? null : (
          <CloseButton size="sm" aria-label={t('desk.caller.clear')} onClick={() => change('')} />
        )
      }
      maxLength={40}
    />
  )
}
