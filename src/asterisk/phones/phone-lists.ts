/** Lists phones and their channels by AMI, after a connect. */
import type { Millis } from '../../core/ids.ts'
import { AmiRefusal, type AmiConnection } from '../ami/ami-connection.ts'
import { textIn, type Fields } from '../ami/fields.ts'
import type { ChannelReport, ContactReport } from './phone-watch.ts'

export interface PhoneLists {
  readonly contacts: readonly ContactReport[]
  readonly channels: readonly ChannelReport[]
  /** Those of the channels that are calls to 112. */
  readonly emergencies: readonly ChannelReport[]
}

export async function listPhones(ami: AmiConnection): Promise<PhoneLists> {
  const contacts = await listOrNone(ami, 'PJSIPShowContacts')
  const channels = await listOrNone(ami, 'CoreShowChannels')
  return {
    contacts: contacts.map((item) => ({
      endpoint: textIn(item, 'endpoint'),
      uri: textIn(item, 'uri'),
      status: textIn(item, 'status'),
    })),
    channels: channels.map(reportOf),
    emergencies: channels.filter(callsEmergency).map(reportOf),
  }
}

const reportOf = (item: Fields): ChannelReport => ({
  id: textIn(item, 'uniqueid'),
  name: textIn(item, 'channel'),
})

/** From the ringing to its end the channel is in the dialplan's `Dial`, by which it is known: its extension has become `s`. */
const callsEmergency = (item: Fields): boolean =>
  textIn(item, 'application') === 'Dial' && textIn(item, 'applicationdata').startsWith('PJSIP/trunk/sip:112@')

/** When a channel began, to the second, from its `uniqueid`; `otherwise`: of one without a time. */
export function beganAt(id: string, otherwise: Millis): Millis {
  const seconds = /(?:^|-)(?<seconds>\d{9,11})\.\d+$/.exec(id)?.groups?.['seconds']
  return seconds === undefined ? otherwise : Number(seconds) * 1_000
}

/** Asterisk refuses to return an empty list ("No Contacts found"). */
async function listOrNone(ami: AmiConnection, action: string): Promise<readonly Fields[]> {
  try {
    return await ami.list({ action })
  } catch (error) {
    if (error instanceof AmiRefusal && /^no .* found/i.test(error.message)) return []
    throw error
  }
}
