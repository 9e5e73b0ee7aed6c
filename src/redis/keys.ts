import type { PbxName } from '../core/ids.ts'

/** All keys of one line. The prefix is a hash tag, so that a script's keys stay together. */
export function acdKeys(prefix: string, pbx: PbxName) {
  const p = `{${prefix}}`
  return {
    lease: `${p}:lease:${pbx}`,
    /** The token granted last; it stays when the lease has expired. */
    lastLease: `${p}:lease-last:${pbx}`,
    /** Who stands by and reaches that Asterisk. */
    standby: `${p}:standby:${pbx}`,
    /** Where each node listens (hash). */
    nodes: `${p}:nodes`,
    /** What nodes tell one another (channel). */
    news: `${p}:news`,
    versions: `${p}:versions`,
    states: `${p}:states`,
    events: `${p}:events`,
    effects: `${p}:effects:${pbx}`,
  }
}
export type AcdKeys = ReturnType<typeof acdKeys>
