/**
 * Jobs for a process of its own, where the environment is the job's alone: one after another, each with an outcome.
 */
import { spawn } from "node:child_process"
import { program as built } from "../support/program.js"

export interface Job {
  /** What the program is to do. */
  readonly source: string
  /** With which options, where there are any. */
  readonly options?: object | undefined
  readonly env: Readonly<Record<string, string>>
}

// One by one: what is not JavaScript, such as the home directory, sees the environment itself and no copy.
const set = (env: NodeJS.ProcessEnv): void => {
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

/** In the program: does every job and tells the outcomes. */
export const serveJobs = async (run: (job: Job) => Promise<string>): Promise<void> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  const jobs = JSON.parse(Buffer.concat(chunks).toString("utf8")) as ReadonlyArray<Job>
  const before = { ...process.env }
  const outcomes: Array<string> = []
  for (const job of jobs) {
    set(job.env)
    outcomes.push(await run(job).catch(String))
    set(Object.fromEntries(Object.keys(job.env).map((name) => [name, before[name]])))
  }
  process.stdout.write(JSON.stringify(outcomes), () => process.exit(0))
}

/** In the test: starts the program and gives it jobs. */
export const doJobs = (
  program: string,
  env: Readonly<Record<string, string>>,
  jobs: ReadonlyArray<Job>
): Promise<ReadonlyArray<string>> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [built(program)], {
      env,
      stdio: ["pipe", "pipe", "pipe"]
    })
    let output = ""
    let errors = ""
    child.stdout.on("data", (chunk) => {
      output += chunk
    })
    child.stderr.on("data", (chunk) => {
      errors += chunk
    })
    child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(output) as ReadonlyArray<string>)
      else reject(new Error(`${program} ended with ${code}: ${errors}`))
    })
    child.stdin.end(JSON.stringify(jobs))
  })
