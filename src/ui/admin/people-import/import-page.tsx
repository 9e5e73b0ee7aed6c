import { Button, FileButton } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { CheckedPeople, ImportedPeople, PersonOfFile } from '../../../http/people-import/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { api } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useFocus } from '../../shared/use-focus.ts'
import { useRefreshAccounts } from '../use-accounts.ts'
import { CodesPage } from './codes-page.tsx'
import { showCodes, useImportedCodes } from './imported-codes.ts'
import { faultWords, textOf } from './people-file.ts'
import admin from '../admin.module.css'
import styles from './people-import.module.css'

interface ChosenFile {
  readonly name: string
  readonly csv: string
  readonly items: CheckedPeople['items']
}

/** A file of people: what its import would do, row by row; then their codes. */
export function ImportPage({ leave }: { readonly leave: () => void }) {
  const imported = useImportedCodes()
  return imported === null ? <FilePage leave={leave} /> : <CodesPage imported={imported} leave={leave} />
}

function FilePage({ leave }: { readonly leave: () => void }) {
  const { t } = useTranslation()
  const refreshAccounts = useRefreshAccounts()
  const check = useMutation({
    mutationFn: async (chosen: File): Promise<ChosenFile> => {
      const csv = textOf(await chosen.arrayBuffer())
      const { items } = await api<CheckedPeople>('POST', '/people-import/check', { csv })
      return { name: chosen.name, csv, items }
    },
  })
  const apply = useMutation({
    // The codes are not returned: the cache of mutations would hold them after they are kept.
    mutationFn: async (csv: string) => {
      showCodes(await api<ImportedPeople>('POST', '/people-import', { csv }))
      await refreshAccounts()
    },
  })
  const file = check.data ?? null
  const problem = check.error ?? apply.error
  const isBusy = check.isPending || apply.isPending
  const title = useFocus<HTMLHeadingElement>()
  const clearFile = useRef<() => void>(null)
  const counted = (state: PersonOfFile['state']): number =>
    file?.items.filter((one) => one.state === state).length ?? 0
  const [opens, wrong] = [counted('new'), counted('wrong')]
  const lacks = wrong > 0 ? t('peopleImport.lacksRight') : opens === 0 ? t('peopleImport.lacksNew') : null

  const choose = (chosen: File | null): void => {
    // The same file may be chosen again, once it is corrected.
    clearFile.current?.()
    if (chosen === null || isBusy) return
    apply.reset()
    check.mutate(chosen)
  }
  return (
    <div className={admin['halves']}>
      <div className={admin['list']}>
        <div className={admin['head']}>
          <h1 tabIndex={-1} ref={title}>
            {t('peopleImport.title')}
          </h1>
          <Button variant="default" onClick={leave} data-action="leave-import">
            {t('peopleImport.back')}
          </Button>
        </div>
        {file === null ? (
          <p className={admin['quiet']}>{t('peopleImport.nothing')}</p>
        ) : (
          <PeopleTable items={file.items} />
        )}
      </div>
      <aside className={admin['one']} aria-label={t('peopleImport.title')}>
        <div className={admin['form']}>
          <p className={admin['quiet']}>{t('peopleImport.lead')}</p>
          <p className={styles['example']}>{t('peopleImport.example')}</p>
          <FileButton onChange={choose} accept=".csv,text/csv" resetRef={clearFile}>
            {(props) => (
              <BusyButton variant="default" loading={isBusy} {...props} data-action="choose-file">
                {t(file === null ? 'peopleImport.choose' : 'peopleImport.other')}
              </BusyButton>
            )}
          </FileButton>
          <p className={admin['problem']} role="alert">
            {problem === null ? '' : problemText(problem, t)}
          </p>
          {file !== null && (
            <>
              <output data-opens={opens} data-wrong={wrong}>
                <strong>{t('peopleImport.file', { name: file.name })}</strong>
                <br />
                {wrong > 0
                  ? t('peopleImport.wrong', { count: wrong })
                  : t('peopleImport.new', { count: opens })}
              </output>
              <WhyNot reason={lacks}>
                <BusyButton
                  onClick={() => lacks === null && apply.mutate(file.csv)}
                  loading={isBusy}
                  {...unavailable(lacks !== null)}
                  data-action="import"
                >
                  {t('peopleImport.apply')}
                </BusyButton>
              </WhyNot>
            </>
          )}
        </div>
      </aside>
    </div>
  )
}

function PeopleTable({ items }: Pick<ChosenFile, 'items'>) {
  const { t } = useTranslation()
  return (
    <table className={admin['table']}>
      <thead>
        <tr>
          <th scope="col">{t('peopleImport.line')}</th>
          <th scope="col">{t('admin.accounts.username')}</th>
          <th scope="col">{t('admin.accounts.name')}</th>
          <th scope="col">{t('admin.accounts.roles')}</th>
          <th scope="col">{t('admin.accounts.employer')}</th>
          <th scope="col">{t('peopleImport.skills')}</th>
          <th scope="col">{t('peopleImport.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((row) => (
          <tr key={row.line} data-line={row.line} data-state={row.state}>
            <td>{row.line}</td>
            <td>{row.username}</td>
            <td>{row.name}</td>
            <td>{row.roles.map((role) => t(`common.roles.${role}`)).join(', ')}</td>
            <td>{row.employer}</td>
            <td>{skillWords(row, t('peopleImport.everyQueue'))}</td>
            <td>
              {row.state === 'wrong' ? (
                <ul className={styles['faults']}>
                  {row.faults.map((fault) => (
                    <li key={`${fault.column} ${fault.code} ${fault.value}`}>{faultWords(fault, t)}</li>
                  ))}
                </ul>
              ) : (
                t(`peopleImport.states.${row.state}`)
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function skillWords({ state, roles, skills }: PersonOfFile, everyQueue: string): string {
  if (state !== 'new' || !roles.includes('agent')) return '–'
  if (skills === null) return everyQueue
  return Object.entries(skills)
    .map(([skill, level]) => `${skill} ${level}`)
    .join(', ')
}
