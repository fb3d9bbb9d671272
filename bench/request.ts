import { Agent, request as httpRequest } from 'node:http'

/** Where a contender listens. Workers of one runtime share a port and are told apart by the host's name. */
export interface Target {
  port: number
  host: string
  /** Where it is not on this machine. */
  address?: string
  /** Of the process that answers, where it is on this machine. */
  pid?: number | undefined
}

export interface Ask {
  method?: string
  path: string
  headers?: Record<string, string>
  body?: string | Buffer
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer
  /** All that came over the wire: head and body. */
  wireBytes: number
}

/** One request on a connection of its own. */
export function send(
  { port, host, address = '127.0.0.1' }: Target,
  { method = 'GET', path, headers = {}, body }: Ask,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // As load generators do: who announces that it will close gets a header more.
    const agent = new Agent({ keepAlive: true })
    const request = httpRequest({ host: address, port, method, path, agent, headers: { host, ...headers } })
    request.once('close', () => agent.destroy())
    request.once('error', reject)
    request.once('response', (response) => {
      const chunks: Buffer[] = []
      const { socket } = response
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        const given = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
        const { statusCode: status = 0 } = response
        resolve({
          status,
          headers: Object.fromEntries(given),
          body: Buffer.concat(chunks),
          wireBytes: socket.bytesRead,
        })
      })
    })
    request.end(body)
  })
}

/** The same, where anything but success is our mistake. */
export async function mustSend(target: Target, ask: Ask): Promise<Answer> {
  const answer = await send(target, ask)
  if (answer.status < 200 || answer.status >= 300) {
    throw new Error(`${ask.method ?? 'GET'} ${ask.path}: ${answer.status} ${answer.body.toString().slice(0, 500)}`)
  }
  return answer
}
