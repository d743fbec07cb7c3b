// Effect has it.
export { globalValue } from "effect/GlobalValue"
