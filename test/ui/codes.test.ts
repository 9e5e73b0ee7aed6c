/** Every code that the API can answer with has a text, in both languages, or a reason why no screen shows it. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { languages, menuKeys } from '../../src/core/configuration/menu.ts'
import { en } from '../../src/ui/i18n/en/index.ts'
import { ro } from '../../src/ui/i18n/ro/index.ts'

/** Codes that no screen shows as they are: by file, what they are for instead. */
const unseen: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'accounts/wire.ts': { 'who has to confirm: told in a sentence': ['two'] },
  'calls/wire.ts': {
    'the usual direction, which is not told': ['inbound'],
    'the usual sound of a message': ['voice'],
  },
  'voicemails/wire.ts': { 'the usual sound, which is not told': ['voice'] },
  'live/wire.ts': {
    'the usual direction, which is not told': ['inbound'],
    'names of events': ['snapshot', 'call-ended', 'context', 'beat'],
    'languages, which Intl.DisplayNames names': [...languages],
  },
  'declared-days/wire.ts': { 'the usual rule: the hours are shown': ['follows holidays'] },
  'documents/wire.ts': {
    'types of messages, with texts under shorter names': [
      'document.status',
      'request.registered',
      'request.status',
    ],
    'answers to another system': ['asked again'],
  },
  'identity/wire.ts': {
    'states, which choose a screen': ['unasked', 'match', 'no match'],
    'chooses the sign beside a person': ['company'],
  },
  'knowledge/wire.ts': { 'the usual state, which is not told': ['in force'] },
  'my-account/wire.ts': { 'of WebAuthn': ['public-key', 'platform', 'cross-platform'] },
  'nodes/wire.ts': { 'for probes': ['owner', 'standby'] },
  'programs/wire.ts': {
    'scopes, with texts under nested names': [
      'calls:read',
      'calls:command',
      'live:read',
      'requests:read',
      'voicemails:read',
      'voicemails:command',
      'configuration:read',
    ],
  },
  'prompts/wire.ts': { 'languages, which the browser names': [...languages] },
  'requests/wire.ts': {
    'how a number was told, which a list leaves out': ['on the call', 'not reachable'],
  },
  'configuration/wire.ts': {
    'keys of a telephone': [...menuKeys],
    'languages, which the browser names': [...languages],
    'steps that the page has in a sentence': [
      'unknown number',
      'callback question',
      'voicemail by key',
      'callback while closed',
      'not answered',
      'own announcement',
      'waited too long',
    ],
  },
  'session/wire.ts': {
    'commands of the desk': [
      'unmute',
      'end-wrap-up',
      'extend-wrap-up',
      'imposePause',
      'liftPause',
      'chooseDevice',
      'extendWrapUp',
      'endWrapUp',
      'pageOpened',
      'join-consult',
      'complete-consult',
      'cancel-consult',
      'ask-for-help',
      'no-help',
      'resume-recording',
      'joinConsult',
      'completeConsult',
      'cancelConsult',
      'askForHelp',
      'pauseRecording',
      'resumeRecording',
      'supervise',
      'stopSupervising',
      'moveCall',
      'endCall',
      'promiseCallback',
      'callOut',
    ],
  },
  'sign-in/wire.ts': {
    'of WebAuthn': [
      'public-key',
      'platform',
      'cross-platform',
      'ble',
      'cable',
      'hybrid',
      'internal',
      'nfc',
      'smart-card',
      'usb',
    ],
  },
  'webhooks/wire.ts': {
    'types of messages, with texts under shorter names': [
      'call.queued',
      'call.offered',
      'call.answered',
      'call.transferred',
      'call.ended',
      'recording.ready',
      'voicemail.left',
    ],
  },
  'taxes/wire.ts': { 'chooses the questions': ['company'] },
}
const unseenIn = (file: string): readonly string[] => Object.values(unseen[file] ?? {}).flat()

const keysOf = (tree: object): string[] =>
  Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [key.replace(/_(one|few|other)$/, '')] : [key, ...keysOf(value as object)],
  )

/** The values of all enumerations in a schema. */
function codesOf(schema: unknown, seen = new Set<unknown>()): string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return []
  seen.add(schema)
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    if (key === 'enum' && Array.isArray(value)) return value.filter((one) => typeof one === 'string')
    if (key === 'const' && typeof value === 'string') return [value]
    return codesOf(value, seen)
  })
}

const http = path.join(import.meta.dirname, '../../src/http')
const files = readdirSync(http, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(^|\/)wire\.ts$/.test(file),
)

t.test('every code of the wire has a text, or a reason', async (t) => {
  t.ok(files.length >= 18)
  const romanian = new Set(keysOf(ro))
  const english = new Set(keysOf(en))
  for (const file of files) {
    const module = (await import(path.join(http, file))) as Record<string, unknown>
    const schemas = Object.entries(module).filter(([name]) => /^[A-Z]/.test(name))
    const codes = [...new Set(schemas.flatMap(([, schema]) => codesOf(schema)))]
    const without = codes.filter((code) => !romanian.has(code) || !english.has(code))
    t.strictSame(
      without.filter((code) => !unseenIn(file).includes(code)),
      [],
      file,
    )
    t.strictSame(
      unseenIn(file).filter((code) => !without.includes(code)),
      [],
      `${file}: reasons that are not needed`,
    )
  }
})
