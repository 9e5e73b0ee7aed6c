import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { clock } from '../../shared/time/time.ts'
import type { PhoneState } from '../phone/phone-state.ts'
import { usePhone } from '../phone/use-phone.ts'

/** One sentence about the phone in the page: its most serious problem. */
export function PhoneLine() {
  const { t, i18n } = useTranslation()
  const state = usePhone((phone) => phone)
  return <output data-microphone={state.microphone}>{sentence(state, t, i18n.language)}</output>
}

function sentence(state: PhoneState, t: TFunction, language: string): string {
  if (state.microphone === 'asking' && state.registration === 'registered') return t('phone.asking')
  if (state.session?.kind === 'echo')
    return t(state.session.phase === 'up' ? 'phone.echo.running' : 'phone.echo.checking')
  if (state.session?.kind === 'check') return t('phone.echo.checking')
  if (state.microphone === 'unsupported') return t('phone.unsupported')
  if (state.registration === 'off') return t('phone.off')
  if (state.registration !== 'registered') return t(`phone.${state.registration}`)
  if (state.lastCheck !== null && state.lastCheck.fault === null)
    return t('phone.echo.fine', { time: clock(state.lastCheck.at, language) })
  return t('phone.registered')
}
