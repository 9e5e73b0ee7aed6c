import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProgramTokenItem } from '../../../http/programs/wire.ts'
import { ConfirmButton } from '../components/confirm-button.tsx'
import { api } from '../server/api.ts'
import { problemText } from '../server/problem-text.ts'
import { shortDateTime } from '../time/time.ts'
import styles from './program-table.module.css'

type Scope = ProgramTokenItem['scopes'][number]

/** In i18next a colon in a key would be a namespace. */
const scopeKeys = {
  'calls:read': 'callsRead',
  'calls:command': 'callsCommand',
  'live:read': 'liveRead',
  'requests:read': 'requestsRead',
  'voicemails:read': 'voicemailsRead',
  'voicemails:command': 'voicemailsCommand',
  'configuration:read': 'configurationRead',
} as const satisfies Record<Scope, string>

export const scopeText = (scope: Scope, t: TFunction): string =>
  t(`admin.programs.scopes.${scopeKeys[scope]}`)

interface ProgramTableProps {
  readonly tokens: readonly ProgramTokenItem[]
  readonly changed: () => Promise<unknown>
  /** All are in the reader's own name. */
  readonly own?: boolean
}

export function ProgramTable({ tokens, changed, own = false }: ProgramTableProps) {
  const { t, i18n } = useTranslation()
  const [problem, setProblem] = useState('')
  async function end(id: number): Promise<void> {
    setProblem('')
    try {
      await api('DELETE', `/programs/${id}`)
      await changed()
    } catch (refused) {
      setProblem(problemText(refused, t))
    }
  }
  const at = (time: string | null) =>
    time === null ? t('admin.programs.never') : shortDateTime(time, i18n.language)
  return (
    <>
      <p className={styles['problem']} role="alert">
        {problem}
      </p>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('admin.programs.program')}</th>
            {!own && <th scope="col">{t('admin.programs.inNameOf')}</th>}
            <th scope="col">{t('admin.programs.scopes.title')}</th>
            <th scope="col">{t('admin.programs.perMinute')}</th>
            <th scope="col">{t('admin.programs.until')}</th>
            <th scope="col">{t('admin.programs.lastUsed')}</th>
            <th scope="col">{t('admin.programs.state')}</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id} data-program-token={token.id}>
              <td>{token.program}</td>
              {!own && <td>{token.account.name}</td>}
              <td>{token.scopes.map((scope) => scopeText(scope, t)).join(', ')}</td>
              <td className="tabular" data-rate>
                {token.perMinute}
                {token.refusedLastDay !== null && token.refusedLastDay > 0 && (
                  <small className={styles['refused']}>
                    {t('admin.programs.refused', { count: token.refusedLastDay })}
                  </small>
                )}
              </td>
              <td className="tabular">{at(token.expiresAt)}</td>
              <td className="tabular">{at(token.lastUsedAt)}</td>
              <td>
                {token.endedAt !== null && t('admin.programs.ended')}
                {token.endedAt === null && (
                  <>
                    {token.accountClosed && t('admin.programs.accountClosed')}
                    {token.acceptedAt === null && <span>{t('admin.programs.notAccepted')} </span>}
                    <ConfirmButton
                      label={t('admin.programs.end')}
                      question={t('admin.programs.endSure')}
                      yes={t('admin.programs.endYes')}
                      act={() => void end(token.id)}
                    />
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
