/** A prompt recorded by telephone: a number to dial for each account, and what was spoken. The number is in no path, and so in no log. */
import type { Dictation } from '../../core/prompts/dictation.ts'
import { faultOfRecording, voiceBounds } from '../../core/prompts/prompt-sound.ts'
import { parseWave, secondsOf } from '../../core/prompts/wave.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { done, problemOf, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { Problem } from '../wire.ts'
import { refusalOf } from './fault-codes.ts'
import { DictationQuery, PromptDictation } from './wire.ts'

const config = { access: ['administrator'] } as const
const tags = ['configuration']
/** Codes last for ten minutes. */
const againSeconds = 120

export function dictationRoutes(app: App, { deps: { dictations, logger } }: RouteContext): void {
  app.post(
    '/api/prompts/dictation',
    {
      config,
      schema: {
        operationId: 'openDictation',
        tags,
        summary: 'A number under which a phone of the line records, once; an earlier one of the account ends',
        response: { 201: PromptDictation, ...refusals(401, 403, 409, 429, 503) },
      },
    },
    async (request, reply) => {
      const { id: by } = accountOf(request)
      const opened = await dictations.open(by).catch((err: unknown) => {
        logger.warn({ err }, 'the folder of recordings by telephone cannot be written')
        return 'not here' as const
      })
      if (opened === 'not here') throw new Refused('dictation-not-here')
      if (opened === 'too many') throw new Refused('too-many-dictations', againSeconds)
      logger.info({ by }, 'a prompt may be recorded by telephone')
      return reply.code(201).send(viewOf(opened, null))
    },
  )

  app.get(
    '/api/prompts/dictation',
    {
      config,
      schema: {
        operationId: 'dictation',
        tags,
        summary: 'How far my recording by telephone is, and the recording once the call is over',
        response: {
          200: PromptDictation,
          422: problemOf('The recording cannot be used.', Problem),
          ...refusals(401, 403, 404, 503),
        },
      },
    },
    async (request, reply) => {
      const own = await dictations.of(accountOf(request).id)
      if (own === null) throw new Refused('no-dictation')
      const recording = own.state === 'recorded' ? await usable(own.number) : null
      return reply.header('cache-control', 'no-store').send(viewOf(own, recording))
    },
  )

  app.delete(
    '/api/prompts/dictation',
    {
      config,
      schema: {
        operationId: 'closeDictation',
        tags,
        summary:
          'End my recording by telephone: its number is no longer valid, and what was recorded is deleted',
        querystring: DictationQuery,
        response: { 204: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      await dictations.close(accountOf(request).id, Date.parse(request.query.until))
      return reply.code(204).send(null)
    },
  )

  /** Its preparation judges the rest, the length among it: without the silence after a receiver that was laid down beside the phone. */
  async function usable(number: string): Promise<Uint8Array> {
    const bytes = await dictations.recording(number)
    if (bytes === null) throw new Refused('dictation-empty')
    const wave = parseWave(bytes)
    const fault =
      wave === null
        ? 'no wave'
        : secondsOf(wave) < voiceBounds.secondsMin
          ? 'too short'
          : faultOfRecording(wave)
    if (fault !== null) throw refusalOf(fault)
    return bytes
  }
}

const viewOf = ({ number, until, state }: Dictation, recording: Uint8Array | null): PromptDictation => ({
  number,
  until: iso(until),
  state,
  recording: recording === null ? null : Buffer.from(recording).toString('base64'),
})
