import { Combobox, SegmentedControl, TextInput, useCombobox } from '@mantine/core'
import { Fragment, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../shared/server/api.ts'
import { Icon, type IconName } from '../../shared/components/icon.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { useQueueName } from '../../shared/server/queue-names.ts'
import type { Consult } from '../../../http/consult/wire.ts'
import type { TransferCall } from '../../../http/transfer/wire.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { languageName } from '../../shared/language-name.ts'
import { useContacts } from '../contacts/use-contacts.ts'
import { useKey } from '../keys/use-keys.ts'
import { askedIn, onlyMatch, targetKinds, targetsWith, type Target, type TargetKind } from './targets.ts'
import { useTransferTargets } from './use-transfer.ts'
import styles from './transfer.module.css'

/** The agent leaves the caller to somebody, or keeps the caller and asks somebody. */
type Way = 'transfer' | 'consult'

interface TransferPanelProps {
  /** The conversation that the agent sees, so that a late press cannot send the next caller on. */
  readonly offerId: string | null
  readonly close: () => void
}

/** Queues, colleagues and contacts, found by typing; Enter takes the marked one, or the only one. */
export function TransferPanel({ offerId, close }: TransferPanelProps) {
  const { t } = useTranslation()
  const queueName = useQueueName()
  const list = useCombobox({ opened: true })
  const { data, refetch, isError } = useTransferTargets()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [sending, setSending] = useState(false)
  const [way, setWay] = useState<Way>('transfer')
  const contacts = useContacts()
  const all = data === undefined ? [] : targetsWith(text, data, contacts, (id) => queueName(id) ?? id)
  const targets = way === 'consult' ? askedIn(all) : all

  async function send(target: Target | null, by: Way): Promise<void> {
    if (target === null || !target.open || sending) return
    setSending(true)
    try {
      const call = offerId === null ? {} : { offerId }
      if (by === 'transfer')
        await api('POST', '/me/transfer', { to: target.to, ...call } satisfies TransferCall)
      else if (target.kind !== 'queue')
        await api('POST', '/me/consult', { to: target.to, ...call } satisfies Consult)
      close()
    } catch (error) {
      setProblem(error)
      setSending(false)
      void refetch()
    }
  }

  /** Shift+Enter asks them, whichever way is chosen. Enter takes what is marked on the screen: the list may have another order than when it was marked. */
  function press({
    key,
    shiftKey,
    ctrlKey,
    altKey,
    metaKey,
    currentTarget,
  }: KeyboardEvent<HTMLInputElement>): void {
    if (key !== 'Enter' || ctrlKey || altKey || metaKey) return
    const panel = currentTarget.closest('[data-transfer-panel]')
    const marked = panel?.querySelector('[data-combobox-selected]')?.getAttribute('data-target')
    list.resetSelectedOption()
    const by = shiftKey ? 'consult' : way
    const possible = by === 'consult' ? askedIn(targets) : targets
    void send(
      marked === undefined ? onlyMatch(possible) : (possible.find((one) => one.key === marked) ?? null),
      by,
    )
  }

  return (
    <div className={styles['panel']} data-transfer-panel>
      <SegmentedControl
        fullWidth
        size="sm"
        transitionDuration={0}
        aria-label={t('desk.consult.way')}
        value={way}
        onChange={(chosen) => {
          setWay(chosen === 'consult' ? 'consult' : 'transfer')
          list.resetSelectedOption()
          setProblem(null)
        }}
        data={(['transfer', 'consult'] as const).map((value) => ({
          value,
          label: t(`desk.consult.${value}`),
        }))}
        data-ways
      />
      <Combobox
        store={list}
        onOptionSubmit={(key) => void send(targets.find((one) => one.key === key) ?? null, way)}
      >
        <Combobox.EventsTarget>
          <TextInput
            label={t(way === 'consult' ? 'desk.consult.to' : 'desk.transfer.to')}
            descriptionProps={{ fz: 13 }}
            description={t(way === 'consult' ? 'desk.consult.onlyConsult' : 'desk.consult.ways')}
            value={text}
            onChange={({ currentTarget }) => {
              setText(currentTarget.value)
              list.resetSelectedOption()
              setProblem(null)
            }}
            onKeyDown={press}
            error={problem === null ? null : problemText(problem, t)}
            autoComplete="off"
            data-autofocus
            data-search
          />
        </Combobox.EventsTarget>
        <Combobox.Options className={styles['targets'] ?? ''} aria-label={t('desk.transfer.to')}>
          {targetKinds.map((kind) => (
            <Group key={kind} kind={kind} targets={targets.filter((one) => one.kind === kind)} />
          ))}
        </Combobox.Options>
      </Combobox>
      {data !== undefined && targets.length === 0 && (
        <p className={styles['none']}>
          {t(way === 'consult' ? 'desk.consult.noColleague' : 'desk.transfer.none')}
        </p>
      )}
      {isError && <p className={styles['none']}>{t('common.problem.network')}</p>}
    </div>
  )
}

const icons: Readonly<Record<TargetKind, IconName>> = {
  queue: 'queue',
  colleague: 'person',
  contact: 'callOut',
}

interface GroupProps {
  readonly kind: TargetKind
  readonly targets: readonly Target[]
}

/** The contacts have a heading, with the key that brings an interpreter in at once. */
function Group({ kind, targets }: GroupProps) {
  const { t } = useTranslation()
  const key = useKey('interpreter')
  const options = targets.map((target) => (
    <Combobox.Option
      key={target.key}
      value={target.key}
      disabled={!target.open}
      className={styles['target'] ?? ''}
      data-target={target.key}
    >
      <Icon name={icons[kind]} size={16} />
      <span className={styles['name']}>{target.name}</span>
      <span className={styles['fact']}>
        <TargetFact target={target} />
      </span>
    </Combobox.Option>
  ))
  if (kind !== 'contact' || targets.length === 0) return <Fragment>{options}</Fragment>
  const hasInterpreter = targets.some((one) => one.kind === 'contact' && one.language !== null)
  return (
    <Combobox.Group
      label={
        <span className={styles['heading']}>
          <span>{t('desk.contacts.title')}</span>
          {hasInterpreter && <span>{t('desk.contacts.interpreterKey', { key })}</span>}
        </span>
      }
      classNames={{ groupLabel: styles['group'] ?? '' }}
    >
      {options}
    </Combobox.Group>
  )
}

/** Why it can be chosen, or cannot. */
function TargetFact({ target }: { readonly target: Target }) {
  const { t, i18n } = useTranslation()
  if (target.kind === 'contact')
    return target.language === null
      ? spokenNumber(target.number ?? '')
      : languageName(target.language, i18n.language)
  if (target.kind === 'colleague')
    return target.open ? t('desk.transfer.free') : t(`desk.transfer.state.${target.state}`)
  if (!target.open) return t('desk.transfer.notServed')
  const free = t('desk.transfer.freeCount', { count: target.free })
  return target.waiting === 0 ? free : `${free} · ${t('desk.transfer.waiting', { count: target.waiting })}`
}
