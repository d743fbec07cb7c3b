import { assert, describe, it } from "@effect/vitest"
import * as Alibaba from "../../src/emulator/alibaba/Refusals.js"
import * as Aws from "../../src/emulator/aws/Refusals.js"
import type { Refusal } from "../../src/emulator/Service.js"
import { categoryOf as categoryOfAlibaba } from "../../src/protocol/alibaba/errorCodes.js"
import { categoryOf as categoryOfAws } from "../../src/protocol/aws/errorCodes.js"

type Entry = Refusal | ((...words: ReadonlyArray<never>) => Refusal)

const refusals = (table: Readonly<Record<string, Entry>>): ReadonlyArray<Refusal> =>
  Object.values(table).map((entry) =>
    typeof entry === "function"
      ? entry(...([1, 2, 3] as ReadonlyArray<unknown> as ReadonlyArray<never>))
      : entry
  )

const categories = { alibaba: categoryOfAlibaba, aws: categoryOfAws }

describe.each([
  ["alibaba", refusals(Alibaba)],
  ["aws", refusals(Aws)]
] as const)("the refusals of %s", (cloud, all) => {
  it("have codes that the client knows", () => {
    assert.isAbove(all.length, 20)
    for (const { code, status } of all) assert.notStrictEqual(categories[cloud](code, status), "other", code)
  })
})
