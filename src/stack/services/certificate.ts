/** Checks the city's own certificate (TLS_CERT, TLS_KEY) before the start. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Settings } from '../../config.ts'
import { UserError } from '../terminal.ts'

/**
 * The hosts of the certificate (DNS names and addresses).
 * @throws {UserError} with one sentence with the setting and what is wrong about its file.
 */
export async function hostsOfCertificate(tls: NonNullable<Settings['tls']>): Promise<readonly string[]> {
  const certificate = readCertificate(tls.cert, await textOf('TLS_CERT', tls.cert))
  const key = readKey(tls.key, await textOf('TLS_KEY', tls.key))
  if (!certificate.checkPrivateKey(key))
    throw new UserError(
      `TLS_KEY: the key in ${tls.key} does not belong to the certificate in ${tls.cert} (whose first one counts).`,
    )
  const now = Date.now()
  if (certificate.validToDate.getTime() < now)
    throw new UserError(`TLS_CERT: the certificate in ${tls.cert} has expired (${certificate.validTo}).`)
  if (certificate.validFromDate.getTime() > now)
    throw new UserError(
      `TLS_CERT: the certificate in ${tls.cert} is not valid before ${certificate.validFrom}.`,
    )
  const hosts = hostsIn(certificate.subjectAltName ?? '')
  if (hosts.length === 0)
    throw new UserError(
      `TLS_CERT: the certificate in ${tls.cert} names no host in its subjectAltName, so no browser would accept it.`,
    )
  return hosts
}

async function textOf(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'this user may not' : code
    throw new UserError(`${setting}: ${path} cannot be read: ${String(why)}.`, { cause: error })
  }
}

function readCertificate(path: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (error) {
    throw new UserError(`TLS_CERT: ${path} holds no certificate in PEM form.`, { cause: error })
  }
}

function readKey(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (error) {
    throw new UserError(`TLS_KEY: ${path} holds no private key in PEM form without a passphrase.`, {
      cause: error,
    })
  }
}

/** `DNS:linia.example.ro, IP Address:192.0.2.10`; other kinds of names are ignored. */
function hostsIn(alternatives: string): readonly string[] {
  return alternatives.split(', ').flatMap((one) => /^(?:DNS|IP Address):([\w.*:-]+)$/.exec(one)?.[1] ?? [])
}
