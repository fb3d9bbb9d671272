import { readFileSync, writeFileSync } from 'node:fs'

/** What a process holds, and has held at most since `resetPeak`; where the system tells it. */
export function memoryOf(pid: number | undefined): { residentMiB: number; peakMiB: number } | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mebibytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
  return { residentMiB: mebibytes('VmRSS'), peakMiB: mebibytes('VmHWM') }
}

/** Linux forgets a process's peak when 5 is written here. */
export function resetPeak(pid: number | undefined): void {
  if (pid !== undefined && process.platform === 'linux') writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
