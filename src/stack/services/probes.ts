/** Health probes of services; each is bounded to two seconds. */
import { connect } from 'node:net'
import { request } from 'node:http'

const probeMs = 2_000
/** A probe is inconclusive when this process itself was delayed by more than this. */
const ownDelayMaxMs = 500
const ownLookEveryMs = 20
/** A part counts as hung after this many unanswered probes in a row. */
const silentMax = 3
/** Weight of an inconclusive probe, so that a machine that stays busy does not hide a hung part for ever. */
const unknownCounts = 1 / 8

/** Null: inconclusive, because this process itself was delayed. */
export async function answersNow(probe: () => Promise<boolean>): Promise<boolean | null> {
  let lookedAt = performance.now()
  let heldUpMs = 0
  const look = (): void => {
    const now = performance.now()
    heldUpMs = Math.max(heldUpMs, now - lookedAt)
    lookedAt = now
  }
  const looking = setInterval(look, ownLookEveryMs)
  const answers = await probe()
  clearInterval(looking)
  look()
  return answers || heldUpMs < ownDelayMaxMs ? answers : null
}

/** Counts unanswered probes of a part. */
export class Silence {
  #probes = 0

  goesOn(answers: false | null): void {
    this.#probes += answers === null ? unknownCounts : 1
  }

  broken(): void {
    this.#probes = 0
  }

  get tooLong(): boolean {
    return this.#probes >= silentMax
  }
}

/** Whether an HTTP request is answered with an accepted status. */
export function answersHttp(
  address: { readonly host: string; readonly port: number },
  path: string,
  accepted: (status: number) => boolean,
  auth?: string,
): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { ...address, path, timeout: probeMs, agent: false, ...(auth === undefined ? {} : { auth }) },
      (response) => {
        response.resume()
        resolve(accepted(response.statusCode ?? 0))
      },
    )
    asked.on('timeout', () => {
      asked.destroy()
      resolve(false)
    })
    asked.on('error', () => {
      resolve(false)
    })
    asked.end()
  })
}

/** Sends a text and waits for a pattern in the answer. */
export function answersText(
  address: { readonly host: string; readonly port: number },
  text: string | Buffer,
  expected: RegExp,
): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(address, () => {
      socket.write(text)
    })
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(probeMs, () => {
      done(false)
    })
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      heard += String(chunk)
      if (expected.test(heard)) done(true)
    })
    socket.on('error', () => {
      done(false)
    })
    socket.on('end', () => {
      done(false)
    })
  })
}
