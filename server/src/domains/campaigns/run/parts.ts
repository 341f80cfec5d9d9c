/** What those who send for campaigns are given. */
import type { Database, Notifications } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { OutgoingHttp } from '../../../outgoing/http.ts';
import type { LambdaFunctions } from '../../../outgoing/lambda.ts';
import type { Providers } from '../../channels/index.ts';
import type { Messaging } from '../../messaging/index.ts';
import type { TemplateLookup } from '../../templates/index.ts';

export interface RunParts {
  readonly database: Database;
  readonly notifications: Notifications;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly providers: Providers;
  readonly messaging: Messaging;
  readonly templates: TemplateLookup;
  /** Of hooks. */
  readonly http: OutgoingHttp;
  readonly lambda: LambdaFunctions;
}
