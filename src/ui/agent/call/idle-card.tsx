import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useEffect, useState } from 'react'
import { meQuery, useMe } from '../../shared/server/me.ts'
import { callMe } from '../desk-commands.ts'
import type { DeskState } from '../desk-state.ts'
import { useMyAgent, useWhyNot } from '../use-desk.ts'
import type { AgentView } from '../wire-names.ts'
import { imposedText } from '../../shared/imposed-text.ts'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import styles from './call-zone.module.css'

/** Pauses that the system set say why. */
const pausedTexts: Partial<
  Record<NonNullable<AgentView['reason']>, 'noCallStart' | 'noCallMissed' | 'noCallUnrung'>
> = {
  'sign-in': 'noCallStart',
  missed: 'noCallMissed',
  phone: 'noCallUnrung',
}

const sentForMs = 20_000
const askAgainMs = 10_000

/** The card without a call: what happens next, and in the demonstration a button that makes a citizen call. */
export function IdleCard({ state }: { readonly state: DeskState }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const unskilled = !me.servesQueue
  // So that the sentence goes soon after a skill was given.
  useQuery({ ...meQuery, refetchInterval: unskilled ? askAgainMs : false })
  const why = useWhyNot(state)('choose')
  const imposed = useMyAgent()?.imposed ?? null
  const [sent, setSent] = useState(false)
  // The call may go to another agent: then the button must not announce one any longer.
  useEffect(() => {
    if (!sent) return undefined
    const timer = setTimeout(() => setSent(false), sentForMs)
    return () => clearTimeout(timer)
  }, [sent])
  async function send(): Promise<void> {
    setSent(await callMe())
  }
  return (
    <div className={styles['card']}>
      <p className={styles['number']}>{t('desk.noCall')}</p>
      <p className={styles['quiet']}>
        {state.name === 'ready' && t(unskilled ? 'desk.noCallUnskilled' : 'desk.noCallReady')}
        {state.name === 'paused' &&
          (imposed === null
            ? t(`desk.${pausedTexts[state.reason] ?? 'noCallPaused'}`)
            : imposedText(imposed, t, i18n.language))}
        {state.name === 'signed-out' && t('desk.noCallPaused')}
        {state.name === 'elsewhere' && t('common.feed.superseded')}
        {state.name === 'no-phone' && t('desk.noCallPhone')}
      </p>
      {me.demo && state.name === 'ready' && (
        <WhyNot reason={why === null ? t('desk.callMeNote') : t(`desk.why.${why}`)}>
          <Button
            mt={8}
            size="compact-md"
            variant="light"
            data-action="call-me"
            {...unavailable(why !== null)}
            onClick={() => why === null && void send()}
          >
            {sent ? t('desk.callMeSent') : t('desk.callMe')}
          </Button>
        </WhyNot>
      )}
    </div>
  )
}
