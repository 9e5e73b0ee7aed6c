import { PbxAway } from '../acd/ports.ts'
import { AmiSilence } from './ami/ami-connection.ts'
import { AriSilence } from './ari/ari-transport.ts'

/** Whatever got no answer is `PbxAway`. */
export async function away<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof AriSilence || error instanceof AmiSilence) throw new PbxAway(error.message)
    throw error
  }
}
