/**
 * The stub server, in a process of its own.
 */
import type { Cloud } from "../clouds/clouds.js"
import { Process, withProcess } from "./process.js"

/** What the stub is asked for: a server of one cloud per size of the reply. */
export interface Stubs {
  readonly cloud: Cloud
  readonly sizes: ReadonlyArray<number>
}

/** Runs `use` with the URLs of servers whose replies have these sizes; 0 is a reply as the service sends it. */
export const withStubs = <A>(
  stubs: Stubs,
  use: (endpoints: ReadonlyArray<string>) => Promise<A>
): Promise<A> =>
  withProcess(
    Process.start<Stubs, ReadonlyArray<string>>("workers/stub"),
    async (stub) => await use(await stub.ask(stubs))
  )

export const withStub = <A>(cloud: Cloud, use: (endpoint: string) => Promise<A>): Promise<A> =>
  withStubs({ cloud, sizes: [0] }, ([endpoint = ""]) => use(endpoint))
