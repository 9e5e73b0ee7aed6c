import { Button, NativeSelect, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { chooseDevice } from '../desk-commands.ts'
import { inCall } from '../desk-actions.ts'
import { answerByItself, answersByItself } from '../phone/answers-by-itself.ts'
import { dialEcho, endEcho } from '../phone/phone.ts'
import { usePhone } from '../phone/use-phone.ts'
import type { DeskState } from '../desk-state.ts'
import { useMyAgent, useWhyNot } from '../use-desk.ts'
import { useStore } from '../../shared/store.ts'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { callControls } from '../desk-actions.ts'
import type { Run } from '../use-run.ts'
import { CallAids } from './call-aids.tsx'
import { PhoneLine } from './phone-line.tsx'
import styles from './call-zone.module.css'

/** The phone that rings, whether it is reachable, and the sound test; in a conversation help and the recording. */
export function DeviceRow({ state, run }: { readonly state: DeskState; readonly run: Run }) {
  const { t } = useTranslation()
  const agent = useMyAgent()
  const kind = usePhone((phone) => phone.session?.kind ?? null)
  const registered = usePhone((phone) => phone.registration === 'registered')
  const byItself = useStore(answersByItself)
  const why = useWhyNot(state)('choose')
  if (agent === undefined) return null
  const { phones } = agent
  const missing = (there: boolean): string => (there ? '' : ` (${t('desk.notRegistered')})`)
  const free = agent.state === 'paused' || agent.state === 'signed out' || kind === 'echo'
  return (
    <div className={styles['device']}>
      {phones.active !== 'desk' && !inCall(state) && (
        <Switch
          mb={8}
          size="sm"
          label={t('desk.answersByItself')}
          checked={byItself}
          onChange={({ currentTarget: { checked } }) => answerByItself(checked)}
        />
      )}
      <WhyNot reason={why === null ? null : t(`desk.why.${why}`)}>
        <NativeSelect
          aria-label={t('desk.device')}
          size="xs"
          styles={{ input: { fontSize: 15 } }}
          value={phones.chosen ?? 'auto'}
          {...unavailable(why !== null)}
          onChange={({ currentTarget: { value } }) => {
            if (why === null) void chooseDevice(value === 'desk' || value === 'web' ? value : null)
          }}
          data={[
            { value: 'auto', label: `${t('desk.device')}: ${t('desk.deviceAuto')}` },
            { value: 'web', label: `${t('desk.device')}: ${t('desk.deviceWeb')}${missing(phones.web)}` },
            { value: 'desk', label: `${t('desk.device')}: ${t('desk.deviceDesk')}${missing(phones.desk)}` },
          ]}
        />
      </WhyNot>
      {callControls(state).first === 'hold' ? (
        <CallAids state={state} run={run} />
      ) : (
        <div className={styles['phone']}>
          <PhoneLine />
          {free && registered && (
            <Button
              size="compact-xs"
              variant="default"
              flex="none"
              onClick={() => (kind === 'echo' ? endEcho() : void dialEcho('echo'))}
            >
              {kind === 'echo' ? t('phone.echo.stop') : t('phone.echo.start')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
