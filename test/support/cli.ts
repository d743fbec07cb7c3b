/**
 * The program as it is shipped, run in a process of its own, on an environment of its own: in pipes, and at a terminal.
 * `npm run package-check` says with EFFECT_STS_PROGRAM and EFFECT_STS_NODES which program is meant, and what runs it.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { delimiter, join } from "node:path"
import { createInterface } from "node:readline"
import { newFolder } from "./folders.js"
import { outdir } from "./program.js"

export const cli = process.env["EFFECT_STS_PROGRAM"] ?? join(outdir, "cli/effect-sts.cjs")

/** Every Node that the program is to be tried with. */
export const nodes: ReadonlyArray<string> = process.env["EFFECT_STS_NODES"]?.split(delimiter) ?? [
  process.execPath
]

/** For tests side by side: programs keep the processor busy, and more of them at once make each other late. */
export const few = { maxConcurrency: 4 }

export interface Ended {
  readonly status: number | NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly node?: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly cwd?: string
  /** Another copy of it. */
  readonly program?: string
}

/** Nothing but what is said. */
const environment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  HOME: newFolder(),
  // Compiled once for all tests.
  XDG_CACHE_HOME: join(outdir, "cli/cache"),
  ...env
})

/** Starts it. */
export const start = (
  args: ReadonlyArray<string>,
  { cwd = newFolder(), env = {}, input = "", node = process.execPath, program = cli }: Surroundings = {}
): ChildProcess => {
  const child = spawn(node, [program, ...args], {
    cwd,
    env: environment(env),
    stdio: ["pipe", "pipe", "pipe"]
  })
  // A program that does not read it may have ended.
  child.stdin?.on("error", () => undefined).end(input)
  return child
}

/** The first line of its output, which serves tell when they are ready. */
export const firstLine = async ({ stdout }: ChildProcess): Promise<string> => {
  if (stdout === null) throw new Error("no standard output")
  const [line] = await once(createInterface(stdout), "line")
  return String(line)
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

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

export interface AtTerminal extends Omit<Surroundings, "input"> {
  /** What the person does who sees this, once: gives what is typed. Nothing where it is not yet time to. */
  readonly types?: (shown: string) => string | Promise<string> | undefined
}

/** Runs it at a terminal to its end: its status as shells have it, and what the screen shows. */
export const runAtTerminal = (
  args: ReadonlyArray<string>,
  { cwd = newFolder(), env = {}, node = process.execPath, types = () => undefined }: AtTerminal = {}
): Promise<{ readonly status: number; readonly shown: string }> =>
  new Promise((resolve) => {
    const line = [node, cli, ...args].map(quoted).join(" ")
    const child = spawn("script", ["-qec", `exec ${line}`, "/dev/null"], {
      cwd,
      env: { ...environment(env), SHELL: "/bin/sh" },
      stdio: ["pipe", "pipe", "inherit"]
    })
    let shown = ""
    let answered = false
    const look = async () => {
      const typed = answered ? undefined : types(shown)
      if (typed === undefined) return
      answered = true
      child.stdin.write(await typed)
    }
    child.stdin.on("error", () => undefined)
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      shown += chunk.replaceAll("\r", "")
      void look()
    })
    void look()
    child.once("close", (code) => resolve({ status: code ?? -1, shown }))
  })
