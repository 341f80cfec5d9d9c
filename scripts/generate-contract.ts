/**
 * Generates `server/src/contract/` from `model/`. With `--check`, changes nothing and fails when a file on disk is not
 * what would be generated.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { emitOperations } from './contract/emit-operations.ts';
import { emitTypes } from './contract/emit-types.ts';
import { emitValidators, emitValidatorTypes } from './contract/emit-validators.ts';
import { readRepointModel } from './contract/openapi.ts';
import { readPinpointModel } from './contract/pinpoint.ts';

const root = resolve(import.meta.dirname, '..');
const model = (name: string) => readFileSync(join(root, 'model', name), 'utf8');
const header = '// GENERATED from model/ by scripts/generate-contract.ts. Do not edit: `npm run generate`.';

const pinpoint = readPinpointModel(model('pinpoint-2016-12-01.json'), model('pinpoint-overlay.yaml'));
const repoint = readRepointModel(model('repoint-v1.yaml'));

const files: Record<string, string> = {
  'pinpoint-types.ts': emitTypes(pinpoint, header),
  'repoint-types.ts': emitTypes(repoint, header),
  'operations.ts': emitOperations({ pinpoint, repoint }, header),
  'validators.js': emitValidators([pinpoint, repoint], header),
  'validators.d.ts': emitValidatorTypes([pinpoint, repoint], header),
};

const directory = join(root, 'server/src/contract');
const onDisk = (name: string) => (existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'utf8') : undefined);
const outdated = Object.keys(files).filter((name) => onDisk(name) !== files[name]);

if (process.argv.includes('--check')) {
  if (outdated.length > 0) {
    console.error(`server/src/contract is not what model/ says (${outdated.join(', ')}). Run: npm run generate`);
    process.exit(1);
  }
} else {
  mkdirSync(directory, { recursive: true });
  for (const name of outdated) writeFileSync(join(directory, name), files[name] as string);
}
