import { Select, type SelectProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isFoundBy, shortNames, type CodeOption } from '../shared/server/wrap-up-codes.ts'

interface CodeSelectProps extends Pick<SelectProps, 'placeholder' | 'classNames' | 'w' | 'name'> {
  readonly codes: readonly CodeOption[]
  readonly value: string | null
  readonly choose: (code: string | null) => void
}

/** A code, found by the words of its path. Enter takes the marked one; an emptied field is none. */
export function CodeSelect({ codes, value, choose, ...shown }: CodeSelectProps) {
  const { t } = useTranslation()
  const paths = new Map(codes.map((code) => [code.value, code.path]))
  return (
    <Select
      label={t('desk.wrapUp.code')}
      {...shown}
      data={Array.from(shortNames(codes), ([id, label]) => ({ value: id, label }))}
      renderOption={({ option }) => paths.get(option.value)}
      title={value === null ? undefined : paths.get(value)}
      value={value}
      onChange={choose}
      // Otherwise the field would show the code again that has just been erased.
      onInput={(event) => {
        if (event.currentTarget.value === '') choose(null)
      }}
      searchable
      clearable
      allowDeselect={false}
      openOnFocus={false}
      selectFirstOptionOnChange
      filter={({ options, search }) =>
        options.filter((option) => 'value' in option && isFoundBy(search, paths.get(option.value) ?? ''))
      }
      nothingFoundMessage={t('desk.wrapUp.noSuchCode')}
      maxDropdownHeight={240}
      spellCheck={false}
      comboboxProps={{ portalProps: { target: '#work' }, transitionProps: { duration: 0 } }}
      data-code
    />
  )
}
