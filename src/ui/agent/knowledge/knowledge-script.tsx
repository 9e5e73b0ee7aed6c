import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import script from '../script/script-zone.module.css'
import type { ScriptProps } from '../work/script-props.ts'
import { shownArticle } from './shown-article.ts'

/** The open article as it is read to the caller, one sentence for each paragraph. */
export function KnowledgeScript({ callId, otherwise }: ScriptProps) {
  const { t } = useTranslation()
  const article = useStore(shownArticle, (shown) => (shown?.callId === callId ? shown.article : null))
  if (article === null) return otherwise
  return (
    // Romanian whatever the screen's language, because the citizen hears it.
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
