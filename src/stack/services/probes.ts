/** Short questions to services: do they answer? Each ends by itself within two seconds. */
import { connect } from 'node:net'
import { request } from 'node:http'

const probeMs = 2_000
/** Who had no processor himself for so long cannot say that somebody else is silent. */
const ownDelayMaxMs = 500
const ownLookEveryMs = 20
/** So many silent probes in a row and a part is taken for hung. */
const silentMax = 3
/** What a probe counts of which nobody knows; a machine that stays so busy hides no part for ever. */
const unknownCounts = 1 / 8

/** Null: nobody knows, this process itself was held up. */
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

/** How long a part has been silent, in probes. */
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

/** Whether HTTP on this machine answers with a status that is accepted. */
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

/** Sends a text and waits for a pattern in what comes back. */
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
