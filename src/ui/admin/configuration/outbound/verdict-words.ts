/** The verdict on a call that was tried, in words that name the rule. */
import type { TFunction } from 'i18next'
import type { OutboundDryRun, OutboundDryRunRequest } from '../../../../http/configuration/wire.ts'

/** `says`: whether it is allowed, and which rule refuses it. */
export function verdictWords(
  verdict: OutboundDryRun,
  by: OutboundDryRunRequest['by'],
  t: TFunction,
): { readonly says: string; readonly more: readonly string[] } {
  if (verdict.verdict === 'allowed') {
    const { allowedBy, dialled, number } = verdict
    return {
      says: t('outboundRules.try.allowed', { number }),
      more: [t('outboundRules.try.dialled', { dialled }), t('outboundRules.try.allowedBy', { allowedBy })],
    }
  }
  const { refusal, maySupervisor } = verdict
  const right = t(`outboundRules.fields.${by === 'agent' ? 'agents' : 'supervisors'}`)
  return {
    says: t(`outboundRules.try.refusals.${refusal}`, {
      right,
      lists: t(`outboundRules.try.lists.${by}`),
      returns: t('outboundRules.rights.returns'),
      none: t('outboundRules.rights.none'),
      perHour: t('outboundRules.fields.perHour'),
      perHourAll: t('outboundRules.fields.perHourAll'),
    }),
    more: maySupervisor ? [t('outboundRules.try.maySupervisor')] : [],
  }
}
