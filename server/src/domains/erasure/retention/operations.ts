/** Rules about how long a project keeps what it has, and what they would take (ours, E25). */
import type { RetentionRule as Shown } from '../../../contract/repoint-types.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import type { Handlers } from '../../../operations/call.ts';
import type { ErasureParts } from '../parts.ts';
import { momentOf } from './moment.ts';
import { previewRetention } from './run.ts';
import { type DataClass, dataClasses, deleteRule, listRules, type RetentionRule, writeRule } from './store.ts';

export function retentionOperations(
  parts: ErasureParts,
): Handlers<'GetRetentionRules' | 'UpdateRetentionRule' | 'DeleteRetentionRule' | 'PreviewRetention'> {
  const { database } = parts;
  return {
    async GetRetentionRules(_input, { project }) {
      return { Item: (await listRules(database.query, project.number)).map(show) };
    },

    async UpdateRetentionRule({ DataClass: given, WriteRetentionRuleRequest: { Days } }, call) {
      const rule = { dataClass: readClass(given), days: Days, lastModifiedAt: call.now };
      await call.transaction((tx) => writeRule(tx, call.project.number, rule));
      return show(rule);
    },

    async DeleteRetentionRule({ DataClass: given }, call) {
      const rule = await call.transaction((tx) => deleteRule(tx, call.project.number, given));
      if (rule === undefined) throw notFound();
      return show(rule);
    },

    async PreviewRetention({ RetentionPreviewRequest: { DataClass: dataClass, Days } }, { project, now }) {
      const before = momentOf({ days: Days }, now);
      const scope = { accountId: project.accountId, projectNumber: project.number };
      const counts = await previewRetention(parts, scope, { dataClass, before });
      return {
        ...{ DataClass: dataClass, Before: toTimestamp(before) },
        Locations: [...counts].map(([Name, Found]) => ({ Name, Found })),
      };
    },
  };
}

function readClass(text: string): DataClass {
  const known = dataClasses.find((dataClass) => dataClass === text);
  if (known === undefined) throw badRequest(`data-class must be one of ${dataClasses.join(', ')}`);
  return known;
}

function show({ dataClass, days, lastModifiedAt }: RetentionRule): Shown {
  return { DataClass: dataClass, Days: days, LastModifiedDate: toTimestamp(lastModifiedAt) };
}
