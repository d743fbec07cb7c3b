/**
 * The stub server, in a process of its own.
 */
import { Process, withProcess } from "./process.js"

/** Runs `use` with the URLs of servers whose replies have these sizes; 0 is a reply as the service sends it. */
export const withStubs = <A>(
  sizes: ReadonlyArray<number>,
  use: (endpoints: ReadonlyArray<string>) => Promise<A>
): Promise<A> =>
  withProcess(
    Process.start<ReadonlyArray<number>, ReadonlyArray<string>>("workers/stub"),
    async (stub) => await use(await stub.ask(sizes))
  )

export const withStub = <A>(use: (endpoint: string) => Promise<A>): Promise<A> =>
  withStubs([0], ([endpoint = ""]) => use(endpoint))
