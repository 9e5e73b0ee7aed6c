import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Synonym } from '../../http/knowledge/wire.ts'
import { api } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
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
  const set = useMutation({
    mutationFn: (synonym: Synonym) => api('PUT', '/papers/synonyms', synonym),
    onSuccess: () => client.invalidateQueries({ queryKey: ['papers'] }),
  })
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const [word, means] = ['word', 'means'].map((name) => textOf(given.get(name)))
    set.mutate({ word: word ?? '', means: means ?? '' }, { onSuccess: () => form.reset() })
  }
  return (
    <>
      <p className={styles['quiet']}>{t('papers.page.synonymsLead')}</p>
      <form className={styles['bar']} onSubmit={submit}>
        <TextInput
          name="word"
          label={t('papers.page.word')}
          defaultValue={first}
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
          ref={(field) => {
            // The word is there already: its meaning is next.
            if (first !== '') field?.focus()
          }}
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

const textOf = (value: FormDataEntryValue | null): string => (typeof value === 'string' ? value.trim() : '')
