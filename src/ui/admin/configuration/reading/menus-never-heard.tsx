import { useTranslation } from 'react-i18next'
import { menusNeverHeard } from '../../../../core/configuration/menus-never-heard.ts'
import type { AnswerAt, Configuration, NumberSetting } from '../../../../core/configuration/schema.ts'
import { nameIn } from '../change-words.ts'
import styles from '../configuration.module.css'

interface MenusNeverHeardProps {
  readonly document: Configuration
  /** Of these alone; absent: of all. */
  readonly numbers?: readonly NumberSetting[]
  /** The setting of the server. */
  readonly answer: AnswerAt
}

/** Menus of numbers that the server's settings let nobody hear. */
export function MenusNeverHeard({ document, numbers = document.numbers, answer }: MenusNeverHeardProps) {
  const { t } = useTranslation()
  const never = menusNeverHeard({ numbers: [...numbers] }, answer)
  if (never.length === 0) return null
  return (
    <ul className={styles['warned']} data-menus-never-heard={never.length}>
      {never.map(({ number, menu }, index) => (
        <li key={index}>
          {t('configuration.menu.neverHeard', {
            number: number === '' ? t('configuration.numberless') : number,
            menu: nameIn(document, 'menus', menu, t),
          })}
        </li>
      ))}
    </ul>
  )
}
