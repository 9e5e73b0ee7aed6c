/** Replaces `src/main.ts` in tests of the stack itself: answers the probes and returns its process id. */
import { createServer } from 'node:http'
import { readConfig } from '../../src/config.ts'
import { beat } from '../../src/heartbeat.ts'

beat()
const { api } = readConfig(process.env)
const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain')
  response.end(request.url === '/api/pid' ? String(process.pid) : 'ok')
})
server.listen('socket' in api ? { path: api.socket } : api)
process.on('SIGTERM', () => process.exit(0))
