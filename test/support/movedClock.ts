/** One clock for a program, for what it runs and for an emulator, which a test moves. */
import { renameSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

/** What the environment of a program by Node holds whose clock is moved by this file. */
export const clockOf = (file: string): Readonly<Record<string, string>> => {
  writeFileSync(file, "0")
  const preload = fileURLToPath(new URL("movedClock.cjs", import.meta.url))
  return { NODE_OPTIONS: `--require=${preload}`, MOVED_CLOCK: file }
}

/** Puts the clock so many minutes ahead of the real one. */
export const moveClock = async (file: string, emulator: string, minutes: number): Promise<void> => {
  const offset = minutes * 60_000
  // In one go: who reads it finds the one time or the other.
  writeFileSync(`${file}.new`, String(offset))
  renameSync(`${file}.new`, file)
  await fetch(`${emulator}/_emulator/clock`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ offset })
  })
}
