/** The part of the screens that only agents load, in one file. */
export { AgentSession } from './agent-session.tsx'
export { CallBack } from './outbound/call-back.tsx'
export { DeskPage } from './desk-page.tsx'
