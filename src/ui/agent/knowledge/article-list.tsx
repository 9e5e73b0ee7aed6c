import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FoundArticle } from '../../../http/knowledge/wire.ts'
import styles from './knowledge-pane.module.css'
import halves from '../work/halves.module.css'

interface ArticleListProps {
  readonly rows: readonly FoundArticle[]
  readonly chosen: string | null
  readonly choose: (id: string) => void
  readonly walk: (event: KeyboardEvent<HTMLElement>) => void
}

export function ArticleList({ rows, chosen, choose, walk }: ArticleListProps) {
  const { t } = useTranslation()
  return (
    <ul className={halves['list']} data-columns="one">
      {rows.map(({ id, title, domain, over, stale }) => (
        <li key={id}>
          <button
            type="button"
            data-paper={id}
            aria-pressed={id === chosen}
            onClick={() => choose(id)}
            onKeyDown={walk}
          >
            <span className={styles['title']}>{title}</span>
            <span className={styles['domain']}>
              {domain}
              {over ? ` · ${t('papers.over')}` : stale ? ` · ${t('papers.stale')}` : ''}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
