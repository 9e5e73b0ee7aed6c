import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import script from '../script/script-zone.module.css'
import type { ScriptProps } from '../work/script-props.ts'
import { shownArticle } from './shown-article.ts'

/** The paper on the desk, as it is read to the caller: one breath a paragraph. */
export function KnowledgeScript({ callId, otherwise }: ScriptProps) {
  const { t } = useTranslation()
  const article = useStore(shownArticle, (shown) => (shown?.callId === callId ? shown.article : null))
  if (article === null) return otherwise
  return (
    // Romanian whatever the screen's language: it is what the citizen hears.
    <div lang="ro" data-aloud={article.id}>
      {article.standing === 'over' && <p lang={t('papers.lang')}>{t('papers.overSaid')}</p>}
      {article.say.map((sentence) => (
        <p key={sentence} className={script['aloud']}>
          {sentence}
        </p>
      ))}
    </div>
  )
}
