import { NumberInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { blockDaysMax, blockReasonMax } from '../../../http/blocked-callers/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useBlocking } from './use-blocked-callers.ts'
import styles from './blocked-callers.module.css'

const daysAtFirst = 30

interface BlockFormProps {
  /** Null: to be typed. */
  readonly number: string | null
  readonly blocked: (number: string) => void
}

/** Reason and term are obligatory: a block that nobody remembers must end by itself. */
export function BlockForm({ number, blocked }: BlockFormProps) {
  const { t } = useTranslation()
  const { block } = useBlocking()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [days, setDays] = useState<number | string>(daysAtFirst)
  const whom = number ?? typed.trim()
  const lacks = whom === '' || reason.trim() === '' || typeof days !== 'number' || days < 1

  const send = useMutation({
    mutationFn: block,
    onSuccess: (_, caller) => {
      setTyped('')
      setReason('')
      blocked(spokenNumber(caller.number))
    },
  })

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!send.isPending && !lacks) send.mutate({ number: whom, reason: reason.trim(), days })
  }

  return (
    <form className={styles['form']} data-own-number={number !== null} onSubmit={submit} data-block-form>
      {number === null && (
        <TextInput
          label={t('blockedCallers.number')}
          placeholder="0722 000 111"
          value={typed}
          maxLength={40}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <TextInput
        label={t('blockedCallers.reason')}
        placeholder={t('blockedCallers.reasonHint')}
        value={reason}
        maxLength={blockReasonMax}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus={number === null ? undefined : true}
      />
      <NumberInput
        label={t('blockedCallers.days')}
        value={days}
        min={1}
        max={blockDaysMax}
        allowDecimal={false}
        onChange={setDays}
      />
      <WhyNot reason={lacks ? t('blockedCallers.lacks') : null}>
        <BusyButton type="submit" {...unavailable(lacks)} loading={send.isPending} data-action="block">
          {t('blockedCallers.block')}
        </BusyButton>
      </WhyNot>
      <output className={styles['breach']}>{send.error !== null && problemText(send.error, t)}</output>
    </form>
  )
}
