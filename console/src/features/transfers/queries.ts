/** What pages about imports and exports ask and change. */
import { CreateImportJobCommand } from '@aws-sdk/client-pinpoint';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { type CsvPlan, readParts } from './file-parts.ts';

export interface ImportPlan {
  readonly file: File;
  /** Undefined for JSON. */
  readonly csv: CsvPlan | undefined;
  readonly segmentName: string | undefined;
  readonly registerEndpoints: boolean;
}

/** The API asks for a role, since Pinpoint read buckets of its customers; here it is only shown. */
export function roleArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/console`;
}

/** Uploads the file part by part, then begins the import. `share` is how much of the file is there, from 0 to 1. */
export function useStartImport() {
  const { repoint, pinpoint, session, scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const [share, setShare] = useState(0);
  const start = useMutation({
    mutationFn: async ({ file, csv, segmentName, registerEndpoints }: ImportPlan): Promise<string> => {
      setShare(0);
      const gzipped = /\.gz$/i.test(file.name);
      const FileName = file.name.replace(/\.gz$/i, '');
      let upload: { readonly UploadId: string; readonly FolderUrl: string } | undefined;
      for await (const { firstLine, content, bytesRead } of readParts(file, csv, { gzipped })) {
        // The first part of a file has its name alone; the others say where they begin.
        const FirstLine = upload === undefined ? 1 : firstLine;
        upload = await repoint.send('UploadFile', {
          ApplicationId: projectId,
          UploadFileRequest: {
            ...{ FileName, FirstLine, Content: content },
            ...(upload !== undefined && { UploadId: upload.UploadId }),
          },
        });
        setShare(bytesRead / file.size);
      }
      if (upload === undefined) throw new Error('There are no rows in the file.');
      const answer = await pinpoint.send(
        new CreateImportJobCommand({
          ApplicationId: projectId,
          ImportJobRequest: {
            Format: csv === undefined ? 'JSON' : 'CSV',
            S3Url: upload.FolderUrl,
            RoleArn: roleArn(session.AccountId),
            RegisterEndpoints: registerEndpoints,
            DefineSegment: segmentName !== undefined,
            ...(segmentName !== undefined && { SegmentName: segmentName }),
          },
        }),
      );
      return answer.ImportJobResponse?.Id ?? '';
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: scope }),
  });
  return { start, share };
}
