/**
 * A value that a process has once, however many copies of a module it has loaded.
 *
 * @since 0.1.0
 */
export { globalValue } from "effect/GlobalValue"
