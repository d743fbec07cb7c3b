import { once } from "node:events"
import { readFileSync } from "node:fs"
import { Worker } from "node:worker_threads"

export interface Counts {
  readonly requests: number
  readonly underWay: number
  readonly mostUnderWay: number
  /** Requests whose connection was closed before their reply was complete. */
  readonly cutShort: number
  readonly connections: number
  readonly openConnections: number
}

export interface Stub {
  readonly url: string
  readonly secureUrl: string
  /** Asks for a client's certificate: the one that the stub has itself. */
  readonly mutualUrl: string
  readonly silentUrl: string
  readonly proxyUrl: string
  /** Where the SOCKS5 proxy is, without a scheme. */
  readonly socks: string
  readonly counts: () => Counts
  readonly reset: () => void
  /** Blocks this thread until so many requests were cut short; false after five seconds. */
  readonly waitForCut: (count: number) => boolean
  readonly close: () => Promise<unknown>
}

export const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), "utf8")

export const certificate = fixture("localhost-certificate.txt")
export const privateKey = fixture("localhost-key.txt")

interface Ports {
  readonly plainPort: number
  readonly securePort: number
  readonly mutualPort: number
  readonly silentPort: number
  readonly proxyPort: number
  readonly socksPort: number
}

/** Starts the servers of `stubServer.mjs` in a thread of their own. */
export const startStub = async (): Promise<Stub> => {
  const cells = new Int32Array(new SharedArrayBuffer(24))
  const worker = new Worker(new URL("./stubServer.mjs", import.meta.url), {
    workerData: { counts: cells.buffer },
    execArgv: []
  })
  const [ports] = (await once(worker, "message")) as [Ports]
  const cell = (index: number) => Atomics.load(cells, index)
  return {
    url: `http://127.0.0.1:${ports.plainPort}`,
    secureUrl: `https://localhost:${ports.securePort}`,
    mutualUrl: `https://localhost:${ports.mutualPort}`,
    silentUrl: `https://127.0.0.1:${ports.silentPort}`,
    proxyUrl: `http://127.0.0.1:${ports.proxyPort}`,
    socks: `127.0.0.1:${ports.socksPort}`,
    counts: () => ({
      requests: cell(0),
      underWay: cell(1),
      mostUnderWay: cell(2),
      cutShort: cell(3),
      connections: cell(4),
      openConnections: cell(5)
    }),
    reset: () => {
      // What an earlier test has given up may be under way for a moment.
      const deadline = Date.now() + 1_000
      while (cell(1) > 0 && Date.now() < deadline) Atomics.wait(cells, 1, cell(1), 20)
      cells.fill(0, 0, 5)
    },
    waitForCut: (count) => {
      const deadline = Date.now() + 5_000
      while (cell(3) < count && Date.now() < deadline) Atomics.wait(cells, 3, cell(3), 50)
      return cell(3) >= count
    },
    close: () => worker.terminate()
  }
}

/** Looks until something holds; false after five seconds. */
export const eventually = async (holds: () => boolean): Promise<boolean> => {
  const deadline = Date.now() + 5_000
  while (!holds() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5))
  return holds()
}
