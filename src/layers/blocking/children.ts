/**
 * The programs that the blocking worker runs. What `src/layers/connections.ts` says of functions that travel as source
 * text holds for {@link makeChildren} too.
 *
 * Nothing is read before somebody asks for it: a program that writes without end fills its pipe and waits.
 */
import type * as ChildProcess from "node:child_process"

type Stdio = "pipe" | "inherit"

/** What is run. It is plain data. */
export interface Spawning {
  readonly program: string
  readonly args: ReadonlyArray<string>
  readonly cwd: string | undefined
  readonly env: NodeJS.ProcessEnv
  readonly shell: boolean | string
  readonly uid: number | undefined
  readonly gid: number | undefined
  readonly stdio: readonly [input: Stdio, output: Stdio, error: Stdio]
}

/** What the worker is asked of a program, which is known by the number of the order that started it. */
export type Question =
  | { readonly kind: "spawn"; readonly spawning: Spawning }
  /** The next bytes of its standard output or standard error. */
  | { readonly kind: "read"; readonly child: number; readonly from: "stdout" | "stderr" }
  /** Bytes for its standard input; none are the end. */
  | { readonly kind: "write"; readonly child: number; readonly bytes: Uint8Array | undefined }
  | { readonly kind: "exit"; readonly child: number }
  /** Nobody asks for it any more. It is not ended by this. */
  | { readonly kind: "forget"; readonly child: number }

/** What is answered. */
export type Answer =
  | { readonly kind: "spawned"; readonly pid: number }
  | { readonly kind: "chunk"; readonly bytes: Uint8Array | undefined }
  | { readonly kind: "written" }
  | { readonly kind: "exited"; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: "noReply"; readonly code: string }

/** Programs that run. */
export interface Children {
  /** Asks something, and gives the means to take the question back. */
  readonly ask: (
    id: number,
    question: Question,
    tell: (answer: Answer) => void
  ) => { readonly abort: () => void }
}

/** Starts without any program. */
export const makeChildren = (modules: { readonly childProcess: typeof ChildProcess }): Children => {
  const children = new Map<number, ChildProcess.ChildProcess>()
  const unasked = { abort() {} }
  const self = {
    spawn(id: number, spawning: Spawning, tell: (answer: Answer) => void): void {
      const { args, program, ...options } = spawning
      try {
        const child = modules.childProcess.spawn(program, [...args], {
          ...options,
          stdio: [...options.stdio],
          // A group of its own, so that what it starts can be ended with it.
          detached: process.platform !== "win32"
        })
        child.on("error", (error: NodeJS.ErrnoException) => {
          if (child.pid === undefined) tell({ kind: "noReply", code: error.code ?? error.name })
        })
        // A program may end before it has read all.
        child.stdin?.on("error", () => {})
        // Node throws away what an ended program wrote, unless somebody listens.
        child.stdout?.on("readable", () => {})
        child.stderr?.on("readable", () => {})
        if (child.pid === undefined) return
        children.set(id, child)
        tell({ kind: "spawned", pid: child.pid })
      } catch (error) {
        tell({ kind: "noReply", code: (error as NodeJS.ErrnoException).code ?? "EINVAL" })
      }
    },
    read(child: ChildProcess.ChildProcess, from: "stdout" | "stderr", tell: (answer: Answer) => void) {
      const stream = child[from]
      if (stream === null) {
        tell({ kind: "chunk", bytes: undefined })
        return unasked
      }
      const events = ["readable", "end", "close", "error"]
      const look = {
        again: () => {
          const bytes: Uint8Array | null = stream.read()
          if (bytes === null && !stream.readableEnded && !stream.destroyed) return
          look.stop()
          tell({ kind: "chunk", bytes: bytes ?? undefined })
        },
        stop: () => {
          for (const event of events) stream.off(event, look.again)
        }
      }
      for (const event of events) stream.on(event, look.again)
      look.again()
      return { abort: look.stop }
    },
    write(child: ChildProcess.ChildProcess, bytes: Uint8Array | undefined, tell: (answer: Answer) => void) {
      // Whether or not it was taken: a program that reads no more misses nothing.
      if (bytes === undefined) child.stdin?.end()
      if (bytes === undefined || child.stdin === null) tell({ kind: "written" })
      else child.stdin.write(bytes, () => tell({ kind: "written" }))
    },
    exit(child: ChildProcess.ChildProcess, tell: (answer: Answer) => void) {
      const exited = (code: number | null, signal: string | null): void =>
        tell({ kind: "exited", code, signal })
      if (child.exitCode !== null || child.signalCode !== null) exited(child.exitCode, child.signalCode)
      else child.once("exit", exited)
      return {
        abort() {
          child.off("exit", exited)
        }
      }
    },
    forget(id: number, child: ChildProcess.ChildProcess): void {
      children.delete(id)
      child.stdin?.destroy()
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.unref()
    }
  }
  return {
    ask(id, question, tell) {
      if (question.kind === "spawn") {
        self.spawn(id, question.spawning, tell)
        return unasked
      }
      const child = children.get(question.child)
      if (child === undefined) {
        tell({ kind: "noReply", code: "ESRCH" })
        return unasked
      }
      if (question.kind === "read") return self.read(child, question.from, tell)
      if (question.kind === "exit") return self.exit(child, tell)
      if (question.kind === "write") self.write(child, question.bytes, tell)
      else self.forget(question.child, child)
      return unasked
    }
  }
}
