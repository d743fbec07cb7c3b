/**
 * The connection to Redis by the official client: an answer or none within a limit, whatever the client does.
 *
 * {@link makeConnection} also runs in the blocking worker, to which it travels as source text; what
 * `src/layers/connections.ts` says of such functions holds for it too. Its timers are Node's, as those of connections are.
 */
import type { Script } from "../../protocol/redisScripts.js"

/** One run of a script. It is plain data. */
export interface Step {
  /** What is run. */
  readonly script: Script
  /** Its KEYS. */
  readonly keys: ReadonlyArray<string>
  /** Its ARGV. */
  readonly values: ReadonlyArray<string>
  /** What takes it back if it is carried out after nobody waits for it any more. */
  readonly undo?: Step | undefined
}

/** What came of a step: what the script gave, or in a word why Redis gave nothing. */
export type Outcome =
  | {
      /** The script was run. */
      readonly _tag: "Done"
      /** What it gave. */
      readonly reply: ReadonlyArray<unknown>
    }
  | {
      /** Redis gave nothing in time. */
      readonly _tag: "Away"
      /** Why, in a word or two. */
      readonly why: string
    }

/** Who a server is told that this is. */
export interface User {
  readonly username?: string | undefined
  readonly password?: string | undefined
}

/** Where Redis is and how it is spoken to. It is plain data. */
export interface Settings {
  readonly kind: "single" | "pool" | "cluster" | "sentinel"
  /** Servers, or sentinels; of a cluster or of sentinels some are enough. */
  readonly places: ReadonlyArray<{ readonly host: string; readonly port: number }>
  readonly database: number
  readonly user: User
  /** What sentinels call the servers. */
  readonly sentinel: string | undefined
  readonly sentinelUser: User
  readonly connections: number | undefined
  /** Of TLS; nothing where it is not used. */
  readonly tls: Readonly<Record<string, string | undefined>> | undefined
  /** Milliseconds that an answer may take. */
  readonly timeout: number
  /** And until the first connection stands, where nothing says that there will be none. */
  readonly firstTimeout: number
}

type Heard = (message: string) => void

/** What is used of a client, single, pooled, of a cluster or of sentinels. */
export interface Client {
  /** Runs a script that the server keeps, by its SHA-1. */
  evalSha(sha: string, options: ScriptOptions): Promise<unknown>
  /** Runs a script by its text. */
  eval(script: string, options: ScriptOptions): Promise<unknown>
}

interface ScriptOptions {
  /** The script's KEYS. */
  keys: Array<string>
  /** The script's ARGV. */
  arguments: Array<string>
}

/** What some clients have beside it. */
interface Wider extends Client {
  readonly isReady?: boolean
  on(event: string, listener: (detail: unknown) => void): unknown
  once(event: string, listener: () => void): unknown
  connect(): Promise<unknown>
  destroy(): unknown
  duplicate?(): Wider
  subscribe?(channel: string, heard: Heard): Promise<unknown>
  unsubscribe?(channel: string, heard: Heard): Promise<unknown>
}

type Maker<A> = (options: object) => A

/** The package `redis`. */
export interface Library {
  readonly createClient: Maker<Wider & { createPool(options: object): Wider }>
  readonly createCluster: Maker<Wider>
  readonly createSentinel: Maker<Wider>
}

/** Something under way. */
interface Call {
  readonly abort: () => void
}

/** A connection. */
export interface Connection {
  /** Runs a step and tells the outcome once, later, unless it is aborted before. */
  readonly run: (step: Step, done: (outcome: Outcome) => void) => Call
  /** Hears what is said on a channel from when the promise is kept, if that is possible, until what it gives is called. */
  readonly listen: (channel: string, heard: () => void) => Promise<() => void>
  readonly close: () => void
}

/** Connects by a package and settings, or around a client that somebody else looks after. */
export const makeConnection = (
  library: Library | undefined,
  settings: Settings,
  given: Client | undefined
): Connection => {
  const self = {
    client: given as Wider | undefined,
    listener: undefined as Promise<Wider> | undefined,
    readiness: undefined as Promise<Wider> | undefined,
    /** Why the client last failed; without somebody who hears of it the process would end. */
    fault: "",
    wasReady: given !== undefined,
    closed: false,

    /** A word for an error: its code, and nothing of a text that may hold anything. */
    word(error: unknown): string {
      const { code, errors, message, name } = (error ?? {}) as Readonly<Record<string, unknown>>
      const reply = /^[A-Z]{3,20}\b/.exec(String(message))?.[0]
      if (reply !== undefined) return reply
      if (typeof code === "string" && /^[A-Z0-9_]{2,40}$/.test(code)) return code
      const [first] = Array.isArray(errors) ? errors : []
      if (first !== undefined) return self.word(first)
      return typeof name === "string" && /^\w{1,40}$/.test(name) ? name : "an error"
    },

    watch(client: Wider): Wider {
      client.on("error", (error) => {
        self.fault = self.word(error)
      })
      return client
    },

    make(): Wider {
      if (library === undefined) throw new Error("no package")
      const { connections, database, kind, places, sentinel, sentinelUser, timeout, tls, user } = settings
      const socket = {
        connectTimeout: Math.max(timeout, 1_000),
        reconnectStrategy: (tries: number) =>
          Math.min(5_000, 50 * 2 ** Math.min(tries, 7)) * (0.5 + Math.random()),
        ...(tls === undefined ? {} : { tls: true, ...tls })
      }
      const common = {
        // Version 5 speaks 2 by default, by which a connection that has subscribed runs no scripts.
        RESP: 3,
        // Commands would wait for a server that may never come.
        disableOfflineQueue: true,
        commandsQueueMaxLength: 1_000,
        disableClientInfo: true,
        ...user,
        socket
      }
      const single = { ...common, database, socket: { ...socket, ...places[0] } }
      switch (kind) {
        case "single":
          return library.createClient(single)
        case "pool":
          // Version 5 has no other way to one.
          return library.createClient(single).createPool({ maximum: connections })
        case "cluster":
          return library.createCluster({
            rootNodes: places.map((place) => ({ socket: place })),
            defaults: common,
            RESP: 3
          })
        case "sentinel":
          return library.createSentinel({
            name: sentinel,
            sentinelRootNodes: places,
            nodeClientOptions: { ...common, database },
            sentinelClientOptions: { ...sentinelUser, socket },
            RESP: 3
          })
      }
    },

    /** A client that takes commands. What waits for one has its own time limit. */
    ready(): Wider | Promise<Wider> {
      const { client } = self
      if (self.closed) throw new Error("closed")
      if (given !== undefined && client !== undefined) return client
      if (client?.isReady === true) return client
      self.readiness ??= self.open().finally(() => {
        self.readiness = undefined
      })
      return self.readiness
    },

    async open(): Promise<Wider> {
      const known = self.client
      const client = known ?? self.watch(self.make())
      self.client = client
      if (settings.kind !== "single") {
        // It is one of many connections that is ready or not.
        if (known !== undefined) return client
        try {
          await client.connect()
        } catch (error) {
          self.fault = self.word(error)
          self.drop()
          throw error
        }
        return client
      }
      // While the server is away this is not settled, nor with a wrong password.
      if (known === undefined) {
        client.connect().catch((error: unknown) => {
          self.fault = self.word(error)
        })
      }
      if (client.isReady !== true) await new Promise<void>((resolve) => client.once("ready", resolve))
      return client
    },

    drop(): void {
      const { client } = self
      self.client = undefined
      self.readiness = undefined
      try {
        void Promise.resolve(client?.destroy()).catch(() => {})
      } catch {
        // It was closed already.
      }
    },

    async evaluate({ keys, script, values }: Step, isWanted: () => boolean): Promise<ReadonlyArray<unknown>> {
      const client = await self.ready()
      self.wasReady = true
      if (!isWanted()) throw new Error("given up")
      const options = { keys: [...keys], arguments: [...values] }
      let reply: unknown
      try {
        reply = await client.evalSha(script.sha, options)
      } catch (error) {
        // After a restart, SCRIPT FLUSH, and on each server that was promoted.
        if (self.word(error) !== "NOSCRIPT") throw error
        reply = await client.eval(script.lua, options)
      }
      return Array.isArray(reply) ? reply : []
    },

    /** A server that was demoted stays connected: somebody has to look again who the master is. */
    check(words: ReadonlyArray<unknown>): void {
      const demoted = words.some((word) => typeof word === "string" && /^(READONLY|MASTERDOWN)/.test(word))
      if (demoted && given === undefined && settings.kind === "single") self.drop()
    },

    run(step: Step, done: (outcome: Outcome) => void): Call {
      let waiting = true
      const end = (outcome: Outcome | undefined) => {
        if (!waiting) return
        waiting = false
        clearTimeout(timer)
        if (outcome !== undefined) done(outcome)
      }
      const giveUp = () => {
        const why = self.fault === "" ? "no answer" : self.fault
        end({ _tag: "Away", why: `${why} within ${settings.timeout} ms` })
      }
      // A loop that is blocked, and a process that does not get to run, reads no answer: each turn counts for so much.
      const turn = Math.ceil(settings.timeout / 10)
      let spent = 0
      const tick = () => {
        spent += turn
        // A program that starts is slow, and so is the first connection: that is no sign of a Redis that is away.
        const isNew = !self.wasReady && self.fault === ""
        if (spent < (isNew ? settings.firstTimeout : settings.timeout)) timer = setTimeout(tick, turn)
        // Timers come before sockets: the answer may lie there unread.
        else setImmediate(giveUp)
      }
      let timer = setTimeout(tick, turn)
      self
        .evaluate(step, () => waiting)
        .then(
          (reply) => {
            self.check(reply)
            if (waiting) {
              self.fault = ""
              end({ _tag: "Done", reply })
            } else if (step.undo !== undefined) {
              // It was carried out for nobody.
              self.run(step.undo, () => {})
            }
          },
          (error: unknown) => {
            const why = self.word(error)
            self.check([why])
            end({ _tag: "Away", why: why === "ClientOfflineError" && self.fault !== "" ? self.fault : why })
          }
        )
      return { abort: () => end(undefined) }
    },

    /** The connection that hears: of somebody else's client a second one, since his may not be fit for it. */
    async hearing(): Promise<Wider> {
      const client = await self.ready()
      if (given === undefined || client.duplicate === undefined) return client
      const second = self.watch(client.duplicate())
      await second.connect()
      return second
    },

    async listen(channel: string, heard: () => void): Promise<() => void> {
      const hear = () => heard()
      const subscribed = (async () => {
        if (given === undefined) return self.hearing()
        self.listener ??= self.hearing()
        return self.listener
      })().then(async (client) => {
        await client.subscribe?.(channel, hear)
        return client
      })
      let timer: NodeJS.Timeout | undefined
      await Promise.race([
        subscribed.catch(() => {}),
        new Promise((resolve) => {
          timer = setTimeout(resolve, settings.timeout)
        })
      ])
      clearTimeout(timer)
      return () => {
        subscribed.then((client) => client.unsubscribe?.(channel, hear)).catch(() => {})
      }
    },

    close(): void {
      self.closed = true
      self.listener?.then((client) => client.destroy()).catch(() => {})
      if (given === undefined) self.drop()
    }
  }
  return { run: self.run, listen: self.listen, close: self.close }
}
