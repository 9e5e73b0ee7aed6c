import { Button } from '@mantine/core'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProgramSecret, ProgramTokenItem, ProgramTokenList } from '../../http/programs/wire.ts'
import { ProgramTable, scopeText } from '../shared/programs/program-table.tsx'
import { api } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { shortDateTime } from '../shared/time/time.ts'
import { secretNoted, secretShown, useHeldUntilNoted } from '../shared/unsaved/shown-once.ts'
import styles from './my-account.module.css'

export const myProgramsQuery = queryOptions({
  queryKey: ['my-programs'],
  queryFn: async () => (await api<ProgramTokenList>('GET', '/me/programs')).items,
})

/** Programs that ask in the own name, once the person has accepted it. Nothing without any. */
export function ProgramsSection() {
  const { t } = useTranslation()
  const { data: tokens = [], dataUpdatedAt, refetch } = useQuery(myProgramsQuery)
  const [secret, setSecret] = useState<string | null>(null)
  const [problem, setProblem] = useState('')
  async function accept(id: number): Promise<void> {
    setProblem('')
    try {
      setSecret((await api<ProgramSecret>('POST', `/me/programs/${id}/acceptance`)).token)
      await refetch()
    } catch (refused) {
      setProblem(problemText(refused, t))
    }
  }
  if (tokens.length === 0) return null
  const waiting = tokens.filter(
    ({ acceptedAt, endedAt, expiresAt }) =>
      acceptedAt === null && endedAt === null && Date.parse(expiresAt) > dataUpdatedAt,
  )
  return (
    <section className={styles['section']} aria-labelledby="programs" data-section="programs">
      <h2 id="programs">{t('admin.programs.mine')}</h2>
      <p className={styles['quiet']}>{t('admin.programs.mineLead')}</p>
      <p role="alert">{problem}</p>
      {secret !== null && <Secret token={secret} noted={() => setSecret(null)} />}
      {secret === null &&
        waiting.map((token) => <Waiting key={token.id} token={token} accept={() => void accept(token.id)} />)}
      <ProgramTable tokens={tokens} changed={refetch} own />
    </section>
  )
}

interface WaitingProps {
  readonly token: ProgramTokenItem
  readonly accept: () => void
}

/** Before the person accepts, they read in whose name, by whom and for what the program asks. */
function Waiting({ token, accept }: WaitingProps) {
  const { t, i18n } = useTranslation()
  const { program, madeBy, madeAt, expiresAt, scopes } = token
  return (
    <div data-waiting-program={token.id}>
      <p>
        {t('admin.programs.asks', {
          program,
          by: madeBy,
          at: shortDateTime(madeAt, i18n.language),
          until: shortDateTime(expiresAt, i18n.language),
        })}
      </p>
      <ul>
        {scopes.map((scope) => (
          <li key={scope}>{scopeText(scope, t)}</li>
        ))}
      </ul>
      <Button data-accept onClick={accept}>
        {t('admin.programs.accept')}
      </Button>
    </div>
  )
}

interface SecretProps {
  readonly token: string
  readonly noted: () => void
}

function Secret({ token, noted }: SecretProps) {
  const { t } = useTranslation()
  const panel = useRef<HTMLDivElement>(null)
  const held = useHeldUntilNoted(panel)
  useEffect(() => {
    secretShown()
    return secretNoted
  }, [])
  return (
    <div data-made-token ref={panel}>
      <h3>{t('admin.programs.made')}</h3>
      <output>
        <code data-token>{token}</code>
      </output>
      <p className={styles['quiet']}>{t('admin.programs.once')}</p>
      <Button onClick={noted}>{t('admin.programs.noted')}</Button>
      <p role="alert">{held > 0 && t('common.unsaved.codeFirst')}</p>
    </div>
  )
}
