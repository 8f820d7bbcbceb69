// Reads AsyncAPI documents with the official parser; says in JSON what it made of each.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const parser = new Parser();
const found = [];
for (const path of process.argv.slice(2)) {
  const { document, diagnostics } = await parser.parse(readFileSync(path, "utf8"));
  found.push({
    messages: document ? document.messages().all().map((one) => one.id()) : null,
    channels: document ? document.channels().all().map((one) => one.address()) : null,
    operations: document ? document.operations().all().length : null,
    diagnostics: diagnostics.map(({ severity, code, path, message }) => ({ severity, code, path, message })),
  });
}
console.log(JSON.stringify(found));
