/**
 * What this library wants to hold on Effect 4, with every default on. Ratios within one run, sizes and growth: nothing that
 * only a fast machine could meet.
 */
import type { Target } from "./support/table.js"

const atLeast = (value: number): Target => ({ bound: "at least", value })
const atMost = (value: number): Target => ({ bound: "at most", value })

export const targets = {
  /** Throughput as a part of bare undici's. */
  nodeInFibers: atLeast(0.6),
  undiciInFibers: atLeast(1),
  undiciByPromises: atLeast(0.75),
  undiciTraced: atLeast(0.6),
  /** The CPU of the vendor's client, as a multiple of ours. */
  awsClient: atLeast(6),
  alibabaClient: atLeast(1),

  bytesPerCall: atMost(12 * 1024),
  fibersPerCall: atMost(0),
  /** Less than the smallest object, which leaves room for the heap's own noise. */
  growthPerCall: atMost(8),
  /** Over a fiber that only waits. */
  waiter: atMost(1024),

  blockingOverAsync: atMost(1.2),
  /** Milliseconds over the second. */
  firstBlockingCall: atMost(80),

  /** The same of a signature. */
  signingOverOfficial: atLeast(4),
  signingOverSmithy: atLeast(8),

  /** The CPU of a read by AWS's own client, as a multiple of ours. */
  keptOverAws: atLeast(1),
  storm: atMost(1),

  bundledOverOfficial: atMost(1),
  /** Over importing the same modules of Effect alone. */
  importOverEffect: atMost(1.1),
  bundle: atMost(75 * 1024),

  /** The program's whole process, as a multiple of `node -e 0`, and of a bundled program of this library. */
  versionOverNode: atMost(2.5),
  whoamiOverLibrary: atMost(1.1),

  /** Linear, and a tenth for noise. */
  growth: atMost(1.1)
} as const
