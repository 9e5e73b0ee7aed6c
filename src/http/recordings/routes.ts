/** Playback of recordings. Each hearing is recorded before the first byte is sent. */
import { extname } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { CallId } from '../../core/ids.ts'
import { addFullHearing } from '../../ledger/recordings/full-hearings.ts'
import { recordHearing } from '../../ledger/recordings/hearings.ts'
import type { KeptRecording } from '../../ledger/recordings/recordings.ts'
import type { Account } from '../../people/accounts.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { heardCall, heardSegments } from '../access/rights.ts'
import { heardMessage } from '../access/voicemail-rights.ts'
import { CallParams, done, refusals } from '../shell/documented.ts'
import { heardAudio, type HeardAudio, type Listener } from './heard-audio.ts'
import { heardOnce } from './heard-once.ts'
import { joined, type Joinable } from './joined-audio.ts'
import { openSegments } from './open-segments.ts'
import { PlaybackSessions } from './playback-sessions.ts'
import { Refused } from '../shell/problem.ts'
import { rangeOf } from './range.ts'
import type { ByteRange } from './range.ts'
import { accountOf } from '../session/session.ts'
import { HearWhole, RecordingQuery } from './wire.ts'

const types: Readonly<Record<string, string>> = {
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.wav': 'audio/wav',
  '.flac': 'audio/flac',
  '.m4a': 'audio/mp4',
  '.webm': 'audio/webm',
}

const anyAudio = { 'audio/*': { schema: Type.String({ format: 'binary' }) } }

const played = {
  200: { description: 'The whole file.', content: anyAudio },
  206: { description: 'The range.', content: anyAudio },
  ...refusals(400, 401, 403, 404, 416, 503),
}

export function recordingRoutes(app: App, context: RouteContext): void {
  hearingRoute(app, context)
  messageRoute(app, context)
  wholeHearingRoute(app, context)
}

function hearingRoute(app: App, context: RouteContext): void {
  const sessions = new PlaybackSessions(context.deps.now)
  app.get(
    '/api/calls/:id/recording',
    {
      // Its own agents may hear it too, each what they said. Unlike the call record, a recording contains city data and is not
      // needed to serve the next caller.
      config: { access: ['agent', 'supervisor', 'auditor'], cityData: true },
      schema: {
        operationId: 'recording',
        tags: ['calls'],
        summary: 'The audio of a call; each hearing is recorded',
        params: CallParams,
        querystring: RecordingQuery,
        response: played,
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const call = CallId(request.params.id)
      const segments = await heardBy(context, account, call)
      const listener = { account, call, opening: request.query.opening }
      return play(context, sessions, { request, reply, listener, segments })
    },
  )
}

/** For programs, too: what a caller left is the only sound that a token opens. No player names its sessions, so each whole hearing counts. */
function messageRoute(app: App, context: RouteContext): void {
  const sessions = new PlaybackSessions(context.deps.now)
  app.get(
    '/api/voicemails/:id/recording',
    {
      config: { access: ['agent', 'supervisor'], cityData: true, scope: 'voicemails:read' },
      schema: {
        operationId: 'voicemailRecording',
        tags: ['calls'],
        summary: 'The audio of a message, without any conversation of its call; each hearing is recorded',
        params: CallParams,
        response: played,
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const call = CallId(request.params.id)
      const segments = await heardMessage(context, account, call)
      const listener = { account, call, opening: undefined }
      return play(context, sessions, { request, reply, listener, segments })
    },
  )
}

interface Playback {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly listener: Listener
  readonly segments: readonly KeptRecording[]
}

async function play(
  context: RouteContext,
  sessions: PlaybackSessions,
  { request, reply, listener, segments }: Playback,
): Promise<FastifyReply> {
  const { account, call, opening } = listener
  const heard = await openAll(context, listener, segments)
  try {
    const range = askedRange(request, reply, heard)
    const token = request.signedIn?.token ?? ''
    const start = range === 'whole' ? 0 : range.start
    const lastsMs = segments.reduce((sum, { manifest }) => sum + manifest.durationMs, 0)
    if (!sessions.isKnown(token, call, opening, { start, lastsMs })) {
      await recordHearing(context.deps.db, { call, account: account.id })
      sessions.opened(token, call, opening)
    }
    return sendBytes(reply, heard, range)
  } catch (error) {
    await heard.close()
    throw error
  }
}

async function openAll(
  { deps }: RouteContext,
  listener: Listener,
  segments: readonly KeptRecording[],
): Promise<HeardAudio> {
  const open = await openSegments(deps, segments)
  try {
    const parts = heardOnce(open.map(({ segment }) => segment))
    const heard: Joinable[] = []
    for (const [index, { segment, audio }] of open.entries()) {
      const part = parts[index]
      if (part === undefined || part.durationMs === 0) await audio.close()
      else heard.push({ audio: await heardAudio(deps, listener, segment, audio), skipMs: part.skipMs })
    }
    return await joined(heard)
  } catch (error) {
    for (const { audio } of open) await audio.close()
    throw error
  }
}

/** Only an auditor may hear an identity check, after stating a reason. */
function wholeHearingRoute(app: App, context: RouteContext): void {
  app.post(
    '/api/calls/:id/recording/hearings',
    {
      config: { access: ['auditor'], cityData: true },
      schema: {
        operationId: 'hearWhole',
        tags: ['calls'],
        summary: 'Allow a playback session to hear the identity check too, for the reason given',
        params: CallParams,
        body: HearWhole,
        response: { 204: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request, reply) => {
      const account = accountOf(request)
      const call = CallId(request.params.id)
      const reason = request.body.reason.trim()
      if (reason === '') throw new Refused('no-reason')
      await heardBy(context, account, call)
      await addFullHearing(context.deps.db, {
        opening: request.body.opening,
        call,
        account: account.id,
        reason,
      })
      return reply.code(204).send(null)
    },
  )
}

const holdsOthers = {
  ro: 'Înregistrarea cuprinde și ce au vorbit colegii: o ascultă supervizorul și auditorul.',
  en: 'The recording holds what colleagues said, too: supervisors and auditors hear it.',
}

/** At least one segment. */
async function heardBy(
  context: RouteContext,
  account: Account,
  call: CallId,
): Promise<readonly KeptRecording[]> {
  const record = await heardCall(context, account, call)
  const segments = heardSegments(context, account, record)
  // There is a recording, and it holds others' conversations.
  if (record.segments.length > segments.length && segments.length === 0)
    throw new Refused('forbidden', null, [], holdsOthers)
  if (segments.length === 0)
    throw new Refused(record.recording === 'pending' ? 'recording-pending' : 'no-recording')
  return segments
}

function askedRange(
  request: FastifyRequest,
  reply: FastifyReply,
  { etag, size }: HeardAudio,
): ByteRange | 'whole' {
  // A range applies only to the version of the file that the player already has (RFC 9110, section 13.1.5).
  const condition = request.headers['if-range']
  const applies = condition === undefined || condition === etag
  const range = rangeOf(applies ? request.headers.range : undefined, size)
  if (range !== 'unsatisfiable') return range
  reply.header('content-range', `bytes */${size}`)
  throw new Refused('bad-range')
}

function sendBytes(reply: FastifyReply, audio: HeardAudio, range: ByteRange | 'whole'): FastifyReply {
  const { size, name, etag } = audio
  const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range
  if (range !== 'whole') reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`)
  return reply
    .headers({
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'content-length': end - start + 1,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      etag,
    })
    .send(audio.stream({ start, end }))
}
