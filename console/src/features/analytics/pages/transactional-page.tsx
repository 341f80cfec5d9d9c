/** Transactional messages, e-mail and SMS: those that no campaign sent (dossier/events-journeys-console §4.8). */
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import type {
  TransactionalEmailDay,
  TransactionalEmailReport,
  TransactionalSmsDay,
  TransactionalSmsReport,
} from '../../../../../server/src/contract/repoint-types.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { useTabInAddress } from '../../../ui/tab-in-address.ts';
import { AnalyticsFrame } from '../analytics-frame.tsx';
import { FigureCard, FigureCards } from '../charts/figure-cards.tsx';
import { asCount, asQuotient, asRate, asSpend, type Figure, showChange } from '../figures/figure.ts';
import { DayTable, ReportTable } from '../figures/report-table.tsx';
import { isNothing, NoEvents } from '../no-events.tsx';
import { type RangeInAddress, useRange } from '../period/use-range.ts';
import { useReport } from '../queries.ts';

const noMessages = 'No message was sent through the API on these days. Send one under Test messaging, or an event:';

export function TransactionalPage() {
  const days = useRange();
  const [tab, openTab] = useTabInAddress('email');
  return (
    <AnalyticsFrame
      title="Transactional messages"
      description="Messages sent one by one through the API, without those of campaigns. Rates are averages of daily rates."
      days={days}
    >
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => openTab(detail.activeTabId)}
        ariaLabel="Channel"
        tabs={[
          { id: 'email', label: 'E-mail', content: tab === 'email' ? <Email days={days} /> : null },
          { id: 'sms', label: 'SMS', content: tab === 'sms' ? <Sms days={days} /> : null },
        ]}
      />
    </AnalyticsFrame>
  );
}

const bounces: readonly [Figure<TransactionalEmailDay>, ...Figure<TransactionalEmailDay>[]] = [
  { id: 'SoftBounces', title: 'Soft bounces', show: asCount, adds: true },
  { id: 'HardBounces', title: 'Hard bounces', show: asCount, adds: true },
  { id: 'Complaints', title: 'Complaints', show: asCount, adds: true },
];

const mails: readonly Figure<TransactionalEmailDay>[] = [
  { id: 'Sends', title: 'Sent', show: asCount, adds: true },
  { id: 'Deliveries', title: 'Delivered', show: asCount, adds: true, about: 'Neither bounced nor rejected' },
  { id: 'DeliveryRate', title: 'Delivery rate', show: asRate },
  { id: 'Opens', title: 'Opened', show: asCount, adds: true, about: 'Again and again within an hour is once' },
  { id: 'Clicks', title: 'Clicked', show: asCount, adds: true, about: 'Again and again within an hour is once' },
  { id: 'UniqueOpens', title: 'Recipients who opened', show: asCount },
  { id: 'UniqueClicks', title: 'Recipients who clicked', show: asCount },
  { id: 'BounceRate', title: 'Bounce rate', show: asRate },
  { id: 'ComplaintRate', title: 'Complaint rate', show: asRate },
];

function Email({ days }: { readonly days: RangeInAddress }) {
  const query = useReport('GetTransactionalEmailReport', { asked: days.asked, further: {} });
  return <Loaded query={query}>{(report) => <EmailFigures report={report} />}</Loaded>;
}

function EmailFigures({ report }: { readonly report: TransactionalEmailReport }) {
  if (isNothing(report.Days)) return <NoEvents>{noMessages}</NoEvents>;
  return (
    <SpaceBetween size="l">
      <FigureCards report={report} figures={mails} />
      <FigureCard report={report} title="Bounces and complaints" figures={bounces} />
      <DayTable days={report.Days} figures={[...mails, ...bounces]} name="transactional_email" />
    </SpaceBetween>
  );
}

const texts: readonly Figure<TransactionalSmsDay>[] = [
  { id: 'Sends', title: 'Sent', show: asCount, adds: true },
  { id: 'Parts', title: 'Message parts sent', show: asCount, adds: true, about: 'A long message is several parts' },
  { id: 'Deliveries', title: 'Delivered', show: asCount, adds: true, about: 'By what carriers confirmed' },
  { id: 'DeliveryRate', title: 'Delivery rate', show: asRate },
];

function Sms({ days }: { readonly days: RangeInAddress }) {
  const query = useReport('GetTransactionalSmsReport', { asked: days.asked, further: {} });
  return <Loaded query={query}>{(report) => <SmsFigures report={report} />}</Loaded>;
}

function SmsFigures({ report }: { readonly report: TransactionalSmsReport }) {
  if (isNothing(report.Days)) return <NoEvents>{noMessages}</NoEvents>;
  return (
    <SpaceBetween size="l">
      <FigureCards report={report} figures={texts} />
      <ReportTable
        title="By country"
        rows={report.Countries}
        columns={[
          { id: 'Country', header: 'Country', value: ({ Country }) => Country },
          { id: 'Sends', header: 'Sent', value: ({ Sends }) => Sends },
          { id: 'Parts', header: 'Message parts', value: ({ Parts }) => Parts },
          { id: 'Deliveries', header: 'Delivered', value: ({ Deliveries }) => Deliveries },
          {
            ...{ id: 'Price', header: 'Average price per part (USD)' },
            value: ({ AveragePricePerPart: price }) => (price === undefined ? undefined : price / 100_000),
            cell: ({ AveragePricePerPart: price }) => (price === undefined ? '–' : asSpend(price)),
          },
        ]}
        idOf={({ Country }) => Country}
        fileName={`transactional_sms_countries_${report.StartDate}_${report.EndDate}`}
        empty="No country"
      />
      <ReportTable
        title="Errors of delivery"
        rows={report.Errors}
        columns={[
          { id: 'Error', header: 'Error', value: ({ Error: error }) => error },
          { id: 'Total', header: 'Total', value: ({ Total }) => Total },
          {
            ...{ id: 'AveragePerDay', header: 'Average per day' },
            value: ({ AveragePerDay }) => AveragePerDay,
            cell: ({ AveragePerDay }) => asQuotient(AveragePerDay),
          },
          {
            ...{ id: 'Change', header: 'Change over the period' },
            value: ({ Change }) => Change,
            cell: ({ Change }) => showChange(Change),
          },
        ]}
        idOf={({ Error: error }) => error}
        fileName={`transactional_sms_errors_${report.StartDate}_${report.EndDate}`}
        empty="Nothing failed on these days"
      />
      <DayTable days={report.Days} figures={texts} name="transactional_sms" />
    </SpaceBetween>
  );
}
