import { readFileSync, writeFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { RandomBytes } from "../../src/layers/cache/Lock.js"
import { cacheFolder, giving, refuse, secret } from "./cache/cacheFolder.js"

const { caching, entry, logged, scenario } = cacheFolder()

const passphrase = Redacted.make("correct horse battery staple")

describe("a sealed file", () => {
  for (const [kind, encryptionKey] of [
    ["a key", Redacted.make(new Uint8Array(32).fill(7))],
    ["a passphrase", passphrase]
  ] as const) {
    it.effect(`is decrypted with ${kind}, and shows no secret`, () =>
      scenario(() =>
        Effect.gen(function* () {
          const source = giving()
          const [one, other] = [
            yield* caching(source, { encryptionKey }),
            yield* caching(source, { encryptionKey })
          ]
          yield* one.get
          assert.strictEqual(Redacted.value((yield* other.get).secretAccessKey), secret)
          assert.strictEqual(source.contacts.length, 1)
          const text = readFileSync(entry(true), "utf8")
          for (const hidden of [secret, "ASIA0", Buffer.from(secret).toString("base64")]) {
            assert.notInclude(text, hidden)
          }
          assert.include(text, '"role": "reader"')
        })
      )
    )
  }

  it.effect("that another key sealed is warned of and replaced", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        yield* Effect.flatMap(caching(source, { encryptionKey: passphrase }), ({ get }) => get)
        const { get } = yield* caching(source, { encryptionKey: Redacted.make("another") })
        assert.strictEqual((yield* get).accessKeyId, "ASIA1")
        assert.strictEqual((yield* get).accessKeyId, "ASIA1")
        assert.strictEqual(logged.length, 1)
        assert.include(logged[0], "the key does not open it")
      })
    )
  )

  it.effect("that was modified is not decrypted", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        const { get } = yield* caching(source, { encryptionKey: passphrase })
        yield* get
        const document = JSON.parse(readFileSync(entry(true), "utf8"))
        const text = Buffer.from(document.sealed.text, "base64")
        text[3] = (text[3] ?? 0) ^ 1
        document.sealed.text = text.toString("base64")
        writeFileSync(entry(true), JSON.stringify(document))
        assert.strictEqual((yield* get).accessKeyId, "ASIA1")
      })
    )
  )

  it.effect("and a plain one leave each other alone", () =>
    scenario(() =>
      Effect.gen(function* () {
        const source = giving()
        const [open, sealed] = [yield* caching(source), yield* caching(source, { encryptionKey: passphrase })]
        for (const _ of [1, 2]) {
          assert.strictEqual((yield* open.get).accessKeyId, "ASIA0")
          assert.strictEqual((yield* sealed.get).accessKeyId, "ASIA1")
        }
        assert.deepStrictEqual(logged, [])
      })
    )
  )

  it.effect("has a new nonce each time", () =>
    scenario(() =>
      Effect.gen(function* () {
        let calls = 0
        const counted = (count: number) => Effect.sync(() => new Uint8Array(count).fill(++calls))
        const source = giving()
        const cached = yield* caching(source, { encryptionKey: Redacted.make(new Uint8Array(32)) })
        const nonces = new Set<string>()
        for (let time = 0; time < 3; time++) {
          const { accessKeyId } = yield* Effect.provideService(cached.get, RandomBytes, counted)
          nonces.add(JSON.parse(readFileSync(entry(true), "utf8")).sealed.nonce)
          yield* refuse(cached, accessKeyId)
        }
        assert.strictEqual(nonces.size, 3)
      })
    )
  )

  it.effect("needs a whole key", () =>
    scenario(() =>
      Effect.gen(function* () {
        for (const encryptionKey of [
          Redacted.make(new Uint8Array(31)),
          Redacted.make(""),
          // What a program without types may state.
          Redacted.make(7 as unknown as string),
          "not redacted" as unknown as Redacted.Redacted<string>
        ]) {
          const error = yield* Effect.flip(caching(giving(), { encryptionKey }))
          assert.strictEqual(error.key, "FileCache.encryptionKey")
        }
      })
    )
  )
})
