/**
 * Every way in which a value is shown or stored by accident.
 */
import { format, inspect } from "node:util"

export const shownForms = (value: unknown): ReadonlyArray<string> => [
  String(value),
  JSON.stringify(value) ?? "",
  inspect(value, { depth: 20, showHidden: true }),
  format("%o %j %s", value, value, value),
  value instanceof Error ? `${value.message}\n${value.stack}` : ""
]
