import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'

/** Whatever ends a run, interruptions too: nothing that it started goes on, and nothing that it wrote stays. */
const children = new Set<ChildProcess>()
const folders = new Set<string>()

process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

/** A program that ends with the run, at the latest. */
export function watched<T extends ChildProcess>(child: T): T {
  children.add(child)
  return child
}

/** A folder that goes with the run, at the latest. */
export function temporary(folder: string): string {
  folders.add(folder)
  return folder
}

/** Ends a program, and waits until it has ended. */
export async function end(child: ChildProcess): Promise<void> {
  children.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}
