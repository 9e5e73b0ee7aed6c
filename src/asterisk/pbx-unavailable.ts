import { PbxUnavailable } from '../acd/ports.ts'
import { AmiSilence } from './ami/ami-connection.ts'
import { AriSilence } from './ari/ari-transport.ts'

/** Whatever got no answer is `PbxUnavailable`. */
export async function orPbxUnavailable<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof AriSilence || error instanceof AmiSilence) throw new PbxUnavailable(error.message)
    throw error
  }
}
