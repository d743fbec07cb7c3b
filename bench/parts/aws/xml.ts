/**
 * AWS's replies read a second, beside the parser that AWS's own client had for years.
 */
import type { Scale } from "../../support/scale.js"
import type { Table } from "../../support/table.js"
import { columns, type Entrant, inTurns } from "../../support/turns.js"

const over = "fastXmlParser"

const entrants: ReadonlyArray<Entrant> = [
  { name: "ours, elements", way: "elements", over },
  { name: "ours, elements and the fields by their shape", way: "fields", over },
  { name: "fast-xml-parser", way: "fastXmlParser", over }
]

export const xml = async (scale: Scale): Promise<Table> => ({
  title: "XML: one AssumeRole reply read, as a ratio to fast-xml-parser",
  columns,
  rows: await inTurns("workers/aws/xml", entrants, scale)
})
