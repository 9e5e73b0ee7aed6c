/**
 * The desk for every node: a command is carried out here if this node is the owner, otherwise it is sent to the
 * owner. During a takeover a command waits for the next owner, with a time limit. A command whose answer was lost
 * is not repeated: a second `hangUp` could hang up on the next caller.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { DeskAnswer, DeskCommand } from '../../core/desk-command.ts'
import type { AskedOnPage, PageCallbackAnswer } from '../../core/announcements/page-callback.ts'
import { StoreUnavailable } from '../../acd/ports.ts'
import type { Desk, PageCallbacks } from '../../acd/ports.ts'
import { askNode, NodeGone } from './ask-node.ts'
import type { NodeAddress } from './ask-node.ts'
import { deskPath, pageCallbackPath } from './secret.ts'

/** A takeover takes at most this long; after that the command is refused with `line is away`. */
const takeoverMs = 3_000
const lookEveryMs = 100
const answerMs = 1_000
/** The owner waits for the save (`bounds.pageCallbackSavedMs`). */
const pageCallbackAnswerMs = 3_000

export interface SharedDeps {
  readonly node: string
  readonly holder: () => string | null
  readonly addressOf: (node: string) => Promise<NodeAddress | null>
  /** The header `authorization` between nodes. */
  readonly authorization: string
  readonly monotonic: () => number
}

export interface SharedDeskDeps extends SharedDeps {
  /** This node's own desk; null unless it is the owner. */
  readonly own: () => Desk | null
}

export const sharedDesk = (deps: SharedDeskDeps): Desk => ({
  perform: byOwner<DeskCommand, DeskAnswer>(deps, {
    path: deskPath,
    answerMs,
    own: () => {
      const own = deps.own()
      return own === null ? null : (command) => own.perform(command)
    },
  }),
})

/** Callbacks asked for on the public page, in the same way. It may be asked twice: the owner makes one callback of it. */
export const sharedPageCallbacks = (
  deps: SharedDeps & {
    /** This node's own; null unless it is the owner. */
    readonly own: () => PageCallbacks | null
  },
): PageCallbacks => ({
  ask: byOwner<AskedOnPage, PageCallbackAnswer>(deps, {
    path: pageCallbackPath,
    answerMs: pageCallbackAnswerMs,
    own: () => {
      const own = deps.own()
      return own === null ? null : (asked) => own.ask(asked)
    },
  }),
})

interface Way<Command, Answer> {
  readonly path: string
  readonly answerMs: number
  /** Here; null unless this node is the owner. */
  readonly own: () => ((command: Command) => Promise<Answer>) | null
}

type Refusable = { readonly ok: true } | { readonly ok: false; readonly refusal: string }
const away = { ok: false, refusal: 'line is away' } as const

function byOwner<Command, Answer extends Refusable>(
  deps: SharedDeps,
  way: Way<Command, Answer | typeof away>,
): (command: Command) => Promise<Answer | typeof away> {
  const owners = new OwnerHistory(deps, () => way.own() !== null)

  return async (command) => {
    const giveUpAt = deps.monotonic() + takeoverMs
    for (;;) {
      const answer = await once(deps, way, command)
      if (answer !== 'no owner' && !isAway(answer)) return answer
      const settled = owners.settled()
      if (settled || deps.monotonic() > giveUpAt) return answer === 'no owner' ? away : answer
      await pause(lookEveryMs)
    }
  }
}

/** The owner may be a node of an older release, which answers `pageOpened` with null. */
const isAway = (answer: Refusable | null): boolean =>
  answer?.ok === false && answer.refusal === 'line is away'

/** `no owner`: there is no owner now, or the former owner has ended. */
async function once<Command, Answer>(
  deps: SharedDeps,
  { own, path, answerMs: timeoutMs }: Way<Command, Answer>,
  command: Command,
): Promise<Answer | 'no owner'> {
  const here = own()
  if (here !== null) return here(command)
  const owner = deps.holder()
  const address = owner === null || owner === deps.node ? null : await deps.addressOf(owner)
  if (address === null) return 'no owner'
  try {
    const { status, json } = await askNode(address, {
      method: 'POST',
      path,
      body: command,
      headers: { authorization: deps.authorization },
      timeoutMs,
    })
    if (status === 200) return json as Answer
  } catch (error) {
    if (error instanceof NodeGone) return 'no owner'
  }
  throw new StoreUnavailable('The owner node gave no usable answer')
}

/** Observes whether the owner has stayed the same for longer than a takeover lasts. */
class OwnerHistory {
  readonly #deps: SharedDeps
  readonly #isOwn: () => boolean
  #latest: string | null = null
  #since: number

  constructor(deps: SharedDeps, isOwn: () => boolean) {
    this.#deps = deps
    this.#isOwn = isOwn
    this.#since = deps.monotonic()
  }

  settled(): boolean {
    const { node, holder, monotonic } = this.#deps
    const owner = this.#isOwn() ? node : holder()
    if (owner !== this.#latest) {
      this.#latest = owner
      this.#since = monotonic()
    }
    return owner !== null && monotonic() - this.#since > takeoverMs
  }
}
