import type { PbxName } from '../core/ids.ts'

/** All keys of one Asterisk's ACD. The prefix is a hash tag: a script's keys must be on one node of a cluster. */
export function acdKeys(prefix: string, pbx: PbxName) {
  const p = `{${prefix}}`
  return {
    lease: `${p}:lease:${pbx}`,
    /** The token granted last; it stays when the lease has expired. */
    lastLease: `${p}:lease-last:${pbx}`,
    /** When an owner last saw all calls and had saved what it saw, by the ACD's clock (ms); it stays. */
    lastSeen: `${p}:lease-seen:${pbx}`,
    /** The standby node that reaches the Asterisk. */
    standby: `${p}:standby:${pbx}`,
    /** The API address of each node (hash). */
    nodes: `${p}:nodes`,
    /** Messages between nodes (Pub/Sub channel). */
    news: `${p}:news`,
    /** Version of each state, for compare-and-set (hash). Not the format version `v` inside the state. */
    versions: `${p}:versions`,
    states: `${p}:states`,
    events: `${p}:events`,
    effects: `${p}:effects:${pbx}`,
  }
}
export type AcdKeys = ReturnType<typeof acdKeys>

/** Of the rates of programs; one hash tag, as above. */
export function programKeys(prefix: string) {
  const p = `{${prefix}}`
  return {
    /** Requests of a token in its present window (number). */
    requests: (token: number) => `${p}:program-requests:${token}`,
    /** Refused requests of an hour, by token (hash). */
    refused: (hour: number) => `${p}:program-refused:${hour}`,
  }
}
