import { useTranslation } from 'react-i18next'
import type { TrunkSettings as Settings } from '../../../http/connections/wire.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { milliseconds } from './connection-words.ts'
import styles from './connections.module.css'

/** The trunk as Asterisk has it; of the password only that there is one. */
export function TrunkSettings({ trunk }: { readonly trunk: Settings }) {
  const { t, i18n } = useTranslation()
  const { numbers, hosts, accepts, registration, transport, codecs, keys, publicAddress } = trunk
  return (
    <section aria-labelledby="trunk-settings" data-trunk-settings>
      <h2 id="trunk-settings">{t('connections.trunk.title')}</h2>
      <dl className={styles['facts']}>
        <dt>{t('connections.trunk.numbers')}</dt>
        <dd>{numbers.join(', ')}</dd>
        <dt>{t('connections.trunk.accepts')}</dt>
        <dd>{accepts.join(', ') || t('connections.trunk.none')}</dd>
        {transport !== null && (
          <>
            <dt>{t('connections.trunk.hosts')}</dt>
            <dd>
              {hosts.length === 0 && t('connections.trunk.none')}
              {hosts.map((host) => (
                <span key={host.name} data-host={host.name}>
                  <HostText host={host} />
                </span>
              ))}
            </dd>
            <dt>{t('connections.trunk.registration')}</dt>
            <dd data-registration={registration?.state ?? ''}>
              {registration === null ? (
                t('connections.trunk.noRegistration')
              ) : (
                <>
                  <span>{t('connections.trunk.account', registration)}</span>
                  <span>
                    {[
                      t(`connections.trunk.states.${registration.state}`),
                      t(
                        registration.hasPassword
                          ? 'connections.trunk.hasPassword'
                          : 'connections.trunk.noPassword',
                      ),
                      registration.since === null
                        ? ''
                        : t('connections.since', { at: shortDateTime(registration.since, i18n.language) }),
                    ]
                      .filter((text) => text !== '')
                      .join(' · ')}
                  </span>
                </>
              )}
            </dd>
            <dt>{t('connections.trunk.transport')}</dt>
            <dd>{transport.toUpperCase()}</dd>
            <dt>{t('connections.trunk.codecs')}</dt>
            <dd>{codecs.join(', ')}</dd>
            <dt>{t('connections.trunk.keys')}</dt>
            <dd>{keys}</dd>
          </>
        )}
        {publicAddress !== null && (
          <>
            <dt>{t('connections.trunk.publicAddress')}</dt>
            <dd>{publicAddress}</dd>
          </>
        )}
      </dl>
      {transport === null && <p className={styles['quiet']}>{t('connections.trunk.unknown')}</p>}
    </section>
  )
}

function HostText({ host: { name, works, roundTripMs } }: { readonly host: Settings['hosts'][number] }) {
  const { t, i18n } = useTranslation()
  const state =
    works === null
      ? t('connections.trunk.notAsked')
      : !works
        ? t('connections.trunk.silent')
        : roundTripMs === null
          ? t('connections.trunk.answers')
          : t('connections.trunk.reachable', { ms: milliseconds(roundTripMs, i18n.language) })
  return (
    <>
      {name} <span className={works === false ? styles['alarm'] : styles['quiet']}>{state}</span>
    </>
  )
}
