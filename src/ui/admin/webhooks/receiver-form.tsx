import { Checkbox, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import {
  receiverAddressMax,
  receiverNameMax,
  receiverReasonMax,
  webhookTypes,
  type WebhookReceiver,
} from '../../../http/webhooks/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { ConfirmButton } from '../../shared/components/confirm-button.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { Problem } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { eventText } from './event-text.ts'
import { useReceiverChanges, type MadeSecret } from './use-receivers.ts'
import admin from '../admin.module.css'
import styles from './webhooks.module.css'

interface ReceiverFormProps {
  /** Null: a new one. */
  readonly receiver: WebhookReceiver | null
  readonly made: (made: MadeSecret, id: string) => void
  readonly done: (told: string, isEnded: boolean) => void
}

/** A new receiver, or an open one with what can be done with it. Each change needs its reason. */
export function ReceiverForm({ receiver, made, done }: ReceiverFormProps) {
  const { t, i18n } = useTranslation()
  const { add, change, renewSecret, end } = useReceiverChanges()
  const [name, setName] = useState(receiver?.name ?? '')
  const [url, setUrl] = useState(receiver?.url ?? 'https://')
  const [types, setTypes] = useState<readonly string[]>(receiver?.types ?? webhookTypes)
  const [reason, setReason] = useState('')
  const sending = useMutation({ mutationFn: (work: () => Promise<void>) => work() })
  const { error: problem, isPending: isBusy } = sending
  const why = reason.trim()
  const lacks =
    name.trim() === '' || types.length === 0
      ? t('webhooks.lacks')
      : why === ''
        ? t('webhooks.lacksReason')
        : null
  const wrongAddress = problem instanceof Problem && problem.errors.some(({ field }) => field === 'url')

  function run(work: () => Promise<void>): void {
    if (!isBusy) sending.mutate(work)
  }
  function save(event: FormEvent): void {
    event.preventDefault()
    if (lacks !== null) return
    const fields = {
      name: name.trim(),
      url: url.trim(),
      types: webhookTypes.filter((type) => types.includes(type)),
      reason: why,
    }
    run(async () => {
      if (receiver === null) {
        const { id, secret } = await add(fields)
        made({ name: fields.name, secret }, id)
      } else {
        await change(receiver.id, { ...fields, version: receiver.version })
        done(t('webhooks.saved', { name: fields.name }), false)
      }
    })
  }
  return (
    <>
      <form className={admin['form']} onSubmit={save} data-receiver-form={receiver?.name ?? ''}>
        <h2>{receiver === null ? t('webhooks.newTitle') : receiver.name}</h2>
        {receiver !== null && (
          <p className={admin['quiet']}>
            {t('webhooks.changed', {
              by: receiver.changedBy,
              at: shortDateTime(receiver.changedAt, i18n.language),
              reason: receiver.reason === '' ? '' : `: ${receiver.reason}`,
            })}
          </p>
        )}
        <TextInput
          label={t('webhooks.name')}
          placeholder="CRM"
          value={name}
          maxLength={receiverNameMax}
          onChange={(event) => setName(event.currentTarget.value)}
          data-field="name"
        />
        <TextInput
          label={t('webhooks.address')}
          description={receiver === null ? t('webhooks.addressHint') : null}
          value={url}
          maxLength={receiverAddressMax}
          error={wrongAddress ? t('webhooks.addressWrong') : null}
          onChange={(event) => setUrl(event.currentTarget.value)}
          data-field="url"
        />
        <Checkbox.Group label={t('webhooks.toldWhen')} value={[...types]} onChange={setTypes}>
          <div className={admin['roles']}>
            {webhookTypes.map((type) => (
              <Checkbox key={type} value={type} label={eventText(type, t)} />
            ))}
          </div>
        </Checkbox.Group>
        <TextInput
          label={t('webhooks.reason')}
          placeholder={t('webhooks.reasonHint')}
          value={reason}
          maxLength={receiverReasonMax}
          autoComplete="off"
          onChange={(event) => setReason(event.currentTarget.value)}
          data-field="reason"
        />
        <p className={admin['problem']} role="alert">
          {problem === null || wrongAddress ? '' : problemText(problem, t)}
        </p>
        <WhyNot reason={lacks}>
          <BusyButton
            type="submit"
            loading={isBusy}
            {...unavailable(lacks !== null)}
            data-action="save-receiver"
          >
            {t(receiver === null ? 'webhooks.add' : 'webhooks.save')}
          </BusyButton>
        </WhyNot>
      </form>
      {receiver !== null && (
        <div className={styles['ends']}>
          <ConfirmButton
            label={t('webhooks.renew')}
            question={t('webhooks.renewSure', { name: receiver.name })}
            yes={t('webhooks.renewYes')}
            disabled={isBusy || why === ''}
            act={() =>
              run(async () => {
                const { secret } = await renewSecret(receiver, why)
                made({ name: receiver.name, secret }, receiver.id)
              })
            }
          />
          <ConfirmButton
            label={t('webhooks.end')}
            question={t('webhooks.endSure', { name: receiver.name })}
            yes={t('webhooks.endYes')}
            disabled={isBusy || why === ''}
            act={() =>
              run(async () => {
                await end(receiver, why)
                done(t('webhooks.ended', { name: receiver.name }), true)
              })
            }
          />
          {why === '' && <p className={admin['quiet']}>{t('webhooks.reasonFirst')}</p>}
        </div>
      )}
    </>
  )
}
