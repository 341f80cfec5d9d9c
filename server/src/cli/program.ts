/** The `repoint` command: one line a command; each has its own file. */
import { Command, Option } from 'commander';
import { readyMadeNames } from '../domains/accounts/index.ts';
import { readConfiguration, settings } from '../kernel/configuration.ts';
import { version } from '../kernel/version.ts';
import { deleteAccessRequest, exportPerson, listAccessRequests } from './access.ts';
import { addAccount, closeAccount, listAccounts, reopenAccount } from './accounts.ts';
import { exportProject, importProject } from './archives.ts';
import { backUp } from './backup.ts';
import { doctor } from './doctor.ts';
import { findPeople } from './endpoints.ts';
import { eraseModes, erasePeople } from './erase.ts';
import { checkReceipts, printReceiptKey, printReceipts, verifyReceipts } from './erasure-receipts.ts';
import { exportFile } from './export.ts';
import { importFile } from './import.ts';
import { createKey, disableKey, listKeys } from './keys.ts';
import { migrate } from './migrate.ts';
import { restore } from './restore.ts';
import { scrub } from './scrub.ts';
import { serve } from './serve.ts';
import { tellUnexpectedFaults } from './unexpected-faults.ts';
import { addUser } from './users.ts';

export function createProgram(): Command {
  const program = new Command('repoint')
    .description('Self-hosted customer engagement, wire-compatible with the Amazon Pinpoint API.')
    .version(version)
    .addHelpText('after', describeSettings)
    .hook('preAction', tellUnexpectedFaults);
  program
    .command('serve')
    .description('run the server in the foreground')
    .option('--processes <count>', 'API processes behind one port (REPOINT_PROCESSES)')
    .action((options: { processes?: string }) => serve(readConfiguration(withProcesses(options.processes))));
  program
    .command('migrate')
    .description('bring the database to this version and exit')
    .action(() => migrate(readConfiguration()));
  program
    .command('doctor')
    .description('check everything an operator would be asked about')
    .action(() => doctor());
  addKeyCommands(program.command('keys').description('access keys'));
  addUserCommands(program.command('users').description('people who sign in to the console'));
  addAccountCommands(program.command('accounts').description('accounts of this deployment; they never see each other'));
  addTransferCommands(program);
  addArchiveCommands(program);
  addPeopleCommands(program);
  addErasureCommands(program.command('erasure').description('receipts of what was erased'));
  addBackupCommands(program);
  return program;
}

const accountOption = () => new Option('--account <id>', 'account of 12 digits; needed when there are several');

function addKeyCommands(keys: Command): void {
  keys
    .command('create')
    .description('make an access key; its secret is shown once')
    .addOption(accountOption())
    .requiredOption('--user <name>', 'whose key; made when there is no such user')
    .option('--policy <name...>', `for a new user: ${readyMadeNames.join(', ')}, or your own`)
    .option('--project <id>', 'with --policy mobile-client: the one project it may use')
    .action((options) => createKey(readConfiguration(), options));
  keys
    .command('list')
    .description('keys and when they were last used')
    .addOption(accountOption())
    .action((options) => listKeys(readConfiguration(), options));
  keys
    .command('disable')
    .description('stop a key from working')
    .argument('<access-key-id>')
    .addOption(accountOption())
    .action((accessKeyId: string, options) => disableKey(readConfiguration(), accessKeyId, options));
}

function addUserCommands(users: Command): void {
  users
    .command('add')
    .description('add a user; asks for a password')
    .argument('<name>')
    .addOption(accountOption())
    .option('--policy <name...>', 'policies of the user', ['read-only'])
    .option('--password-file <file>', 'read the password from a file instead of asking')
    .action((name: string, options) => addUser(readConfiguration(), name, options));
}

function addAccountCommands(accounts: Command): void {
  accounts
    .command('list')
    .description('list accounts')
    .action(() => listAccounts(readConfiguration()));
  accounts
    .command('create')
    .description('make an account with an administrator and a key')
    .argument('<name>')
    .option('--id <id>', '12 digits, instead of random ones')
    .action((name: string, options) => addAccount(readConfiguration(), name, options));
  accounts
    .command('close')
    .description('close an account: nobody may enter it, nothing is sent, and after a while it is erased')
    .argument('<id>')
    .option('--confirm <id>', 'the id once more')
    .action((id: string, options) => closeAccount(readConfiguration(), id, options));
  accounts
    .command('reopen')
    .description('open a closed account again, as long as it is not being erased')
    .argument('<id>')
    .action((id: string) => reopenAccount(readConfiguration(), id));
  accounts
    .command('receipts')
    .description('receipts of projects and accounts that were erased, one JSON document a line')
    .option('--account <id>', 'of this account only')
    .action((options) => printReceipts(readConfiguration(), options, ['PROJECT', 'ACCOUNT']));
}

const projectOption = () => new Option('--project <id>', 'the project').makeOptionMandatory();
const bucketOption = () => new Option('--bucket <name>', 'where files lie meanwhile').default('repoint');

function addTransferCommands(program: Command): void {
  program
    .command('import')
    .description('import a CSV or newline JSON file, also as gzip')
    .argument('<file>', 'a local file, or s3://bucket/key')
    .addOption(projectOption())
    .option('--format <format>', 'csv or json; otherwise by the name of the file')
    .option('--segment <name>', 'make a segment of the rows')
    .addOption(bucketOption())
    .action((file: string, options) => importFile(readConfiguration(), file, options));
  program
    .command('export')
    .description('export endpoints as newline JSON')
    .addOption(projectOption())
    .option('--segment <id>', 'members of this segment only')
    .requiredOption('--out <file>', 'compressed when it ends in .gz')
    .addOption(bucketOption())
    .action((options) => exportFile(readConfiguration(), options));
  program
    .command('endpoints')
    .description('endpoints of people')
    .command('find')
    .description('whom an address or a user id belongs to')
    .addOption(projectOption())
    .option('--email <address>', 'an e-mail address, in any case')
    .option('--address <address>', 'any other address: a phone number, a device token')
    .option('--user <id>', 'a user id')
    .action((options) => findPeople(readConfiguration(), options));
}

function addArchiveCommands(program: Command): void {
  program
    .command('export-project')
    .description('write a whole project into one file: definitions, endpoints, events, counters; no secrets')
    .addOption(projectOption())
    .requiredOption('--out <file>', 'a .tar.gz file')
    .action((options) => exportProject(readConfiguration(), options));
  program
    .command('import-project')
    .description('make a project of such a file; its campaigns are paused')
    .argument('<file>')
    .addOption(accountOption())
    .option('--region <region>', 'where it is to be, if not where it was')
    .option('--name <name>', 'another name')
    .option('--new-id', 'another id, when the project is still there')
    .action((file: string, options) => importProject(readConfiguration(), file, options));
}

/** Whom it is about; each option may be given several times. */
function addPeopleOptions(command: Command): Command {
  return command
    .addOption(projectOption())
    .option('--email <address...>', 'an e-mail address, in any case')
    .option('--user <id...>', 'a user id')
    .option('--endpoint <id...>', 'an endpoint id')
    .option('--phone <number...>', 'a phone number, with its country code')
    .option('--device-token <token...>', 'the address of a device')
    .option('--sha256', 'what is given are SHA-256 of them, in hex');
}

function addPeopleCommands(program: Command): void {
  addPeopleOptions(program.command('erase').description('erase everything that is held on people; shows it first'))
    .addOption(new Option('--mode <mode>', 'what is done').choices(Object.keys(eraseModes)).default('erase'))
    .option('--dry-run', 'only show what is held')
    .option('--yes', 'do not ask')
    .option(
      '--now',
      'do not wait as long as the project is set to, and rewrite the files of an embedded database at once',
    )
    .option('--receipt <file>', 'where the receipt goes')
    .action((options) => erasePeople(readConfiguration(), options));
  const access = program.command('access').description('what is held on somebody, for themselves');
  addPeopleOptions(access.command('export').description('write it into a file: JSON and CSV'))
    .requiredOption('--out <file>', 'a .tar.gz file')
    .action((options) => exportPerson(readConfiguration(), options));
  access
    .command('list')
    .description('access requests of a project')
    .addOption(projectOption())
    .action((options) => listAccessRequests(readConfiguration(), options));
  access
    .command('delete')
    .description('remove an access request and its archive')
    .argument('<id>')
    .addOption(projectOption())
    .action((id: string, options) => deleteAccessRequest(readConfiguration(), id, options));
}

function addErasureCommands(erasure: Command): void {
  erasure
    .command('verify')
    .description('check receipts without a server: content, signature, and their order when there are several')
    .argument('<files...>', 'receipts as they were issued, byte for byte')
    .option('--public-key <key>', 'file with the public key of the server (PEM or JWK), or the key itself')
    .action((files: string[], options) => verifyReceipts(files, options));
  erasure
    .command('receipts')
    .description('receipts of everything that was erased, one JSON document a line')
    .option('--account <id>', 'of this account only')
    .option('--project <id>', 'of this project only, which may be gone')
    .option('--out <directory>', 'write each into a file of its own')
    .action((options) => printReceipts(readConfiguration(), options));
  erasure
    .command('check')
    .description('check all stored receipts: none changed, none replaced, none missing')
    .action(() => checkReceipts(readConfiguration()));
  erasure
    .command('key')
    .description('print the public key that receipts are signed with')
    .action(() => printReceiptKey(readConfiguration()));
}

function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('write the whole database into one file, while the server serves; the master key is not in it')
    .requiredOption('--out <file>', 'a .tar.zst file, or - for standard output')
    .option('--buckets', 'files of local buckets as well')
    .action((options) => backUp(readConfiguration(), options));
  program
    .command('scrub')
    .description('take erased rows out of the files of the embedded database now, instead of at night')
    .option('--all', 'rewrite everything that may hold people, not only where somebody was erased')
    .action((options) => scrub(readConfiguration(), options));
  program
    .command('restore')
    .description('load a backup into an empty database; what was erased since is erased again at the next start')
    .argument('<file>')
    .option('--replace', 'empty a database that is not empty')
    .action((file: string, options) => restore(readConfiguration(), file, options));
}

/** The settings as `--help` shows them. */
function describeSettings(): string {
  const lines = settings.map(({ name, describes, default: fallback }) => {
    return `  ${name.padEnd(28)}${describes}${fallback === undefined ? '' : ` [${fallback}]`}`;
  });
  return `\nSettings are environment variables:\n${lines.join('\n')}\n`;
}

function withProcesses(processes: string | undefined): NodeJS.ProcessEnv | undefined {
  if (processes === undefined) return undefined;
  // biome-ignore lint/style/noProcessEnv: a command line option overrides one variable for the configuration table
  return { ...process.env, REPOINT_PROCESSES: processes };
}
