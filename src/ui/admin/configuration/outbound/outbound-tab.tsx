import { Button, NativeSelect } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { outboundLists } from '../../../../core/configuration/outbound.ts'
import {
  outboundBounds,
  type Configuration,
  type OutboundSetting,
} from '../../../../core/configuration/schema.ts'
import { callOutRights } from '../../../../core/rules.ts'
import { BoundedNumber } from '../bounded-number.tsx'
import type { Faults } from '../faults.ts'
import { CalledNumbers } from './called-numbers.tsx'
import { TryCall } from './try-call.tsx'
import { inForce, outboundFields, outboundValue } from './outbound-words.ts'
import configurationStyles from '../configuration.module.css'
import styles from './outbound.module.css'

interface OutboundTabProps {
  readonly document: Configuration
  /** The settings of the server, which hold without rules in the document. */
  readonly server: OutboundSetting
  readonly faults: Faults
  /** Whether the document differs from the version in force. */
  readonly isChanged: boolean
  /** Null: it is only read. */
  readonly change: ((document: Configuration) => void) | null
}

/** The numbers that agents call, and how often. */
export function OutboundTab({ document, server, faults, isChanged, change }: OutboundTabProps) {
  const { t } = useTranslation()
  const { outbound, ...others } = document
  const toggle = useRef<HTMLButtonElement>(null)
  const isOwn = outbound !== undefined
  const swap = (): void => {
    change?.(isOwn ? others : { ...document, outbound: server })
    toggle.current?.focus()
  }
  const rules = (
    <div className={configurationStyles['list']} data-outbound={isOwn ? 'own' : 'server'}>
      <p className={configurationStyles['lead']}>{t('outboundRules.lead')}</p>
      <div className={styles['basis']}>
        <span>{t(isOwn ? 'outboundRules.own' : 'outboundRules.ofServerNow')}</span>
        {change !== null && (
          <Button ref={toggle} variant="light" onClick={swap} data-action={isOwn ? 'as-server' : 'own-rules'}>
            {t(isOwn ? 'outboundRules.asServer' : 'outboundRules.makeOwn')}
          </Button>
        )}
      </div>
      {outbound !== undefined && change !== null ? (
        <Fields
          outbound={outbound}
          faults={faults}
          change={(changed) => change({ ...document, outbound: changed })}
        />
      ) : (
        <Words setting={outbound === undefined ? server : inForce(outbound, server)} />
      )}
    </div>
  )
  return (
    <div className={configurationStyles['halves']}>
      {rules}
      <TryCall document={document} server={server} isChanged={isChanged} />
    </div>
  )
}

function Words({ setting }: { readonly setting: OutboundSetting }) {
  const { t } = useTranslation()
  return (
    <table className={`${configurationStyles['table']} ${styles['words']}`}>
      <tbody>
        {outboundFields.map((field) => (
          <tr key={field} data-rule={field}>
            <th scope="row">{t(`outboundRules.fields.${field}`)}</th>
            <td>{outboundValue(setting, field, t)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface FieldsProps {
  readonly outbound: OutboundSetting
  readonly faults: Faults
  readonly change: (outbound: OutboundSetting) => void
}

function Fields({ outbound, faults, change }: FieldsProps) {
  const { t } = useTranslation()
  const { allowedToSupervisors = [], ...withoutMore } = outbound
  const lists = { allowed: outbound.allowed, allowedToSupervisors }
  return (
    <div className={styles['fields']}>
      {outboundLists.map((list) => (
        <CalledNumbers
          key={list}
          list={list}
          numbers={lists[list]}
          faults={faults}
          change={(numbers) => {
            const none = list === 'allowedToSupervisors' && numbers.length === 0
            change(none ? withoutMore : { ...outbound, [list]: numbers })
          }}
        />
      ))}
      {(['agents', 'supervisors'] as const).map((whose) => (
        <NativeSelect
          key={whose}
          label={t(`outboundRules.fields.${whose}`)}
          description={t(`outboundRules.hint.${whose}`)}
          value={outbound[whose]}
          data={callOutRights.map((value) => ({ value, label: t(`outboundRules.rights.${value}`) }))}
          onChange={(event) => {
            const chosen = callOutRights.find((value) => value === event.currentTarget.value)
            if (chosen !== undefined) change({ ...outbound, [whose]: chosen })
          }}
          data-field={whose}
        />
      ))}
      {(['perHour', 'perHourAll'] as const).map((field) => (
        <BoundedNumber
          key={field}
          field={field}
          label={t(`outboundRules.fields.${field}`)}
          description={t(`outboundRules.hint.${field}`)}
          value={outbound[field]}
          bounds={outboundBounds[field]}
          change={(value) => change({ ...outbound, [field]: value })}
        />
      ))}
    </div>
  )
}
