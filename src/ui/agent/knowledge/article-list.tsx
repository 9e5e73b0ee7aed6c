import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { FoundArticle } from '../../../http/knowledge/wire.ts'
import { Icon } from '../../shared/components/icon.tsx'
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
      {rows.map(({ id, title, domain, handledBy, over, stale }) => (
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
              {handledBy === null ? domain : <Elsewhere by={handledBy} />}
              {over ? ` · ${t('papers.over')}` : stale ? ` · ${t('papers.stale')}` : ''}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** The institution that handles the matter instead of the city, seen before the article is opened. */
function Elsewhere({ by }: { readonly by: string }) {
  const { t } = useTranslation()
  return (
    <span className={styles['elsewhere']} data-elsewhere>
      <Icon name="elsewhere" size={14} />
      {t('papers.elsewhere')} → {by}
    </span>
  )
}
