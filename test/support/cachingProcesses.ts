/**
 * Processes that share a file cache, as tests handle them.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface, type Interface } from "node:readline"
import type { Task } from "./cachingProcess.js"
import { program } from "./program.js"

const file = program("test/support/cachingProcess.ts")

/** A process that waits to be let go. */
export class CachingProcess {
  readonly lines: Array<string> = []
  private readonly ended: Promise<unknown>
  private readonly ready: Promise<unknown>
  private readonly reader: Interface

  private constructor(private readonly child: ChildProcess) {
    const { stdout } = child
    if (stdout === null) throw new Error("no output to read")
    this.reader = createInterface({ input: stdout })
    this.ready = once(this.reader, "line")
    this.reader.on("line", (line) => this.lines.push(line))
    this.ended = once(child, "close")
  }

  static async start(task: Task): Promise<CachingProcess> {
    const started = new CachingProcess(
      spawn(process.execPath, [file, JSON.stringify(task)], { stdio: ["pipe", "pipe", "inherit"] })
    )
    await Promise.race([started.ready, started.died])
    return started
  }

  /** The first one alone: it compiles for all. */
  static async startAll(count: number, task: Task): Promise<ReadonlyArray<CachingProcess>> {
    const first = await CachingProcess.start(task)
    const others = Array.from({ length: count - 1 }, () => CachingProcess.start(task))
    return [first, ...(await Promise.all(others))]
  }

  private get died(): Promise<never> {
    return this.ended.then(() => Promise.reject(new Error("the process ended before it was ready")))
  }

  go(): void {
    this.child.stdin?.end("go\n")
  }

  /** Waits for its end and gives what it printed, but for its being ready. */
  async output(): Promise<ReadonlyArray<string>> {
    await this.ended
    return this.lines.slice(1)
  }

  /** Waits until it has printed what it got first. */
  async begun(): Promise<void> {
    if (this.lines.length < 2) await once(this.reader, "line")
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL")
    await this.ended
  }
}
