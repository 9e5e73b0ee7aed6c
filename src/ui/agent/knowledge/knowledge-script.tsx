import { useTranslation } from 'react-i18next'
import { NoticesOf } from '../../knowledge/notices-of.tsx'
import { useStore } from '../../shared/store.ts'
import { Said } from '../script/said.tsx'
import type { ScriptProps } from '../work/script-props.ts'
import { shownArticle } from './shown-article.ts'

/** The open article as it is read to the caller, one sentence for each paragraph. */
export function KnowledgeScript({ callId, otherwise }: ScriptProps) {
  const { t } = useTranslation()
  const article = useStore(shownArticle, (shown) => (shown?.callId === callId ? shown.article : null))
  if (article === null) return otherwise
  return (
    <div data-aloud={article.id}>
      {(article.standing === 'over' || article.retired !== null) && <p>{t('papers.overSaid')}</p>}
      <NoticesOf article={article.id} />
      <Said thing={`${callId} ${article.id}@${article.version}`} sentences={article.say} />
    </div>
  )
}
