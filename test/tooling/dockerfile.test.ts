import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")

it("the Dockerfile starts the emulator of this version, as nobody in particular", () => {
  const instructions = read("Dockerfile")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" "))
  assert.deepStrictEqual(
    instructions.map(([name]) => name),
    ["FROM", "RUN", "USER", "EXPOSE", "ENTRYPOINT"]
  )
  const [, run = [], user = [], expose = [], entry = []] = instructions
  const { bin, version } = JSON.parse(read("package.json"))
  assert.include(run, `effect-sts@${version.split(".")[0]}`)
  assert.notStrictEqual(user[1], "root")
  const [program, ...args] = JSON.parse(entry.slice(1).join(" "))
  assert.property(bin, program)
  assert.deepStrictEqual(args, ["emulator", "--host", "0.0.0.0", "--port", expose[1]])
})
