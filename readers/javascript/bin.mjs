#!/usr/bin/env node
import fs from 'node:fs';
import { parseArgs } from 'node:util';

import { FormatError } from './src/errors.mjs';
import { identity } from './src/identity.mjs';
import { describe, jsonLine, report } from './src/report.mjs';

const USAGE = `usage: node bin.mjs check [--registry FILE.json] FILE...
       node bin.mjs inspect FILE...
       node bin.mjs identity FILE...

check    prints one line of JSON for each file: what an inspector, a loader and a
         canonical checker say of it, and its arrays with the SHA-256 of their bytes
inspect  prints what each file holds
identity prints a name of each file's graph that can't be forged (section 7)

Exit status: 0; 1 if a file was refused (check: by inspector or loader); 2 if a file
or the registry could not be read, or the command was wrong.`;

function main(argv) {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { registry: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const [command, ...files] = positionals;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (!['check', 'inspect', 'identity'].includes(command) || files.length === 0) throw new Error(USAGE);
  const registry = values.registry === undefined ? {} : JSON.parse(fs.readFileSync(values.registry, 'utf8'));
  let status = 0;
  for (const file of files) {
    try {
      status = Math.max(status, command === 'check' ? check(file, registry) : print(file, TEXTS[command]));
    } catch (error) {
      if (error.syscall === undefined) throw error;
      console.error(`${file}: ${error.message}`);
      status = 2;
    }
  }
  return status;
}

function check(file, registry) {
  const summary = report(file, registry);
  console.log(jsonLine(summary));
  return summary.loader.ok ? 0 : 1;
}

const TEXTS = { inspect: describe, identity: (file) => `${identity(file)}  ${file}` };

function print(file, text) {
  try {
    console.log(text(file));
    return 0;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    console.error(`${file}: ${error.message}`);
    return 1;
  }
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
