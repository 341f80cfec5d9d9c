/** Revenue: what was bought, in one currency at a time (dossier/events-journeys-console §4.3). */
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { RevenueDay, RevenueReport } from '../../../../../server/src/contract/repoint-types.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { useParameterInAddress } from '../../../ui/parameter-in-address.ts';
import { AnalyticsFrame } from '../analytics-frame.tsx';
import { FigureCards } from '../charts/figure-cards.tsx';
import { asCount, asQuotient, type Figure, moneyIn } from '../figures/figure.ts';
import { DayTable } from '../figures/report-table.tsx';
import { EndpointFilter, useEndpointFilter } from '../filters/endpoint-filter.tsx';
import { isNothing, NoEvents } from '../no-events.tsx';
import { useRange } from '../period/use-range.ts';
import { useReport } from '../queries.ts';
import { FilteredRevenue } from './filtered-revenue.tsx';

const usualCurrency = 'USD';

function figuresIn(currency: string): readonly Figure<RevenueDay>[] {
  const money = moneyIn(currency);
  return [
    { id: 'Revenue', title: 'Revenue', show: money, adds: true },
    { id: 'RevenuePerEndpoint', title: 'Revenue per active endpoint', show: money },
    { id: 'PayingUsers', title: 'Paying users', show: asCount, about: 'Bought something that day, in any currency' },
    { id: 'RevenuePerPayingUser', title: 'Revenue per paying user', show: money },
    { id: 'UnitsSold', title: 'Units sold', show: asCount, adds: true },
    { id: 'UnitsSoldPerEndpoint', title: 'Units sold per active endpoint', show: asQuotient },
    { id: 'Purchases', title: 'Purchases', show: asCount, adds: true },
    { id: 'PurchasesPerEndpoint', title: 'Purchases per buying endpoint', show: asQuotient },
  ];
}

export function RevenuePage() {
  const days = useRange();
  const [chosen, choose] = useParameterInAddress('currency');
  const currency = chosen === '' ? usualCurrency : chosen;
  const filter = useEndpointFilter();
  const revenue = useReport('GetRevenueReport', { asked: days.asked, further: { Currency: currency } });
  return (
    <AnalyticsFrame
      title="Revenue"
      description="What events of purchases told: _monetization.purchase with price, quantity and currency."
      days={days}
      actions={<Currencies report={revenue.data} chosen={currency} onChange={choose} />}
    >
      <EndpointFilter />
      {filter === undefined ? (
        <Loaded query={revenue}>{(report) => <Figures report={report} />}</Loaded>
      ) : (
        <FilteredRevenue asked={days.asked} filter={filter} currency={currency} />
      )}
    </AnalyticsFrame>
  );
}

function Figures({ report }: { readonly report: RevenueReport }) {
  const figures = figuresIn(report.Currency);
  if (isNothing(report.Days)) return <NoEvents />;
  return (
    <SpaceBetween size="l">
      <FigureCards report={report} figures={figures} />
      <DayTable days={report.Days} figures={figures} name={`revenue_${report.Currency}`} />
    </SpaceBetween>
  );
}

interface CurrenciesProps {
  readonly report: RevenueReport | undefined;
  readonly chosen: string;
  readonly onChange: (currency: string) => void;
}

function Currencies({ report, chosen, onChange }: CurrenciesProps) {
  const options = [...new Set([chosen, ...(report?.Currencies ?? [])])].map((value) => ({ value }));
  if (options.length === 1) return null;
  return (
    <Select
      selectedOption={{ value: chosen }}
      options={options}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? chosen)}
      ariaLabel="Currency"
    />
  );
}
