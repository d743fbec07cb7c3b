/**
 * What this library wants to hold, with every default on. Ratios within one run, sizes and growth: nothing that only
 * a fast machine could meet.
 */

export interface Target {
  readonly bound: "at least" | "at most"
  readonly value: number
  readonly text: string
}

const atLeast = (value: number, text = value.toFixed(2)): Target => ({ bound: "at least", value, text })
const atMost = (value: number, text = value.toFixed(2)): Target => ({ bound: "at most", value, text })

export const targets = {
  /** Throughput as a part of bare undici's. */
  nodeInFibers: atLeast(0.6),
  undiciInFibers: atLeast(1),
  undiciByPromises: atLeast(0.75),
  undiciTraced: atLeast(0.55),
  overOfficialClient: atLeast(3),
  nodeOverAwsClient: atLeast(6),
  undiciOverAwsClient: atLeast(10),

  blockingOverAsync: atMost(1.2),
  spawnOverBlocking: atLeast(15),
  firstBlockingCall: atMost(80, "80 ms"),

  signingOverOfficial: atLeast(4),
  signingOverSmithy: atLeast(8),

  bundledOverAwsClient: atMost(0.9),

  /** Over importing the same modules of Effect alone. */
  importOverEffect: atMost(1.1),
  bundle: atMost(78 * 1024, "78 KB"),
  bundleOurs: atMost(12 * 1024, "12 KB"),

  /** Less than the smallest object, which leaves room for the heap's own noise. */
  growthPerCall: atMost(8, "8 B"),
  waiter: atMost(4096, "4 KB"),

  /** Linear, and a tenth for noise. */
  growth: atMost(1.1)
} as const
