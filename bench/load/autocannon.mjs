/** Sends load to one address, in a process of its own, and prints what it measured as JSON. */
import autocannon from 'autocannon'

const { url, writers, connections, seconds } = JSON.parse(process.argv[2])
let next = 0
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  timeout: 30,
  setupClient: (client) => client.setRequests(writers[next++ % writers.length]),
})
const { latency, non2xx, errors, statusCodeStats: statuses } = result
const unchanged = statuses['304']?.count ?? 0
console.log(
  JSON.stringify({
    requests: result.requests.total,
    seconds: result.duration,
    bytes: result.throughput.total,
    errors,
    refused: non2xx - unchanged,
    p50: latency.p50,
    p99: latency.p99,
  }),
)
