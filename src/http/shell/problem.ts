/** Refusals as RFC 9457 problem documents: a stable code and a sentence in the request's language, never a stack. */
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PbxUnavailable, StoreUnavailable } from '../../acd/ports.ts'
import type { Agent } from '../../core/agent.ts'
import type { DeskAnswer, DeskRefusal } from '../../core/desk-command.ts'
import { collectMethods } from './allowed-methods.ts'
import { wrongFields } from './validation-messages.ts'
import type { WrongField } from './validation-messages.ts'
import { languageOf } from './language.ts'
import type { Language } from './language.ts'
import { sentences, titles } from './sentences.ts'
import type { Code } from './sentences.ts'

/** An expected refusal. Handlers throw it; the error handler turns it into a problem document. */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: Code
  /** For `too-many-attempts`: the value of `Retry-After`. */
  readonly retryAfterSeconds: number | null
  /** For a `validation` rule that a schema cannot express: each wrong field, with what it accepts. */
  readonly errors: readonly WrongField[]
  /** A sentence that says more than the code's own. */
  readonly detail: Readonly<Record<Language, string>> | null
  /** Further members of the problem document. */
  readonly members: object
  constructor(
    code: Code,
    retryAfterSeconds: number | null = null,
    errors: readonly WrongField[] = [],
    detail: Readonly<Record<Language, string>> | null = null,
    members: object = {},
  ) {
    super(code)
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
    this.errors = errors
    this.detail = detail
    this.members = members
  }
}

/** A body that fits its schema but breaks a rule of its contents. */
export class WrongContent extends Error {
  override name = 'WrongContent'
  readonly fields: readonly WrongField[]
  constructor(fields: readonly WrongField[]) {
    super('validation')
    this.fields = fields
  }
}

const refusalCodes = {
  'no reachable phone': 'no-reachable-phone',
  'not signed in': 'not-signed-in',
  'paused by a supervisor': 'paused-by-supervisor',
  'not paused by a supervisor': 'not-paused-by-supervisor',
  'not in a call': 'not-in-a-call',
  'in a call': 'in-a-call',
  'not in wrap-up': 'not-in-wrap-up',
  'line is away': 'line-is-away',
  'unknown agent': 'unknown-agent',
  'unknown queue': 'unknown-queue',
  'unknown pause reason': 'unknown-pause-reason',
  'unknown contact': 'unknown-contact',
  'a transfer to oneself': 'transfer-to-oneself',
  'colleague not free': 'colleague-not-free',
  'queue not served': 'queue-not-served',
  'already consulting': 'already-consulting',
  'nobody consulted': 'nobody-consulted',
  'held at the phone': 'held-at-the-phone',
  'no such conversation': 'no-such-conversation',
  'supervising another call': 'supervising-another-call',
  'not supervising': 'not-supervising',
  'call not waiting': 'call-not-waiting',
  'call is over': 'call-is-over',
  'number in another call': 'number-in-another-call',
  'not to be called back': 'not-to-be-called-back',
  'no number': 'no-number-to-call',
  'not a number': 'not-a-number',
  'an emergency number': 'emergency-number',
  'our own number': 'own-number',
  'a premium number': 'premium-number',
  'a foreign number': 'foreign-number',
  'a number not allowed': 'number-not-allowed',
  'too many calls': 'too-many-calls',
  'too many calls of all': 'too-many-calls-of-all',
  'not allowed to call': 'not-allowed-to-call',
  'only returned calls': 'only-returned-calls',
} as const satisfies Record<DeskRefusal, Code>

/** The agent after a desk command; a refusal is thrown as a problem. */
export function granted(answer: DeskAnswer): Agent {
  if (answer.ok) return answer.value
  throw new Refused(refusalCodes[answer.refusal])
}

export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler(answerError)
  const methodsOf = collectMethods(app)
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(request.url.split('?')[0] ?? '')
    if (methods.length === 0) return sendProblem(request, reply, 'not-found')
    return sendProblem(request, reply.header('allow', methods.join(', ')), 'method-not-allowed')
  })
}

/** For errors before routing (an undecodable address). */
export function answerFrameworkError(
  _error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  sendProblem(request, reply, 'bad-request')
}

/** For input that is not valid HTTP: its language is unknown, and the connection cannot be used further. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  // The client has closed the connection: nothing can be sent.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const slow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const large = error.code === 'HPE_HEADER_OVERFLOW'
  const code = slow ? 'request-too-slow' : large ? 'headers-too-large' : 'bad-request'
  const { status, ro } = sentences[code]
  const body = JSON.stringify({ type: 'about:blank', title: titles[status], status, detail: ro, code })
  socket.end(
    [
      `HTTP/1.1 ${status} ${titles[status]}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Content-Language: ro',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Refused) {
    if (error.retryAfterSeconds !== null) reply.header('retry-after', Math.ceil(error.retryAfterSeconds))
    return sendProblem(request, reply, error.code, error.errors, error.detail, error.members)
  }
  if (error instanceof WrongContent) return sendProblem(request, reply, 'validation', error.fields)
  if (error.validation !== undefined) {
    const schemas = request.routeOptions.schema
    const schema: object = schemas?.[error.validationContext as 'body'] ?? {}
    const language = languageOf(request.headers['accept-language'])
    return sendProblem(request, reply, 'validation', wrongFields(error.validation, schema, language))
  }
  const code = codeOf(error)
  if (sentences[code].status >= 500) logFailure(error, request, code)
  return sendProblem(request, reply, code)
}

/** Logs a bug with its stack, an unavailable service only by name. Values of a query are never logged. */
function logFailure(error: FastifyError, request: FastifyRequest, code: Code): void {
  const route = request.routeOptions.url
  if (code === 'internal') {
    request.log.error(
      { route, error: { name: error.name, message: error.message, stack: error.stack } },
      'request failed',
    )
    return
  }
  request.log.warn({ route, code, error: error.name }, 'a service is not available')
}

function codeOf(error: FastifyError): Code {
  if (error instanceof StoreUnavailable || error instanceof PbxUnavailable) return 'line-is-away'
  // Node's error for a request that ends within its body. Its code alone is that of any reset connection.
  if (error.code === 'ECONNRESET' && error.message === 'aborted') return 'bad-request'
  if (isDatabaseAway(error)) return 'database-away'
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return 'bad-json'
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'body-too-large'
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return 'not-json'
    default:
      break
  }
  if (error.statusCode === 429) return 'too-many-attempts'
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return 'bad-request'
  return 'internal'
}

/**
 * Node's network errors, PostgreSQL's classes 08, 53 and 57, a lock timeout (55P03), the pool's own timeouts, and the rollback
 * of a transaction whose connection has ended ("not queryable").
 */
export function isDatabaseAway(error: { readonly code?: unknown; readonly message: string }): boolean {
  if (typeof error.code === 'string' && /^(ECONN|ENOENT|EPIPE|ETIMEDOUT|08|53|57|55P03)/.test(error.code))
    return true
  return /connection terminated|timeout exceeded when trying to connect|query read timeout|is not queryable/i.test(
    error.message,
  )
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: Code,
  errors: readonly WrongField[] = [],
  detail: Readonly<Record<Language, string>> | null = null,
  members: object = {},
): FastifyReply {
  const language = languageOf(request.headers['accept-language'])
  const sentence = sentences[code]
  const fields = errors.map(({ field, accepted }) => `${field === '' ? 'body' : field}: ${accepted}`)
  return reply
    .code(sentence.status)
    .headers({
      'content-type': 'application/problem+json; charset=utf-8',
      'content-language': language,
      vary: 'Accept-Language',
      'cache-control': 'no-store',
    })
    .serializer((body: unknown) => JSON.stringify(body))
    .send({
      type: 'about:blank',
      title: titles[sentence.status],
      status: sentence.status,
      detail: [(detail ?? sentence)[language], ...fields].join(fields.length > 0 ? ' ' : ''),
      code,
      ...(errors.length > 0 && { errors }),
      ...members,
    })
}
