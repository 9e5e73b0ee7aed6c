import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import {
  triedConnections,
  type Connection,
  type Connections,
  type ConnectionTest,
  type TriedConnectionName,
} from '../../../http/connections/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { Icon, type IconName } from '../../shared/components/icon.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { causeText, milliseconds, testText, waitingText } from './connection-words.ts'
import { useConnectionTest } from './use-connections.ts'
import styles from './connections.module.css'

const icons = {
  works: 'ready',
  fails: 'warning',
  'not asked': 'clock',
  'not set up': null,
} as const satisfies Record<Connection['state'], IconName | null>

interface ConnectionRowProps {
  readonly connection: Connection
  readonly all: Connections
}

/** One system: where it is, how it is and since when, what to do, and the button that asks it. */
export function ConnectionRow({ connection, all }: ConnectionRowProps) {
  const { t, i18n } = useTranslation()
  const { id, state, since, node, address } = connection
  const seen = [
    since === null ? '' : t('connections.since', { at: shortDateTime(since, i18n.language) }),
    node === all.node ? '' : t('connections.seenBy', { node }),
  ].filter((text) => text !== '')
  const name = t(`connections.names.${id}`)
  const icon = icons[state]
  const test = useTest(connection)
  return (
    <li className={styles['system']} data-connection={id} data-state={state}>
      <div>
        <h2>{name}</h2>
        {address !== null && <span className={styles['address']}>{address}</span>}
      </div>
      <div>
        <p className={styles['state']}>
          {icon !== null && <Icon name={icon} size={16} />}
          <strong>{t(`connections.states.${state}`)}</strong>
          {seen.length > 0 && <span className={styles['quiet']}>{seen.join(' · ')}</span>}
        </p>
        <Facts connection={connection} all={all} />
        {test.id !== null && <TestLine test={test} last={connection.lastTest} known={all.recordKnown} />}
      </div>
      {test.id !== null && (
        <BusyButton
          size="compact-sm"
          variant="default"
          loading={test.running}
          aria-label={t('connections.test.of', { name })}
          onClick={() => void test.ask()}
          data-test={test.id}
        >
          {t('connections.test.button')}
        </BusyButton>
      )}
    </li>
  )
}

/** Facts beside the state. */
function Facts({ connection, all }: ConnectionRowProps) {
  const { t, i18n } = useTranslation()
  const { id, state, cause, status, goodAt, badAt, settings, guide } = connection
  const at = (time: string): string => shortDateTime(time, i18n.language)
  if (state === 'not set up' && settings.length > 0)
    return (
      <p className={styles['quiet']}>{t('connections.setUp', { settings: settings.join(', '), guide })}</p>
    )
  return (
    <>
      {cause !== null && (
        <p data-cause={cause}>
          {causeText(cause, status, t)} {t(`connections.todo.${id}`)}
        </p>
      )}
      {state === 'fails' && goodAt !== null && (
        <p className={styles['quiet']}>{t('connections.answeredLast', { at: at(goodAt) })}</p>
      )}
      {state === 'works' && badAt !== null && (
        <p className={styles['quiet']}>{t('connections.failedLast', { at: at(badAt) })}</p>
      )}
      <OwnFacts id={id} all={all} />
    </>
  )
}

function OwnFacts({ id, all }: { readonly id: Connection['id']; readonly all: Connections }) {
  const { t, i18n } = useTranslation()
  switch (id) {
    case 'documents':
      return (
        <p className={styles['quiet']} data-waiting={all.documents.unsent}>
          {waitingText(all.documents, t, i18n.language)}{' '}
          {(all.documents.unsent ?? 0) > 0 && <Link href="/documents">{t('connections.toDocuments')}</Link>}
        </p>
      )
    case 'fiscal':
      return all.fiscal.readOnly === null ? null : (
        <p
          className={all.fiscal.readOnly ? styles['quiet'] : styles['alarm']}
          data-read-only={all.fiscal.readOnly}
        >
          {t(all.fiscal.readOnly ? 'connections.readOnly' : 'connections.mayWrite')}
        </p>
      )
    case 'asterisk': {
      const { owner, standby } = all.asterisk
      const facts = [
        owner === null ? '' : t('connections.runBy', { node: owner }),
        standby ? t('connections.withStandby') : '',
      ].filter((text) => text !== '')
      return facts.length === 0 ? null : <p className={styles['quiet']}>{facts.join(' · ')}</p>
    }
    case 'webhooks':
      return (
        <p className={styles['quiet']}>
          {receiversText(all.webhooks.receivers, t)}{' '}
          <Link href="/programs/webhooks">{t('connections.toWebhooks')}</Link>
        </p>
      )
    case 'trunk':
    case 'redis':
    case 'database':
    case 'sign-in':
    case 'time-stamps':
    case 'witness':
      return null
  }
}

function receiversText(receivers: number | null, t: TFunction): string {
  if (receivers === null) return t('connections.notOnRecord')
  return receivers === 0 ? t('webhooks.none') : t('connections.receivers', { count: receivers })
}

/** The finding of the last test: told at once to the person who asked, and from then on to everybody. */
function TestLine({
  test,
  last,
  known,
}: {
  readonly test: Test
  readonly last: Connection['lastTest']
  readonly known: boolean
}) {
  const { t, i18n } = useTranslation()
  const { id, told } = test
  return (
    <>
      <output className={styles['told']} data-tested={id} data-fails={told?.fails}>
        {told?.text}
      </output>
      <p className={styles['quiet']} data-last-test={last?.outcome ?? ''}>
        {last === null
          ? t(known ? 'connections.test.never' : 'connections.test.notKnown')
          : [
              t('connections.test.last', { by: last.by, at: shortDateTime(last.at, i18n.language) }),
              last.outcome === 'works'
                ? t('connections.test.lastWorks', { ms: milliseconds(last.tookMs, i18n.language) })
                : t('connections.test.lastFails'),
            ].join(' · ')}
      </p>
    </>
  )
}

interface Test {
  readonly id: TriedConnectionName | null
  readonly running: boolean
  readonly told: { readonly text: string; readonly fails: boolean } | null
  ask(): Promise<void>
}

/** Of a system that is tried by a test; for others `id` is null. */
function useTest(connection: Connection): Test {
  const { t, i18n } = useTranslation()
  const test = useConnectionTest()
  const [running, setRunning] = useState(false)
  const [told, setTold] = useState<Test['told']>(null)
  const id = triedConnections.find((one) => one === connection.id) ?? null
  return {
    id: connection.state === 'not set up' ? null : id,
    running,
    told,
    async ask() {
      if (id === null) return
      setRunning(true)
      setTold(null)
      try {
        const found: ConnectionTest = await test(id)
        setTold({ text: testText(found, t, i18n.language), fails: found.outcome === 'fails' })
      } catch (refused) {
        setTold({ text: problemText(refused, t), fails: true })
      }
      setRunning(false)
    },
  }
}
