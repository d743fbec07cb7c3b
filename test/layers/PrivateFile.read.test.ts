/**
 * What is read as a file, and that nothing else holds up a program or fills its memory.
 */
import { execFileSync, spawn } from "node:child_process"
import { closeSync, constants, openSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Blocking from "../../src/layers/blocking/Blocking.js"
import { readText } from "../../src/layers/PrivateFile.js"
import { newFolder } from "../support/folders.js"

let folder = ""
beforeEach(() => {
  folder = newFolder()
})

const at = (name: string) => join(folder, name)
const pipe = (name: string): string => {
  execFileSync("mkfifo", [at(name)])
  return at(name)
}
const write = (file: string, command: string) => spawn("sh", ["-c", `{ ${command}; } > "$0"`, file])

const reading = (file: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.match(readText(fs, file), { onFailure: (error) => error, onSuccess: (value) => value })
  ).pipe(Effect.map((found) => (typeof found === "string" ? found : found.reason)))

const modes: Readonly<Record<string, (file: string) => Promise<string>>> = {
  asynchronous: (file) => Effect.runPromise(Effect.provide(reading(file), NodeFileSystem.layer)),
  blocking: async (file) => Effect.runSync(Effect.provide(reading(file), Blocking.layer))
}

describe.each(Object.entries(modes))("a file, %s", (_, read) => {
  it("may be a pipe, which is read once", async () => {
    const file = pipe("fifo")
    write(file, "printf one; sleep 0.2; printf two")
    assert.strictEqual(await read(file), "onetwo")
    assert.strictEqual(await read(file), "onetwo")
    const writer = write(file, "printf new")
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.strictEqual(await read(file), "new")
    writer.kill()
  })

  it("may be a file descriptor such as <(command)", async () => {
    const file = pipe("substituted")
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    execFileSync("sh", ["-c", 'printf secret > "$0"', file])
    for (const _ of ["first", "again"]) assert.strictEqual(await read(`/dev/fd/${descriptor}`), "secret")
    closeSync(descriptor)
  })

  it("fails for a pipe without a writer or without an end", async () => {
    assert.strictEqual(await read(pipe("silent")), "a pipe without a writer")
    const file = pipe("endless")
    const writer = write(file, "yes")
    assert.strictEqual(await read(file), "larger than 4 MiB")
    writer.kill()
  })

  it("fails for devices, folders and large files; the null device is empty", async () => {
    symlinkSync("/dev/zero", at("zero"))
    symlinkSync("/dev/null", at("null"))
    writeFileSync(at("large"), "")
    truncateSync(at("large"), 4 * 1024 * 1024 + 1)
    writeFileSync(at("largest"), "x".repeat(4 * 1024 * 1024))
    const got = await Promise.all(["zero", "null", "large", "."].map((name) => read(at(name))))
    assert.deepStrictEqual(got, ["a device", "", "larger than 4 MiB", "a folder"])
    assert.lengthOf(await read(at("largest")), 4 * 1024 * 1024)
  })
})

it("silent pipes do not block reading other files", async () => {
  const pipes = Array.from({ length: 16 }, (_, index) => pipe(`fifo${index}`))
  writeFileSync(at("file"), "text")
  const waiting = pipes.map((file) => modes["asynchronous"]?.(file))
  const first = await Promise.race([modes["asynchronous"]?.(at("file")), ...waiting])
  assert.strictEqual(first, "text")
  await Promise.all(waiting)
})
