/** A command to copy: how the same thing is done in a terminal. */
import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import './command-line.css';

export function CommandLine({ command }: { readonly command: string }) {
  return (
    <div className="command-line">
      <Box variant="code">
        <span className="command-line-text">{command}</span>
      </Box>
      <CopyToClipboard
        variant="icon"
        copyButtonAriaLabel="Copy the command"
        copySuccessText="Copied"
        copyErrorText="This browser did not allow copying"
        textToCopy={command}
      />
    </div>
  );
}

/** A `aws pinpoint` command pointed at this server, one option per line. */
export function awsCommand(operation: string, region: string, ...options: readonly string[]): string {
  const common = [`--endpoint-url ${window.location.origin}`, `--region ${region}`];
  return [`aws pinpoint ${operation}`, ...common, ...options].join(' \\\n  ');
}
