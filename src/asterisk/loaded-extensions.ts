/** The extensions of contexts as Asterisk has them loaded, whatever the files say. */
import { AmiConnection, AmiRefusal, type AmiOptions } from './ami/ami-connection.ts'
import { textIn } from './ami/fields.ts'

const askWithinMs = 3_000
const ignore = (): void => undefined

/** Of each context; null: Asterisk has no such context. Null for all: it does not answer, or may not be asked. */
export async function loadedExtensions(
  access: Omit<AmiOptions, 'mayAct'>,
  contexts: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string> | null> | null> {
  const ami = new AmiConnection(access, { connected: ignore, disconnected: ignore, event: ignore })
  const late = Promise.withResolvers<null>()
  const timer = setTimeout(() => late.resolve(null), askWithinMs)
  const asked = async () => {
    await ami.start()
    const loaded = new Map<string, ReadonlySet<string> | null>()
    for (const context of contexts) loaded.set(context, await extensionsOf(ami, context))
    return loaded
  }
  try {
    return await Promise.race([asked(), late.promise])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
    ami.stop()
  }
}

async function extensionsOf(ami: AmiConnection, context: string): Promise<ReadonlySet<string> | null> {
  try {
    const listed = await ami.list({ action: 'ShowDialPlan', context })
    return new Set(listed.map((one) => textIn(one, 'extension')).filter((extension) => extension !== ''))
  } catch (error) {
    if (error instanceof AmiRefusal && /did not find/i.test(error.message)) return null
    throw error
  }
}
