/**
 * Processes that answer questions, so that nothing measured shares a heap or an event loop with anything else. They are
 * plain Node: no loader stands between a program and its modules.
 */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { benchOf, type Line } from "./lines.js"

/** The stub answers on this machine: no proxy of the environment has a say. */
export const environment = {
  ...process.env,
  NO_PROXY: "127.0.0.1",
  no_proxy: "127.0.0.1",
  // AWS's client tells of Node's age on every start.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true"
}

/** The same with the keys that a short-lived program finds there. */
export const withKeys = {
  ...environment,
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "ExampleSecret",
  ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI5tExample",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "ExampleSecret"
}

/** A folder for what is written to be measured. */
export const inFolder = async <A>(use: (folder: string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), "effect-sts-bench-"))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Room for everything that one sample allocates, so that no collection runs within it. */
export const roomy = ["--expose-gc", "--max-semi-space-size=256", "--min-semi-space-size=256"]

type Answer<A> = { readonly answer: A } | { readonly error: string }

export class Process<Question, A> {
  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess
  ) {}

  /** Starts a module of `contenders/` on a line's Effect; `flags` are Node's. */
  static async start<Question, A>(
    module: string,
    {
      flags = [],
      input = [],
      line = 4
    }: {
      readonly input?: ReadonlyArray<string>
      readonly flags?: ReadonlyArray<string>
      readonly line?: Line
    } = {}
  ): Promise<Process<Question, A>> {
    const child = fork(join(benchOf(line), "contenders", `${module}.mjs`), input, {
      env: environment,
      execArgv: [...flags]
    })
    const started = new Process<Question, A>(`${module} ${input.join(" ")}`, child)
    await started.next()
    return started
  }

  ask(question: Question): Promise<A> {
    this.child.send(question as object)
    return this.next()
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const exited = once(this.child, "exit")
    this.child.disconnect()
    await exited
  }

  private next(): Promise<A> {
    return new Promise((resolve, reject) => {
      const { child } = this
      const exited = () => reject(new Error(`${this.name} ended early`))
      child.once("exit", exited)
      child.once("message", (message) => {
        child.off("exit", exited)
        const answer = message as Answer<A>
        if ("answer" in answer) resolve(answer.answer)
        else reject(new Error(`${this.name}: ${answer.error}`))
      })
    })
  }
}

/** Runs `use` with a process that ends with it. */
export const withProcess = async <Question, A, B>(
  starting: Promise<Process<Question, A>>,
  use: (process: Process<Question, A>) => Promise<B>
): Promise<B> => {
  const started = await starting
  try {
    return await use(started)
  } finally {
    await started.end()
  }
}
