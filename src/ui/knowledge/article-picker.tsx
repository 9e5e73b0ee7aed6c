import { MultiSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { searchMax, useFoundArticles } from './use-articles.ts'

export interface PickedArticle {
  readonly id: string
  readonly title: string
}

interface ArticlePickerProps {
  readonly label: string
  readonly value: readonly PickedArticle[]
  readonly change: (articles: readonly PickedArticle[]) => void
  readonly w: number
}

const offered = 8
/** Several articles, found by the search of the knowledge base. */
export function ArticlePicker({ label, value, change, w }: ArticlePickerProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const found = useFoundArticles(text, offered)
  // Results of what was typed before must not be picked for what is typed now.
  const isSettled = found.data !== undefined && (text.trim().length < 2 || found.data.asked === text.trim())
  const known = new Map(
    [...value, ...(isSettled ? found.data.items : [])].map(({ id, title }) => [id, { id, title }] as const),
  )
  return (
    <MultiSelect
      label={label}
      placeholder={value.length === 0 ? t('papers.notices.none named') : ''}
      data={[...known.values()].map(({ id, title }) => ({ value: id, label: title }))}
      value={value.map(({ id }) => id)}
      onChange={(ids) => change(ids.flatMap((id) => known.get(id) ?? []))}
      searchable
      searchValue={text}
      onSearchChange={(typed) => setText(typed.slice(0, searchMax))}
      // The server has searched: phrases and synonyms match titles that do not have the typed words.
      filter={({ options }) => options}
      nothingFoundMessage={isSettled ? t('papers.notices.noArticle') : t('common.loading')}
      hidePickedOptions
      maxValues={20}
      comboboxProps={{ portalProps: { target: '#work' }, transitionProps: { duration: 0 } }}
      w={w}
      data-notice-articles
    />
  )
}
