/** The `repoint` command: one line a command; each has its own file. */
import { Command, Option } from 'commander';
import { readyMadeNames } from '../domains/accounts/index.ts';
import { readConfiguration, settings } from '../kernel/configuration.ts';
import { version } from '../kernel/version.ts';
import { eraseModes } from './erase-modes.ts';
import { tellUnexpectedFaults } from './unexpected-faults.ts';

/** Loaded when they are called: a command waits for what it needs, not for the whole server. */
const commands = {
  access: () => import('./access.ts'),
  accounts: () => import('./accounts.ts'),
  archives: () => import('./archives.ts'),
  backup: () => import('./backup.ts'),
  doctor: () => import('./doctor.ts'),
  endpoints: () => import('./endpoints.ts'),
  erase: () => import('./erase.ts'),
  erasureReceipts: () => import('./erasure-receipts.ts'),
  export: () => import('./export.ts'),
  import: () => import('./import.ts'),
  keys: () => import('./keys.ts'),
  migrate: () => import('./migrate.ts'),
  restore: () => import('./restore.ts'),
  scrub: () => import('./scrub.ts'),
  serve: () => import('./serve.ts'),
  users: () => import('./users.ts'),
};

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
    .action(async (options: { processes?: string }) =>
      (await commands.serve()).serve(readConfiguration(withProcesses(options.processes))),
    );
  program
    .command('migrate')
    .description('bring the database to this version and exit')
    .action(async () => (await commands.migrate()).migrate(readConfiguration()));
  program
    .command('doctor')
    .description('check everything an operator would be asked about')
    .action(async () => (await commands.doctor()).doctor());
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
    .action(async (options) => (await commands.keys()).createKey(readConfiguration(), options));
  keys
    .command('list')
    .description('keys and when they were last used')
    .addOption(accountOption())
    .action(async (options) => (await commands.keys()).listKeys(readConfiguration(), options));
  keys
    .command('disable')
    .description('stop a key from working')
    .argument('<access-key-id>')
    .addOption(accountOption())
    .action(async (accessKeyId: string, options) =>
      (await commands.keys()).disableKey(readConfiguration(), accessKeyId, options),
    );
}

function addUserCommands(users: Command): void {
  users
    .command('add')
    .description('add a user; asks for a password')
    .argument('<name>')
    .addOption(accountOption())
    .option('--policy <name...>', 'policies of the user', ['read-only'])
    .option('--password-file <file>', 'read the password from a file instead of asking')
    .action(async (name: string, options) => (await commands.users()).addUser(readConfiguration(), name, options));
}

function addAccountCommands(accounts: Command): void {
  accounts
    .command('list')
    .description('list accounts')
    .action(async () => (await commands.accounts()).listAccounts(readConfiguration()));
  accounts
    .command('create')
    .description('make an account with an administrator and a key')
    .argument('<name>')
    .option('--id <id>', '12 digits, instead of random ones')
    .action(async (name: string, options) =>
      (await commands.accounts()).addAccount(readConfiguration(), name, options),
    );
  accounts
    .command('close')
    .description('close an account: nobody may enter it, nothing is sent, and after a while it is erased')
    .argument('<id>')
    .option('--confirm <id>', 'the id once more')
    .action(async (id: string, options) => (await commands.accounts()).closeAccount(readConfiguration(), id, options));
  accounts
    .command('reopen')
    .description('open a closed account again, as long as it is not being erased')
    .argument('<id>')
    .action(async (id: string) => (await commands.accounts()).reopenAccount(readConfiguration(), id));
  accounts
    .command('receipts')
    .description('receipts of projects and accounts that were erased, one JSON document a line')
    .option('--account <id>', 'of this account only')
    .action(async (options) =>
      (await commands.erasureReceipts()).printReceipts(readConfiguration(), options, ['PROJECT', 'ACCOUNT']),
    );
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
    .action(async (file: string, options) => (await commands.import()).importFile(readConfiguration(), file, options));
  program
    .command('export')
    .description('export endpoints as newline JSON')
    .addOption(projectOption())
    .option('--segment <id>', 'members of this segment only')
    .requiredOption('--out <file>', 'compressed when it ends in .gz')
    .addOption(bucketOption())
    .action(async (options) => (await commands.export()).exportFile(readConfiguration(), options));
  program
    .command('endpoints')
    .description('endpoints of people')
    .command('find')
    .description('whom an address or a user id belongs to')
    .addOption(projectOption())
    .option('--email <address>', 'an e-mail address, in any case')
    .option('--address <address>', 'any other address: a phone number, a device token')
    .option('--user <id>', 'a user id')
    .action(async (options) => (await commands.endpoints()).findPeople(readConfiguration(), options));
}

function addArchiveCommands(program: Command): void {
  program
    .command('export-project')
    .description('write a whole project into one file: definitions, endpoints, events, counters; no secrets')
    .addOption(projectOption())
    .requiredOption('--out <file>', 'a .tar.gz file')
    .action(async (options) => (await commands.archives()).exportProject(readConfiguration(), options));
  program
    .command('import-project')
    .description('make a project of such a file; its campaigns are paused')
    .argument('<file>')
    .addOption(accountOption())
    .option('--region <region>', 'where it is to be, if not where it was')
    .option('--name <name>', 'another name')
    .option('--new-id', 'another id, when the project is still there')
    .action(async (file: string, options) =>
      (await commands.archives()).importProject(readConfiguration(), file, options),
    );
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
    .action(async (options) => (await commands.erase()).erasePeople(readConfiguration(), options));
  const access = program.command('access').description('what is held on somebody, for themselves');
  addPeopleOptions(access.command('export').description('write it into a file: JSON and CSV'))
    .requiredOption('--out <file>', 'a .tar.gz file')
    .action(async (options) => (await commands.access()).exportPerson(readConfiguration(), options));
  access
    .command('list')
    .description('access requests of a project')
    .addOption(projectOption())
    .action(async (options) => (await commands.access()).listAccessRequests(readConfiguration(), options));
  access
    .command('delete')
    .description('remove an access request and its archive')
    .argument('<id>')
    .addOption(projectOption())
    .action(async (id: string, options) =>
      (await commands.access()).deleteAccessRequest(readConfiguration(), id, options),
    );
}

function addErasureCommands(erasure: Command): void {
  erasure
    .command('verify')
    .description('check receipts without a server: content, signature, and their order when there are several')
    .argument('<files...>', 'receipts as they were issued, byte for byte')
    .option('--public-key <key>', 'file with the public key of the server (PEM or JWK), or the key itself')
    .action(async (files: string[], options) => (await commands.erasureReceipts()).verifyReceipts(files, options));
  erasure
    .command('receipts')
    .description('receipts of everything that was erased, one JSON document a line')
    .option('--account <id>', 'of this account only')
    .option('--project <id>', 'of this project only, which may be gone')
    .option('--out <directory>', 'write each into a file of its own')
    .action(async (options) => (await commands.erasureReceipts()).printReceipts(readConfiguration(), options));
  erasure
    .command('check')
    .description('check all stored receipts: none changed, none replaced, none missing')
    .action(async () => (await commands.erasureReceipts()).checkReceipts(readConfiguration()));
  erasure
    .command('key')
    .description('print the public key that receipts are signed with')
    .action(async () => (await commands.erasureReceipts()).printReceiptKey(readConfiguration()));
}

function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('write the whole database into one file, while the server serves; the master key is not in it')
    .requiredOption('--out <file>', 'a .tar.zst file, or - for standard output')
    .option('--buckets', 'files of local buckets as well')
    .action(async (options) => (await commands.backup()).backUp(readConfiguration(), options));
  program
    .command('scrub')
    .description('take erased rows out of the files of the embedded database now, instead of at night')
    .option('--all', 'rewrite everything that may hold people, not only where somebody was erased')
    .action(async (options) => (await commands.scrub()).scrub(readConfiguration(), options));
  program
    .command('restore')
    .description('load a backup into an empty database; what was erased since is erased again at the next start')
    .argument('<file>')
    .option('--replace', 'empty a database that is not empty')
    .action(async (file: string, options) => (await commands.restore()).restore(readConfiguration(), file, options));
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
