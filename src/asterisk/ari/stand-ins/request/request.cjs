/** Stands in for the abandoned package `request`: ari-client only asks whether Asterisk's API can be reached. */
const http = require('node:http')

const answerWithinMs = 5_000

/** `done(error)`, or `done(null)` when there is any answer. */
module.exports = function request(url, done) {
  const asked = http.get(url, { agent: false, timeout: answerWithinMs }, (response) => {
    response.resume()
    done(null)
  })
  asked.on('timeout', () => asked.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
  asked.on('error', done)
}
