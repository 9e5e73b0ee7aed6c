import { useTranslation } from 'react-i18next'
import type { Configuration } from '../../../../core/configuration/schema.ts'
import { changeWords } from '../change-words.ts'
import type { List } from '../lists.ts'
import styles from '../configuration.module.css'

interface ItemWordsProps {
  readonly list: List
  readonly document: Configuration
  readonly index: number
}

/** One item in the words in which a review says that it is added. */
export function ItemWords({ list, document, index }: ItemWordsProps) {
  const { t, i18n } = useTranslation()
  const without = { ...document, [list]: (document[list] ?? []).toSpliced(index, 1) }
  const [item] = changeWords(without, document, t, i18n.language)
  if (item === undefined) return null
  return (
    <div className={styles['form']} data-read-item={item.at}>
      <h2>{item.what}</h2>
      <p>{item.after}</p>
    </div>
  )
}
