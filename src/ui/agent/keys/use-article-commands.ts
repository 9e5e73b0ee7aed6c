import { useTranslation } from 'react-i18next'
import { useRefreshConsulted, useFoundArticles } from '../../knowledge/use-articles.ts'
import { callIdOf } from '../desk-state.ts'
import { showArticle } from '../knowledge/shown-article.ts'
import { useDeskState } from '../use-desk.ts'
import { onDesk, openPane } from '../work/open-pane.ts'
import type { Command } from './use-commands.ts'

const offered = 4
/** Shorter texts search commands only. */
const lettersMin = 3

/** Articles found by the text typed in the palette; they open on the desk. */
export function useArticleCommands(text: string): readonly Command[] {
  const { t } = useTranslation()
  const callId = callIdOf(useDeskState())
  const refreshConsulted = useRefreshConsulted()
  const typed = text.trim()
  const asks = typed.length >= lettersMin
  const { data } = useFoundArticles(asks ? typed : '', offered, false)
  if (!asks || data?.asked !== typed) return []
  async function open(id: string): Promise<void> {
    openPane.set('papers')
    if ((await showArticle(id, callId, typed)) && callId !== null) refreshConsulted(callId)
  }
  return data.items.map(({ id, title }) => ({
    id: `paper-${id}`,
    label: t('keys.palette.paper', { title }),
    key: null,
    why: null,
    run: () => onDesk(() => void open(id)),
  }))
}
