/** A text people copy elsewhere, such as an id or an ARN. */
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

export function Copyable({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      wrapText
      copyButtonAriaLabel={`Copy ${label}`}
      copySuccessText="Copied"
      copyErrorText="This browser did not allow copying"
    />
  );
}
