import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportedPeople } from '../../../http/people-import/wire.ts'
import { saveFile } from '../../shared/server/download.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { useHeldUntilNoted } from '../../shared/unsaved/shown-once.ts'
import { useFocus } from '../../shared/use-focus.ts'
import { codesKept } from './imported-codes.ts'
import { codesCsv } from './people-file.ts'
import admin from '../admin.module.css'

interface CodesPageProps {
  readonly imported: ImportedPeople
  readonly leave: () => void
}

/** The codes of an import. They cannot be shown again, and stay until they are kept. */
export function CodesPage({ imported: { items, known }, leave }: CodesPageProps) {
  const { t, i18n } = useTranslation()
  const panel = useRef<HTMLDivElement>(null)
  const kept = useRef<HTMLButtonElement>(null)
  const held = useHeldUntilNoted(panel)
  const title = useFocus<HTMLHeadingElement>()
  useEffect(() => {
    if (held > 0) kept.current?.focus()
  }, [held])
  return (
    <div className={admin['halves']} ref={panel} data-imported={items.length}>
      <div className={admin['list']}>
        <div className={admin['head']}>
          <h1 tabIndex={-1} ref={title}>
            {t('peopleImport.codes')}
          </h1>
        </div>
        <table className={admin['table']}>
          <thead>
            <tr>
              <th scope="col">{t('admin.accounts.username')}</th>
              <th scope="col">{t('admin.accounts.name')}</th>
              <th scope="col">{t('peopleImport.code')}</th>
              <th scope="col">{t('peopleImport.until')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ username, name, code, expiresAt }) => (
              <tr key={username} data-code-of={username}>
                <td>{username}</td>
                <td>{name}</td>
                <td>
                  <code>{code}</code>
                </td>
                <td>{expiresAt === null ? '–' : shortDateTime(expiresAt, i18n.language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <aside className={admin['one']} aria-label={t('peopleImport.codes')}>
        <div className={admin['form']}>
          <p className={admin['quiet']}>{t('peopleImport.codesOnce')}</p>
          {known > 0 && <p className={admin['quiet']}>{t('peopleImport.known', { count: known })}</p>}
          <Button
            variant="default"
            onClick={() => saveFile(new Blob([codesCsv(items)], { type: 'text/csv' }), 'coduri.csv')}
            data-action="download-codes"
          >
            {t('peopleImport.download')}
          </Button>
          <p className={admin['held']} role="alert">
            {held > 0 && t('common.unsaved.codeFirst')}
          </p>
          <Button
            ref={kept}
            onClick={() => {
              codesKept()
              leave()
            }}
            data-action="codes-kept"
          >
            {t('peopleImport.noted')}
          </Button>
        </div>
      </aside>
    </div>
  )
}
