/** Saves a table as CSV: made in the browser out of what is shown, so nothing is asked of the server again. */
import Button from '@cloudscape-design/components/button';

export interface DownloadButtonProps {
  /** Without `.csv`. */
  readonly name: string;
  readonly content: () => string;
  readonly disabled?: boolean;
  /** What is in it, where a page has several. */
  readonly of: string;
}

export function DownloadButton({ name, content, of, disabled = false }: DownloadButtonProps) {
  return (
    <Button
      iconName="download"
      disabled={disabled}
      ariaLabel={`Download CSV: ${of}`}
      onClick={() => save(`${name}.csv`, content())}
    >
      Download CSV
    </Button>
  );
}

function save(fileName: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
