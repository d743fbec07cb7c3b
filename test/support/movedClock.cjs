/** Loaded before a program, puts its clock ahead by the milliseconds that stand in a file. */
const { readFileSync } = require("node:fs")

const real = Date
const now = () => real.now() + Number(readFileSync(process.env.MOVED_CLOCK, "utf8"))

globalThis.Date = new Proxy(real, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  apply: () => new real(now()).toString(),
  get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver))
})
