import { Checkbox, TextInput } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { roles, standsAlone, type Role } from '../../http/wire.ts'
import { useEmployers } from './use-accounts.ts'
import styles from './admin.module.css'

export interface Fields {
  readonly name: string
  readonly employer: string
  readonly roles: readonly Role[]
}

/** Null for values of another shape. */
export function acceptFields(stored: unknown): Fields | null {
  if (typeof stored !== 'object' || stored === null) return null
  const { name, employer, roles: given } = stored as Record<string, unknown>
  if (typeof name !== 'string' || typeof employer !== 'string' || !Array.isArray(given)) return null
  return { name, employer, roles: roles.filter((role) => given.includes(role)) }
}

interface AccountFieldsProps {
  readonly value: Fields
  readonly change: (value: Fields) => void
  /** The roles are read-only: the account is the administrator's own. */
  readonly own: boolean
}

/** The fields that every account has. Known employers are proposed, so that one firm keeps one spelling. */
export function AccountFields({ value, change, own }: AccountFieldsProps) {
  const { t } = useTranslation()
  const names = useId()
  const { data: employers = [] } = useEmployers()
  return (
    <>
      <TextInput
        label={t('admin.accounts.name')}
        name="name"
        value={value.name}
        onChange={(event) => change({ ...value, name: event.currentTarget.value })}
        autoComplete="off"
        maxLength={200}
        required
      />
      <TextInput
        label={t('admin.accounts.employer')}
        name="employer"
        list={names}
        value={value.employer}
        onChange={(event) => change({ ...value, employer: event.currentTarget.value })}
        autoComplete="off"
        maxLength={200}
        required
      />
      <datalist id={names}>
        {employers.flatMap(({ name, ended }) => (ended ? [] : <option key={name}>{name}</option>))}
      </datalist>
      <Checkbox.Group
        label={t('admin.accounts.roles')}
        description={
          own ? t('admin.accounts.ownRoles') : `${t('admin.accounts.alone')} ${t('admin.accounts.byTwo')}`
        }
        value={[...value.roles]}
        onChange={(chosen) => change({ ...value, roles: alone(chosen, value.roles) })}
      >
        <div className={styles['roles']}>
          {roles.map((role) => (
            <Checkbox key={role} value={role} label={t(`common.roles.${role}`)} disabled={own} />
          ))}
        </div>
      </Checkbox.Group>
    </>
  )
}

/** Administrators and auditors have no other role: choosing one clears the others, and the other way round. */
function alone(chosen: readonly string[], before: readonly Role[]): readonly Role[] {
  const wanted = roles.filter((role) => chosen.includes(role))
  const added = wanted.find((role) => !before.includes(role))
  if (added === undefined) return wanted
  return standsAlone(added) ? [added] : wanted.filter((role) => !standsAlone(role))
}
