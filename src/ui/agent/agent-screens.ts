/** What only agents load: one file instead of two. */
export { AgentSession } from './agent-session.tsx'
export { DeskPage } from './desk-page.tsx'
