import { useTranslation } from 'react-i18next'
import { useMe } from '../../shared/server/me.ts'
import { useStore } from '../../shared/store.ts'
import { consultIn } from '../desk-actions.ts'
import { isAsked, type DeskState } from '../desk-state.ts'
import { consultEnd } from './consult-end.ts'
import { partiesOf } from './parties.ts'

/** The consultation as one sentence, for the screen reader. */
export function useConsultText(state: DeskState): string {
  const { t } = useTranslation()
  const me = useMe()
  const ended = useStore(consultEnd)
  const call = 'call' in state ? state.call : null
  if (call !== null && state.name === 'consulted' && isAsked(call, me.id))
    return t(`desk.consult.asked.${call.consult?.seat ?? 'side'}`)
  const consult = consultIn(state)
  const parties = call === null || consult === null ? null : partiesOf(call)
  if (parties !== null && consult !== null)
    return `${consult.with.name}: ${t(`desk.consult.party.${parties.colleague}`)}. ${t('desk.consult.caller')}: ${t(`desk.consult.party.${parties.caller}`)}.`
  if (ended !== null && ended.call === call?.id)
    return t(`desk.consult.ended.${ended.why}`, { name: ended.name })
  return ''
}
