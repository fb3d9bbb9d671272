import { createServer } from 'node:net'
import { send, type Target } from './request.ts'

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Waits until a server answers, whatever it says. */
export async function isUp(target: Target, path: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await send(target, { path })
      return
    } catch (error) {
      if (attempt > 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
