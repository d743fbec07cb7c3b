/** Servers of Redis as tests handle them: `redis-server` from the PATH, each on a port of its own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createConnection, createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { createClient } from "redis"

/** Whether servers can be started here. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0

if (!hasRedis) {
  process.stderr.write(
    "No redis-server on the PATH: what needs one is not tested (apt-get install redis-server).\n"
  )
}

export const freePort = async (): Promise<number> => {
  const server = createServer()
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address !== null ? address.port : 0
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1")
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false))
    socket.once("connect", () => socket.destroy())
  })

/** A server, and what a test does to it. */
export class RedisServer {
  private child: ChildProcess | undefined

  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly words: ReadonlyArray<string>,
    private readonly password: string
  ) {}

  private static async place() {
    return { port: await freePort(), directory: mkdtempSync(join(tmpdir(), "effect-sts-redis-")) }
  }

  static async start(...options: ReadonlyArray<string>): Promise<RedisServer> {
    // A cluster's node listens on a second port, ten thousand higher, which somebody else may have.
    for (let tries = 0; tries < 5; tries++) {
      const server = await RedisServer.begin(options)
      if (server.child?.exitCode === null) return server
      await server.remove()
    }
    throw new Error("redis-server does not start")
  }

  private static async begin(options: ReadonlyArray<string>): Promise<RedisServer> {
    const { directory, port } = await RedisServer.place()
    const stated = options.indexOf("--requirepass") + 1
    const words = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", directory, ...options]
    const server = new RedisServer(port, directory, words, stated > 0 ? (options[stated] ?? "") : "")
    await server.start()
    return server
  }

  /** A sentinel that has a replica take the place of a master half a second after it is gone. */
  static async sentinel(name: string, master: RedisServer, password: string): Promise<RedisServer> {
    const { directory, port } = await RedisServer.place()
    const file = join(directory, "sentinel.conf")
    const lines = [
      `port ${port}`,
      "bind 127.0.0.1",
      `dir ${directory}`,
      `requirepass ${password}`,
      `sentinel monitor ${name} 127.0.0.1 ${master.port} 1`,
      `sentinel auth-pass ${name} ${master.password}`,
      `sentinel down-after-milliseconds ${name} 500`
    ]
    writeFileSync(file, lines.join("\n"))
    const sentinel = new RedisServer(port, directory, [file, "--sentinel"], password)
    await sentinel.start()
    const replicas = () => sentinel.command("SENTINEL", "REPLICAS", name)
    while (((await replicas()) as ReadonlyArray<unknown>).length === 0) await sleep(50)
    return sentinel
  }

  get url(): string {
    return `redis://${this.password === "" ? "" : `:${this.password}@`}127.0.0.1:${this.port}`
  }

  /** Starts it, again and empty if it was there before. */
  async start(): Promise<void> {
    const child = spawn("redis-server", this.words, { stdio: "ignore" })
    this.child = child
    for (let tries = 0; tries < 200 && child.exitCode === null && !(await accepts(this.port)); tries++) {
      await sleep(25)
    }
  }

  async stop(): Promise<void> {
    const { child } = this
    this.child = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = once(child, "exit")
    child.kill("SIGKILL")
    await ended
  }

  /** Stops its process where it stands, or lets it go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.child?.kill(signal)
  }

  /** A command by a connection of its own. */
  async command(...words: ReadonlyArray<string>): Promise<unknown> {
    const client = createClient({ url: this.url })
    client.on("error", () => {})
    await client.connect()
    try {
      return await client.sendCommand([...words])
    } finally {
      client.destroy()
    }
  }

  /** Everything that it holds: names, values and what DUMP gives of them. */
  async contents(): Promise<string> {
    const client = createClient({ url: this.url })
    await client.connect()
    try {
      const parts: Array<string> = []
      for (const key of await client.keys("*")) {
        const dumped = await client.sendCommand(["DUMP", key])
        parts.push(key, String(await client.get(key)), String(dumped))
      }
      return parts.join("\n")
    } finally {
      client.destroy()
    }
  }

  /** Makes one cluster of servers that were started for it, with an equal part of the slots each. */
  static async cluster(servers: ReadonlyArray<RedisServer>): Promise<void> {
    const [first] = servers
    const part = Math.ceil(16_384 / servers.length)
    for (const [index, server] of servers.entries()) {
      const last = Math.min(16_383, (index + 1) * part - 1)
      await server.command("CLUSTER", "ADDSLOTSRANGE", `${index * part}`, `${last}`)
      if (server !== first) await server.command("CLUSTER", "MEET", "127.0.0.1", `${first?.port}`)
    }
    for (const server of servers) {
      while (!String(await server.command("CLUSTER", "INFO")).includes("cluster_state:ok")) await sleep(50)
    }
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.directory, { recursive: true, force: true })
  }
}
