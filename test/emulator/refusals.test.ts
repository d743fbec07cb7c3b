import { assert, describe, it } from "@effect/vitest"
import * as Alibaba from "../../src/emulator/alibaba/Refusals.js"
import * as Aws from "../../src/emulator/aws/Refusals.js"
import type { Refusal } from "../../src/emulator/Service.js"
import { remedyOf as remedyOfAlibaba } from "../../src/protocol/alibaba/errorCodes.js"
import { remedyOf as remedyOfAws } from "../../src/protocol/aws/errorCodes.js"

type Entry = Refusal | ((...words: ReadonlyArray<never>) => Refusal)

const refusals = (table: Readonly<Record<string, Entry>>): ReadonlyArray<Refusal> =>
  Object.values(table).map((entry) =>
    typeof entry === "function"
      ? entry(...([1, 2, 3] as ReadonlyArray<unknown> as ReadonlyArray<never>))
      : entry
  )

const remedies = { alibaba: remedyOfAlibaba, aws: remedyOfAws }

describe.each([
  ["alibaba", refusals(Alibaba)],
  ["aws", refusals(Aws)]
] as const)("the refusals of %s", (cloud, all) => {
  it("have codes that the client knows", () => {
    assert.isAbove(all.length, 20)
    for (const { code, status } of all)
      assert.notStrictEqual(remedies[cloud](code, status).category, "other", code)
  })
})
