/** A button that gives a file to the browser: by a link that is signed when it is wanted, or of what the page has. */
import Button from '@cloudscape-design/components/button';
import { useMutation } from '@tanstack/react-query';
import { openLink } from '../api/repoint.ts';
import { ErrorAlert } from './error-alert.tsx';

export interface DownloadButtonProps {
  readonly text?: string;
  /** For those who do not see where the button stands. */
  readonly label?: string;
  /** As the server names it when left out. */
  readonly fileName?: string;
  readonly href?: () => Promise<string>;
  readonly content?: () => Blob;
  readonly disabled?: boolean;
  readonly onDone?: () => void;
}

/** Where a download fails, the page would show nothing: what the server refuses is said before the browser takes over. */
async function askedFor(href: DownloadButtonProps['href']): Promise<string | undefined> {
  const url = await href?.();
  if (url === undefined || !isSignedLink(url)) return url;
  const controller = new AbortController();
  await openLink(url, controller.signal);
  controller.abort();
  return url;
}

/** Others may count how often they were followed. */
const isSignedLink = (url: string) => url.startsWith('/repoint/v1/');

export function DownloadButton({
  text = 'Download',
  label,
  fileName = '',
  href,
  content,
  disabled = false,
  onDone,
}: DownloadButtonProps) {
  const download = useMutation({
    mutationFn: async () => {
      const link = document.createElement('a');
      const url = content === undefined ? undefined : URL.createObjectURL(content());
      link.href = url ?? (await askedFor(href)) ?? '';
      link.download = fileName;
      link.click();
      // Some browsers read it only after the click.
      if (url !== undefined) setTimeout(() => URL.revokeObjectURL(url), 60_000);
      onDone?.();
    },
  });
  return (
    <>
      <Button
        iconName="download"
        wrapText={false}
        disabled={disabled}
        ariaLabel={label ?? text}
        loading={download.isPending}
        onClick={() => download.mutate()}
      >
        {text}
      </Button>
      {download.error ? <ErrorAlert error={download.error} /> : null}
    </>
  );
}
