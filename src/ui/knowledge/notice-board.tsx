import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { useNow } from '../shared/time/now.ts'
import { longDay, today } from '../shared/time/time.ts'
import { useNotices } from './use-notices.ts'
import styles from './knowledge.module.css'

/** The notices for the agents, for today and for the days to come. */
export function NoticeBoard() {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const { data: notices = [] } = useNotices(true)
  const change = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['notices'] }),
  })
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const body = Object.fromEntries(new FormData(form))
    change.mutate(() => api('POST', '/notices', body), { onSuccess: () => form.reset() })
  }
  const day = today(useNow())
  return (
    <>
      <form className={styles['bar']} onSubmit={submit} data-notice-form>
        <TextInput name="text" label={t('papers.notices.text')} required maxLength={500} w={520} />
        <TextInput name="from" type="date" label={t('papers.notices.from')} required defaultValue={day} />
        <TextInput name="to" type="date" label={t('papers.notices.to')} required defaultValue={day} />
        <Button type="submit" disabled={change.isPending} mt="auto" data-action="add-notice">
          {t('papers.notices.add')}
        </Button>
      </form>
      <p className={styles['problem']} role="alert">
        {change.error === null ? '' : problemText(change.error, t)}
      </p>
      {notices.length === 0 && <p className={styles['quiet']}>{t('papers.notices.none')}</p>}
      <ul className={styles['versions']}>
        {notices.map(({ id, text, by, from, to }) => (
          <li key={id} data-notice={id}>
            <strong>{text}</strong>
            <span>
              {longDay(from, i18n.language)} – {longDay(to, i18n.language)}, {by}
            </span>
            <div>
              <Button
                variant="default"
                size="compact-sm"
                disabled={change.isPending}
                aria-label={t('papers.notices.endOne', { text })}
                onClick={() => change.mutate(() => api('DELETE', `/notices/${id}`))}
              >
                {t('papers.notices.end')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}
