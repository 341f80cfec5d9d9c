/** Spans through the real OpenTelemetry SDK: what they say of a request, and what they must not. */
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { operations } from '../contract/operations.ts';
import { type TracedProgress, traceOperation } from './tracing.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
afterAll(() => provider.shutdown());
beforeEach(() => exporter.reset());

const spans = () =>
  exporter.getFinishedSpans().map(({ name, attributes, status }) => ({ name, attributes, code: status.code }));

it('a span names operation, route template and project, as they are known at the end', async () => {
  const progress: { -readonly [Key in keyof TracedProgress]: TracedProgress[Key] } = {};
  const result = await traceOperation(progress, async () => {
    progress.definition = operations.UpdateEndpoint;
    progress.projectId = 'abc';
    return { status: 202 };
  });
  expect(result).toEqual({ status: 202 });
  expect(spans()).toEqual([
    {
      name: 'UpdateEndpoint',
      attributes: {
        'http.request.method': 'PUT',
        'http.route': '/v1/apps/{application-id}/endpoints/{endpoint-id}',
        'http.response.status_code': 202,
        'repoint.project_id': 'abc',
      },
      code: SpanStatusCode.UNSET,
    },
  ]);
});

it('a span of a path that leads nowhere says nothing of the path', async () => {
  await traceOperation({}, async () => ({ status: 404, errorCode: 'NotFoundException' }));
  expect(spans()).toEqual([
    { name: 'unknown operation', attributes: { 'http.response.status_code': 404 }, code: SpanStatusCode.UNSET },
  ]);
});

it('faults of the server are errors of the span', async () => {
  await traceOperation({ definition: operations.GetApp }, async () => ({
    status: 500,
    errorCode: 'InternalServerErrorException',
  }));
  expect(spans()[0]?.code).toBe(SpanStatusCode.ERROR);
});
