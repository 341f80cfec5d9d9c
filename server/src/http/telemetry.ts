/**
 * Starts OpenTelemetry's exporter when an OTLP endpoint is configured; its packages are not even loaded otherwise.
 * Endpoint, headers and service name come from the standard `OTEL_*` variables, which the exporter reads itself.
 */
import type { Service } from '../kernel/service.ts';

export function createTelemetry(version: string): Service {
  let shutdown = async () => {};
  let flush = async () => {};
  return {
    name: 'telemetry',
    async run() {
      const [
        { BatchSpanProcessor, NodeTracerProvider },
        { OTLPTraceExporter },
        { defaultResource, resourceFromAttributes },
      ] = await Promise.all([
        import('@opentelemetry/sdk-trace-node'),
        import('@opentelemetry/exporter-trace-otlp-http'),
        import('@opentelemetry/resources'),
      ]);
      const named = resourceFromAttributes({ 'service.name': 'repoint', 'service.version': version });
      const provider = new NodeTracerProvider({
        resource: named.merge(defaultResource()),
        spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
      });
      provider.register();
      flush = () => provider.forceFlush();
      shutdown = () => provider.shutdown();
    },
    drain: () => flush(),
    stop: () => shutdown(),
  };
}
