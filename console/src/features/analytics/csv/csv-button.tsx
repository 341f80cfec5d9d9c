/** Saves a table as CSV: made in the browser out of what is shown, so nothing is asked of the server again. */
import { DownloadButton } from '../../../ui/download-button.tsx';

export interface CsvButtonProps {
  /** Without `.csv`. */
  readonly name: string;
  readonly content: () => string;
  readonly disabled?: boolean;
  /** What is in it, where a page has several. */
  readonly of: string;
}

export function CsvButton({ name, content, of, disabled = false }: CsvButtonProps) {
  return (
    <DownloadButton
      text="Download CSV"
      label={`Download CSV: ${of}`}
      fileName={`${name}.csv`}
      disabled={disabled}
      content={() => new Blob([content()], { type: 'text/csv;charset=utf-8' })}
    />
  );
}
