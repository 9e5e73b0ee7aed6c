import type { agreement as ro } from '../ro/agreement.ts'

export const agreement: typeof ro = {
  title: 'Confidentiality agreement',
  why: 'You sign it once, before you see the city’s data. Calls you can take without it.',
  changed: 'The text, or the name or employer in it, has changed since you last signed: read it again.',
  name: 'Your name, as in the text',
  nameMissing: 'Type your full name, as in the text.',
  sign: 'I sign',
  onRecord: 'The signature is kept with date, time and the text above.',
  signed: 'Signed on {{date}}, at {{time}} (version {{version}}).',
}
