const values: Map<symbol, unknown> = (() => {
  const store = Symbol.for("effect-sts/4")
  const known: unknown = Reflect.get(globalThis, store)
  const map = known instanceof Map ? known : new Map<symbol, unknown>()
  Reflect.set(globalThis, store, map)
  return map
})()

export const globalValue = <A>(key: symbol, make: () => A): A => {
  if (!values.has(key)) values.set(key, make())
  return values.get(key) as A
}
