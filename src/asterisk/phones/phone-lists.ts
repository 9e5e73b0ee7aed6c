/** Lists phones and their channels by AMI, after a connect. */
import { AmiRefusal, type AmiConnection } from '../ami/ami-connection.ts'
import { textIn, type Fields } from '../ami/fields.ts'
import type { ChannelReport, ContactReport } from './phone-watch.ts'

export async function listPhones(
  ami: AmiConnection,
): Promise<{ readonly contacts: readonly ContactReport[]; readonly channels: readonly ChannelReport[] }> {
  const contacts = await listOrNone(ami, 'PJSIPShowContacts')
  const channels = await listOrNone(ami, 'CoreShowChannels')
  return {
    contacts: contacts.map((item) => ({
      endpoint: textIn(item, 'endpoint'),
      uri: textIn(item, 'uri'),
      status: textIn(item, 'status'),
    })),
    channels: channels.map((item) => ({ id: textIn(item, 'uniqueid'), name: textIn(item, 'channel') })),
  }
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
