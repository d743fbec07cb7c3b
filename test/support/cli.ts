/** The program as it is shipped, run in a process of its own, on an environment of its own. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { outdir } from "./program.js"

export const cli = join(outdir, "cli/effect-sts.cjs")

/** A home of nobody's. */
export const newHome = (): string => mkdtempSync(join(tmpdir(), "effect-sts-cli-"))

const home = newHome()

export interface Ended {
  readonly status: number | NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly cwd?: string
}

/** Starts it with nothing in its environment but what is said. */
export const start = (
  args: ReadonlyArray<string>,
  { cwd = home, env = {}, input = "" }: Surroundings = {}
): ChildProcess => {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    // Compiled once for all tests.
    env: { PATH: process.env["PATH"], HOME: home, XDG_CACHE_HOME: join(outdir, "cli/cache"), ...env },
    stdio: ["pipe", "pipe", "pipe"]
  })
  // A program that does not read it may have ended.
  child.stdin?.on("error", () => undefined).end(input)
  return child
}

/** What it wrote, once it has ended. */
export const ended = (child: ChildProcess): Promise<Ended> =>
  new Promise((resolve) => {
    const [stdout, stderr]: [Array<Buffer>, Array<Buffer>] = [[], []]
    child.stdout?.on("data", (chunk) => stdout.push(chunk))
    child.stderr?.on("data", (chunk) => stderr.push(chunk))
    child.once("close", (code, signal) =>
      resolve({
        status: code ?? signal ?? -1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString()
      })
    )
  })

/** Runs it to its end. */
export const run = (args: ReadonlyArray<string>, surroundings?: Surroundings): Promise<Ended> =>
  ended(start(args, surroundings))
