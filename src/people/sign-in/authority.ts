/** The certificate authority of the city's own, which is trusted beside the public ones. */
import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'

/** For all connections of this process. Throws where the file cannot be read or holds no certificates in PEM form. */
export function trustAuthority(file: string): void {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(file, 'utf8')])
}
