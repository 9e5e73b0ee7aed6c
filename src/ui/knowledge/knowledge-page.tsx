import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate, useSearch } from 'wouter/use-browser-location'
import { isEditor, isSupervisor, useMe } from '../shared/server/me.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { useTitle } from '../shared/use-title.ts'
import { CallerNotices } from '../supervisor/caller-notices/caller-notices.tsx'
import { DraftTable } from './drafts/draft-table.tsx'
import { useDrafts } from './drafts/use-drafts.ts'
import { FoundTable } from './found-table.tsx'
import { MissedSearches } from './upkeep/missed-searches.tsx'
import { NoticeBoard } from './notice-board.tsx'
import { RetiredTable } from './upkeep/retired-table.tsx'
import { StaleTable } from './stale-table.tsx'
import { Synonyms } from './synonyms.tsx'
import { searchMax, useFoundArticles } from './use-articles.ts'
import styles from './knowledge.module.css'

const foundMax = 50
const shownNames = ['find', 'drafts', 'due', 'misses', 'words', 'notices'] as const
type Shown = (typeof shownNames)[number]
const ofEditors: readonly Shown[] = ['drafts', 'misses', 'words']

/** All articles, with the same search as on the desk; editors also see the overdue reviews and the synonyms. */
export function KnowledgePage() {
  const { t } = useTranslation()
  const me = useMe()
  const [text, setText] = useState('')
  const asked = new URLSearchParams(useSearch()).get('shown')
  const [shown, setShown] = useState<Shown>(shownNames.find((name) => name === asked) ?? 'find')
  /** The word that the synonyms begin with. */
  const [word, setWord] = useState('')
  const { data: drafts = [] } = useDrafts(isEditor(me))
  const found = useFoundArticles(text, foundMax)
  useTitle(`${t('papers.page.title')} · ${t('common.product')}`)
  const may = shownNames.filter(
    (name) => name === 'find' || isEditor(me) || (!ofEditors.includes(name) && isSupervisor(me)),
  )
  return (
    <div className={styles['page']}>
      <h1 className={styles['title']}>{t('papers.page.title')}</h1>
      <div className={styles['bar']}>
        <TextInput
          type="search"
          w={360}
          maxLength={searchMax}
          aria-label={t('papers.search')}
          placeholder={t('papers.search')}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setShown('find')
          }}
          data-papers-search
        />
        {may.length > 1 && (
          <fieldset aria-label={t('papers.page.filter')} className={styles['choice']}>
            {may.map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={name === shown}
                onClick={() => {
                  setWord('')
                  setShown(name)
                }}
                data-shown={name}
              >
                {name === 'notices' ? t('papers.notices.tab') : t(`papers.page.${name}`)}
                {name === 'drafts' && drafts.length > 0 && ` (${drafts.length})`}
              </button>
            ))}
          </fieldset>
        )}
        {isEditor(me) && (
          <Button data-action="add" onClick={() => navigate('/papers/new/edit')}>
            {t('papers.page.add')}
          </Button>
        )}
      </div>
      {shown === 'find' && found.error !== null && (
        <p className={styles['problem']} role="alert">
          {problemText(found.error, t)}
        </p>
      )}
      {shown === 'find' && (
        <FoundTable articles={found.data?.items ?? []} searched={found.data?.asked !== ''} />
      )}
      {shown === 'drafts' && <DraftTable />}
      {shown === 'due' && <StaleTable />}
      {shown === 'due' && isEditor(me) && <RetiredTable />}
      {shown === 'misses' && (
        <MissedSearches
          addSynonym={(query) => {
            setWord(query)
            setShown('words')
          }}
        />
      )}
      {shown === 'words' && <Synonyms word={word} />}
      {shown === 'notices' && <NoticeBoard />}
      {shown === 'notices' && isSupervisor(me) && <CallerNotices />}
    </div>
  )
}
