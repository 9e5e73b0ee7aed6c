import { Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Configuration, NumberSetting } from '../../../core/configuration/schema.ts'
import { replaced } from './draft.ts'
import styles from './configuration.module.css'

interface NumberChoicesProps {
  readonly document: Configuration
  /** A menu, whose callers hear it first, or hours. */
  readonly of: 'menu' | 'hours'
  readonly id: string
  /** Either is a field of the number. */
  readonly change: (numbers: Configuration['numbers']) => void
}

const words = { menu: 'configuration.menu.heardBy', hours: 'configuration.hoursOf.title' } as const
const wordsOfOther = {
  menu: 'configuration.menu.hasOther',
  hours: 'configuration.hoursOf.hasOther',
} as const

/** The numbers that have a menu or hours: new ones act nowhere until a number has them. */
export function NumberChoices({ document, of, id, change }: NumberChoicesProps) {
  const { t } = useTranslation()
  const { numbers, menus = [], hours } = document
  const items = of === 'menu' ? menus : hours
  const labelOf = (number: NumberSetting): string => {
    const digits = number.number === '' ? t('configuration.numberless') : number.number
    const other = items.find((one) => one.id === number[of] && one.id !== id)
    return other === undefined ? digits : t(wordsOfOther[of], { number: digits, name: other.name })
  }
  return (
    <fieldset className={styles['numbers']}>
      <legend>{t(words[of])}</legend>
      {numbers.map((number, index) => (
        <Checkbox
          key={index}
          label={labelOf(number)}
          checked={number[of] === id}
          onChange={(event) => {
            const { [of]: _before, ...without } = number
            const isChosen = event.currentTarget.checked
            change(replaced(numbers, index, isChosen ? { ...without, [of]: id } : without))
          }}
          data-number={number.number}
        />
      ))}
    </fieldset>
  )
}
