/** A passkey in software: answers WebAuthn challenges as a browser with an authenticator does, also wrongly on purpose. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export interface Lies {
  readonly origin?: string
  readonly challenge?: string
  /** Signature counter; 0 by default, as most passkeys send. */
  readonly counter?: number
  /** The device was not unlocked: possession alone. */
  readonly unverified?: boolean
  readonly type?: string
}

export class SoftPasskey {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly #id = randomBytes(32)
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  create(challenge: string, lies: Lies = {}): Record<string, unknown> {
    const client = this.#client('webauthn.create', challenge, lies)
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' })
    // COSE: kty EC2, alg ES256, crv P-256, x, y.
    const key = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ])
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.#id.length]), this.#id, key])
    const data = Buffer.concat([this.#data(lies, 0x40), credential])
    // {fmt: 'none', attStmt: {}, authData}
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'),
      Buffer.from([data.length >> 8, data.length & 255]),
      data,
    ])
    return this.#answer({
      clientDataJSON: client.toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['internal'],
    })
  }

  get(challenge: string, lies: Lies = {}): Record<string, unknown> {
    const client = this.#client('webauthn.get', challenge, lies)
    const data = this.#data(lies, 0)
    const hash = createHash('sha256').update(client).digest()
    const signature = sign('sha256', Buffer.concat([data, hash]), this.#keys.privateKey)
    return this.#answer({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signature.toString('base64url'),
    })
  }

  #client(type: string, challenge: string, lies: Lies): Buffer {
    const client = { type, challenge, origin: this.#origin, crossOrigin: false, ...lies }
    return Buffer.from(JSON.stringify(client))
  }

  #data({ counter = 0, unverified = false, origin = this.#origin }: Lies, flags: number): Buffer {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const rp = createHash('sha256').update(new URL(origin).hostname).digest()
    return Buffer.concat([rp, Buffer.from([flags | (unverified ? 1 : 5)]), count])
  }

  #answer(response: object): Record<string, unknown> {
    const id = this.#id.toString('base64url')
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response }
  }
}
