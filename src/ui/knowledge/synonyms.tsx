import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Synonym } from '../../http/knowledge/wire.ts'
import { api } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { useKept } from '../shared/unsaved/use-kept.ts'
import styles from './knowledge.module.css'

interface SynonymsProps {
  /** The word to begin with: a search that found nothing. */
  readonly word: string
}

/** Words that citizens use for terms of the articles. */
export function Synonyms({ word: first }: SynonymsProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data } = useQuery({
    queryKey: ['papers', 'synonyms'],
    queryFn: async () => (await api<{ items: Synonym[] }>('GET', '/papers/synonyms')).items,
  })
  const kept = useKept<Synonym>({
    name: first === '' ? 'synonym' : `synonym of ${first}`,
    basis: '',
    initial: { word: first, means: '' },
    accept: acceptSynonym,
    where: 'computer',
  })
  const meaning = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // The word is there already: its meaning is next.
    if (first !== '') meaning.current?.focus()
  }, [first])
  const set = useMutation({
    mutationFn: (synonym: Synonym) => api('PUT', '/papers/synonyms', synonym),
    onSuccess: () => client.invalidateQueries({ queryKey: ['papers'] }),
  })
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const { word, means } = kept.value
    set.mutate({ word: word.trim(), means: means.trim() }, { onSuccess: kept.sent })
  }
  return (
    <>
      <p className={styles['quiet']}>{t('papers.page.synonymsLead')}</p>
      <form className={styles['bar']} onSubmit={submit}>
        <TextInput
          name="word"
          label={t('papers.page.word')}
          value={kept.value.word}
          onChange={(event) => kept.change({ ...kept.value, word: event.currentTarget.value })}
          required
          withAsterisk
          minLength={2}
          maxLength={60}
        />
        <TextInput
          name="means"
          label={t('papers.page.means')}
          maxLength={200}
          w={360}
          value={kept.value.means}
          onChange={(event) => kept.change({ ...kept.value, means: event.currentTarget.value })}
          ref={meaning}
        />
        <Button type="submit" disabled={set.isPending} mt="auto" data-action="set-synonym">
          {t('papers.page.set')}
        </Button>
      </form>
      <p className={styles['problem']} role="alert">
        {set.error === null ? '' : problemText(set.error, t)}
      </p>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('papers.page.word')}</th>
            <th scope="col">{t('papers.page.means')}</th>
          </tr>
        </thead>
        <tbody>
          {(data ?? []).map(({ word, means }) => (
            <tr key={word}>
              <td>{word}</td>
              <td>{means}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function acceptSynonym(stored: unknown): Synonym | null {
  if (typeof stored !== 'object' || stored === null) return null
  const { word, means } = stored as Record<string, unknown>
  return typeof word === 'string' && typeof means === 'string' ? { word, means } : null
}
