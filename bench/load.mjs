/** Sends load to one address, in a process of its own, and prints what it measured as JSON. */
import autocannon from 'autocannon'

const { url, connections, seconds, requests } = JSON.parse(process.argv[2])
const result = await autocannon({ url, connections, duration: seconds, requests, timeout: 30 })
const { requests: rate, latency, non2xx, errors, statusCodeStats: statuses } = result
const { p50, p99 } = latency
console.log(JSON.stringify({ rate: rate.total / result.duration, p50, p99, non2xx, errors, statuses }))
