import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { requestsPerMinute, scopes, tokenDaysMax, type ProgramTokenList } from '../../http/programs/wire.ts'
import { api } from '../shared/server/api.ts'
import { Notice } from '../shared/components/notice.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { useTitle } from '../shared/use-title.ts'
import { ProgramTable, scopeText } from '../shared/programs/program-table.tsx'
import { ProgramTabs } from './program-tabs.tsx'
import { useAccounts } from './use-accounts.ts'
import styles from './admin.module.css'

const programsQuery = queryOptions({
  queryKey: ['programs'],
  queryFn: async () => (await api<ProgramTokenList>('GET', '/programs')).items,
})

/** The tokens with which other programs use the API. */
export function ProgramsPage() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { data: tokens, error, refetch } = useQuery(programsQuery)
  useTitle(`${t('admin.programs.title')} · ${t('common.product')}`)
  if (tokens === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  const changed = () => queries.invalidateQueries(programsQuery)
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        <h1>{t('admin.programs.title')}</h1>
        <ProgramTabs />
      </div>
      <p className={styles['lead']}>{t('admin.programs.lead')}</p>
      <NewTokenForm made={changed} />
      <ProgramTable tokens={tokens} changed={changed} />
    </div>
  )
}

function NewTokenForm({ made }: { readonly made: () => Promise<void> }) {
  const { t } = useTranslation()
  const { data: accounts = [] } = useAccounts()
  const [program, setProgram] = useState('')
  const [account, setAccount] = useState('')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [days, setDays] = useState('365')
  const [perMinute, setPerMinute] = useState(String(requestsPerMinute.usual))
  const [problem, setProblem] = useState('')

  async function make(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    setProblem('')
    try {
      const body = { program, account, scopes: chosen, days: Number(days), perMinute: Number(perMinute) }
      await api('POST', '/programs', body)
      setProgram('')
      setChosen([])
      await made()
    } catch (refused) {
      setProblem(problemText(refused, t))
    }
  }
  return (
    <form
      className={`${styles['form']} ${styles['narrow']}`}
      onSubmit={(event) => void make(event)}
      data-new-program
    >
      <h2>{t('admin.programs.new')}</h2>
      <TextInput
        label={t('admin.programs.program')}
        value={program}
        onChange={(event) => setProgram(event.currentTarget.value)}
        maxLength={80}
        required
      />
      <NativeSelect
        label={t('admin.programs.inNameOf')}
        description={t('admin.programs.accountHint')}
        value={account}
        onChange={(event) => setAccount(event.currentTarget.value)}
        required
      >
        <option value="">–</option>
        {accounts.flatMap(({ id, name, closedAt }) =>
          closedAt === null
            ? [
                <option key={id} value={id}>
                  {name}
                </option>,
              ]
            : [],
        )}
      </NativeSelect>
      <Checkbox.Group label={t('admin.programs.scopes.title')} value={[...chosen]} onChange={setChosen}>
        {scopes.map((scope) => (
          <Checkbox key={scope} value={scope} label={scopeText(scope, t)} />
        ))}
      </Checkbox.Group>
      <TextInput
        label={t('admin.programs.days')}
        type="number"
        min={1}
        max={tokenDaysMax}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
        required
      />
      <TextInput
        label={t('admin.programs.perMinute')}
        description={t('admin.programs.perMinuteHint')}
        type="number"
        name="perMinute"
        min={requestsPerMinute.fewest}
        max={requestsPerMinute.most}
        value={perMinute}
        onChange={(event) => setPerMinute(event.currentTarget.value)}
        required
      />
      <p className={styles['problem']} role="alert">
        {problem}
      </p>
      <Button type="submit" disabled={chosen.length === 0}>
        {t('admin.programs.make')}
      </Button>
    </form>
  )
}
