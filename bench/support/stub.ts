/**
 * The stub server, in a process of its own.
 */
import type { Cloud } from "./heap.js"
import { Process, withProcess } from "./process.js"

export interface Stub {
  /** One per size of the reply. */
  readonly endpoints: ReadonlyArray<string>
  /** This one refuses what is not signed. */
  readonly checking: string
  /** This one tells who calls. */
  readonly identity: string
  readonly requests: () => Promise<number>
}

/** Runs `use` with servers whose replies have these sizes; 0 is a reply as the service sends it. */
export const withStub = <A>(
  cloud: Cloud,
  sizes: ReadonlyArray<number>,
  use: (endpoint: string, stub: Stub) => Promise<A>
): Promise<A> =>
  withProcess(Process.start<unknown, unknown>("stub"), async (process) => {
    const opened = (await process.ask({ cloud, sizes })) as Omit<Stub, "requests">
    const requests = () => process.ask("requests") as Promise<number>
    return use(opened.endpoints[0] ?? "", { ...opened, requests })
  })
