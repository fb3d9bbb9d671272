import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeNetwork } from '../../src/outbound/nodeNetwork.ts'

describe('nodeNetwork', () => {
  let calls = 0
  const server = createServer((_, answer) => {
    calls++
    answer.writeHead(302, { location: 'http://elsewhere.example/' }).end('here')
  })
  let port = 0
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    if (typeof address === 'object') port = address?.port ?? 0
  })
  afterAll(() => void server.close())
  const ask = (allowed: string[]) => nodeNetwork(allowed)(new Request(`http://localhost:${port}/`))

  it('connects to no name that resolves to a private address', async () => {
    await expect(ask([])).rejects.toThrow()
    expect(calls).toBe(0)
  })

  it('does where the operator allows it, and follows nothing by itself', async () => {
    const response = await ask(['127.0.0.0/8'])
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://elsewhere.example/'])
    expect((await ask(['localhost'])).status).toBe(302)
  })
})
