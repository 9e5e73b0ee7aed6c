/** Short questions to services: do they answer? Each ends by itself within two seconds. */
import { connect } from 'node:net'
import { request } from 'node:http'

const probeMs = 2_000
/** Who had no processor himself for so long cannot say that somebody else is silent. */
const ownDelayMaxMs = 500
const ownLookEveryMs = 20

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
