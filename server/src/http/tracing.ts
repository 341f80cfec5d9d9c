/**
 * One span a request, through the OpenTelemetry API: free unless an exporter was started. Attributes name operation,
 * route template and project, never a URL (an endpoint id in it may be a phone number).
 */
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { OperationDefinition } from '../operations/definition.ts';

const tracer = trace.getTracer('repoint');

export interface TracedProgress {
  readonly definition?: OperationDefinition;
  readonly projectId?: string;
}

export function traceOperation<Result extends { status: number; errorCode?: string }>(
  progress: TracedProgress,
  work: () => Promise<Result>,
): Promise<Result> {
  const span = tracer.startSpan('request', { kind: SpanKind.SERVER });
  return span.isRecording() ? traced(span, progress, work) : work();
}

async function traced<Result extends { status: number; errorCode?: string }>(
  span: Span,
  progress: TracedProgress,
  work: () => Promise<Result>,
): Promise<Result> {
  const result = await work();
  span.updateName(progress.definition?.name ?? 'unknown operation');
  span.setAttributes({
    'http.request.method': progress.definition?.method,
    'http.route': progress.definition?.path,
    'http.response.status_code': result.status,
    'repoint.project_id': progress.projectId,
  });
  if (result.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: result.errorCode });
  span.end();
  return result;
}
