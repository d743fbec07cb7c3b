import { assert, describe, it } from "@effect/vitest"
import { fileName, requestKey } from "../../src/protocol/cacheEntry.js"

describe("keys of requests", () => {
  it("are the same for the same", () => {
    const tags = [
      { key: "a", value: "1" },
      { key: "b", value: "2" }
    ]
    assert.strictEqual(
      requestKey({ role: "r", tags, policy: undefined }),
      requestKey({
        tags: [
          { value: "2", key: "b" },
          { value: "1", key: "a" }
        ],
        role: "r"
      })
    )
  })

  it("differ for different requests, and cannot be forged by punctuation", () => {
    const different = [
      {},
      { role: "r" },
      { role: "r", name: "s" },
      { role: `r","name":"s` },
      { role: ["r"] },
      { role: ["r", "s"] },
      { role: ["r,s"] },
      { role: 1 },
      { role: "1" },
      { tags: [{ key: "a", value: "1" }] },
      { tags: [{ key: "1", value: "a" }] }
    ]
    assert.strictEqual(new Set(different.map(requestKey)).size, different.length)
  })

  it("distinguish lists in another order", () => {
    const way = (...roles: ReadonlyArray<string>) => fileName({ roles, region: "r" }, false)
    assert.notStrictEqual(way("a", "b"), way("b", "a"))
    assert.strictEqual(way("a", "b"), fileName({ region: "r", roles: ["a", "b"] }, false))
  })

  it("do not reveal the request", () => {
    assert.notInclude(requestKey({ externalId: "tenant-secret" }), "tenant")
  })
})
