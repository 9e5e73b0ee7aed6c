import { PbxUnavailable } from '../acd/ports.ts'
import { AmiSilence } from './ami/ami-connection.ts'
import { AriSilence } from './ari/ari-transport.ts'

/** Turns an unanswered ARI request or AMI action into `PbxUnavailable`. */
export async function orPbxUnavailable<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof AriSilence || error instanceof AmiSilence) throw new PbxUnavailable(error.message)
    throw error
  }
}
