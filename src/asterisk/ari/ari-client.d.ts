/**
 * Types for ari-client 2.2.0, which ships none. The library makes its operations from the API description of the
 * Asterisk that it is connected to: the names here are those of Asterisk 22.
 */
declare module 'ari-client' {
  type Operation = (options: Record<string, unknown>) => Promise<unknown>
  type Operations<Names extends string> = Readonly<Record<Names, Operation>>

  export interface AriClient {
    readonly applications: Operations<'get' | 'subscribe' | 'filter'>
    readonly asterisk: Operations<'setGlobalVar' | 'ping' | 'getInfo'>
    readonly bridges: Operations<BridgeOperation>
    readonly channels: Operations<ChannelOperation>
    readonly playbacks: Operations<'stop'>
  }

  type BridgeOperation =
    | 'list'
    | 'createWithId'
    | 'get'
    | 'destroy'
    | 'addChannel'
    | 'removeChannel'
    | 'startMoh'
    | 'stopMoh'
    | 'playWithId'
    | 'record'
  type ChannelOperation =
    | 'list'
    | 'get'
    | 'originateWithId'
    | 'hangup'
    | 'continueInDialplan'
    | 'move'
    | 'redirect'
    | 'answer'
    | 'ring'
    | 'ringStop'
    | 'progress'
    | 'sendDTMF'
    | 'mute'
    | 'unmute'
    | 'hold'
    | 'transfer_progress'
    | 'unhold'
    | 'startMoh'
    | 'stopMoh'
    | 'startSilence'
    | 'stopSilence'
    | 'playWithId'
    | 'record'
    | 'getChannelVar'
    | 'setChannelVar'
    | 'snoopChannelWithId'
    | 'dial'
    | 'externalMedia'

  const library: { connect(url: string, user: string, password: string): Promise<AriClient> }
  export default library
}
