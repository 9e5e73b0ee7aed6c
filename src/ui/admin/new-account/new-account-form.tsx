import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountWithCode, NewAccount as NewAccountBody } from '../../../http/accounts/wire.ts'
import { needsTwo } from '../../../http/wire.ts'
import { api } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useKept } from '../../shared/unsaved/use-kept.ts'
import { acceptFields, AccountFields, type Fields } from '../account-fields.tsx'
import { showCode } from '../issued-code.ts'
import { NoSecond } from '../no-second.tsx'
import { skillsQuery } from '../../supervisor/skills/use-skills.ts'
import { acceptSkills, levelsIn, type ChosenSkills } from './chosen-skills.ts'
import { SkillFields } from './skill-fields.tsx'
import { useRefreshAccounts } from '../use-accounts.ts'
import styles from '../admin.module.css'

interface NewAccount extends Fields {
  readonly username: string
  readonly skills: ChosenSkills
}

function acceptAccount(stored: unknown): NewAccount | null {
  const fields = acceptFields(stored)
  const { username, skills } = (stored ?? {}) as { username?: unknown; skills?: unknown }
  return fields !== null && typeof username === 'string'
    ? { ...fields, username, skills: acceptSkills(skills) }
    : null
}

interface NewAccountFormProps {
  /** Proposed. */
  readonly employer: string
  readonly opened: (employer: string) => void
}

/** Opens an account, of an agent with the skills, which its owner activates with the code that is shown then. */
export function NewAccountForm({ employer, opened }: NewAccountFormProps) {
  const { t } = useTranslation()
  const refreshAccounts = useRefreshAccounts()
  const form = useKept({
    name: 'new account',
    basis: '',
    initial: { username: '', name: '', employer, roles: ['agent'], skills: null },
    accept: acceptAccount,
    where: 'tab',
  })
  const { username, skills, ...fields } = form.value
  const { data: matrix } = useQuery(skillsQuery)
  const isAgent = fields.roles.includes('agent')
  const add = useMutation({
    // The code is not returned: the cache of mutations would hold it after it is noted.
    mutationFn: async (body: NewAccountBody) => {
      const added = await api<AccountWithCode>('POST', '/accounts', body)
      form.sent()
      opened(body.employer)
      showCode(added)
      await refreshAccounts()
    },
  })

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    add.mutate({
      ...fields,
      roles: [...fields.roles],
      username,
      // Without the skills of the city the server's own choice holds.
      ...(isAgent && matrix !== undefined && { skills: levelsIn(skills, matrix) }),
    })
  }

  return (
    <form className={styles['form']} onSubmit={submit} data-new-account>
      <h2>{t('admin.accounts.new')}</h2>
      <TextInput
        label={t('admin.accounts.username')}
        description={t('admin.accounts.usernameHint')}
        name="username"
        value={username}
        onChange={(event) => form.change({ ...form.value, username: event.currentTarget.value })}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={40}
        required
      />
      <AccountFields
        value={fields}
        change={(changed) => form.change({ ...changed, username, skills })}
        own={false}
      />
      {needsTwo(fields.roles) && <NoSecond username={username} />}
      {isAgent &&
        (matrix === undefined ? (
          <p className={styles['hint']}>{t('admin.accounts.agentServes')}</p>
        ) : (
          <SkillFields
            matrix={matrix}
            levels={levelsIn(skills, matrix)}
            change={(levels) => form.change({ ...form.value, skills: levels })}
          />
        ))}
      <p className={styles['problem']} role="alert">
        {add.error === null ? '' : problemText(add.error, t)}
      </p>
      <Button type="submit" disabled={add.isPending || fields.roles.length === 0}>
        {t('admin.accounts.create')}
      </Button>
    </form>
  )
}
