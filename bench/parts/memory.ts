/**
 * What calls allocate, leave behind and hold, over a client within the process.
 */
import { type Cloud, heap } from "../support/heap.js"
import type { Line } from "../support/lines.js"
import type { Scale } from "../support/scale.js"
import { bytes, count, type Row, type Table } from "../support/table.js"
import { targets } from "../targets.js"

const row = async (cloud: Cloud, line: Line, { quick }: Scale): Promise<Row> => {
  const samples = quick ? 1 : 3
  const of = (kind: Parameters<typeof heap>[1]["kind"], count: number) =>
    heap(cloud, { kind, count }, line, samples)
  const call = await of("call", 4_000)
  const growth = await of("growth", quick ? 20_000 : 100_000)
  const fiber = await of("fiber", 5_000)
  const inLine = await of("line", 5_000)
  const onWire = await of("wire", 5_000)
  const aimed = <A>(target: A) => (line === 4 ? target : undefined)
  const over = { bound: "at most", value: fiber.bytes + targets.waiter.value } as const
  return {
    name: `effect-sts, Effect ${line}, ${cloud}`,
    ours: true,
    cells: [
      bytes(call.bytes, aimed(targets.bytesPerCall)),
      count(call.fibers ?? Number.NaN, aimed(targets.fibersPerCall)),
      bytes(growth.bytes, aimed(targets.growthPerCall)),
      bytes(inLine.bytes, aimed(over)),
      bytes(onWire.bytes, aimed(over)),
      bytes(fiber.bytes)
    ]
  }
}

export const memory = async (scale: Scale): Promise<Table> => {
  const rows: Array<Row> = []
  for (const cloud of ["aws", "alibaba"] as const) {
    for (const line of [4, 3] as const) rows.push(await row(cloud, line, scale))
  }
  return {
    title: "Memory, without a network: per call, and per caller that waits",
    columns: ["bytes", "fibers", "left behind", "in line", "on the wire", "a fiber that only waits"],
    rows
  }
}
